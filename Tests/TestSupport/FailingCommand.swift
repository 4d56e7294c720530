/// A command line, split at blanks, that fails and says why.
public struct FailingCommand: Hashable, Sendable, CustomStringConvertible {
  public let line: String
  public let status: Int32
  /// A part of stderr.
  public let message: String
  public var description: String { line }

  public init(_ line: String, _ status: Int32, _ message: String) {
    (self.line, self.status, self.message) = (line, status, message)
  }
}
