/// What was found out about one network.
public struct NetworkReport: Sendable, Encodable {
  /// The path below the folder.
  public let name: String
  public var layers = 0
  public var input = ""
  /// The size at which it was run, `width×height`.
  public var run = ""
  public var parameters = 0
  public var bflops = 0.0
  public var warnings = 0
  public var notes = 0
  public var outputs: [BackendReport] = []
  /// How much slower than recorded the slowest backend is, as a share; nil where it was not timed.
  public var slowdown: Double?
  /// What was looked at.
  public var checks: [Difference.Check] = []
  public var differences: [Difference] = []
  /// Of all that was done about it.
  public var seconds = 0.0

  public struct BackendReport: Sendable, Encodable {
    public let backend: String
    /// In units of the tolerance.
    public let worstError: Double
    public let worstLayer: Int?
    public let milliseconds: Double

    enum CodingKeys: String, CodingKey {
      case backend, milliseconds
      case worstError = "worst_error"
      case worstLayer = "worst_layer"
    }
  }

  public init(name: String) { self.name = name }

  public var passes: Bool { differences.isEmpty }
}
