import PenumbraSupport

/// A stretch of one line of a cfg file.
///
/// Lines and columns count from 1; a column is a Unicode scalar, as editors show it.
public struct SourceLocation: Hashable, Sendable, Codable {
  public let file: String
  public let line: Int
  public let column: Int
  /// How many columns the stretch covers, at least 1.
  public let length: Int

  public init(file: String, line: Int, column: Int, length: Int = 1) {
    self.file = file
    self.line = line
    self.column = column
    self.length = max(1, length)
  }
}

extension SourceLocation: CustomStringConvertible {
  /// `file:line:column`, a form that editors and CI logs can link.
  public var description: String { "\(file.shownPath):\(line):\(column)" }
}
