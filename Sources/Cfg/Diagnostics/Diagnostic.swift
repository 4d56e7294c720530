/// How much harm a mistake does.
public enum Severity: String, Hashable, Sendable, Codable, Comparable {
  /// Worth knowing; nothing is wrong.
  case note
  /// The file runs, but probably not as its author believes.
  case warning
  /// The file cannot be run.
  case error

  public static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }

  private var rank: Int {
    switch self {
    case .note: 0
    case .warning: 1
    case .error: 2
    }
  }
}

/// What is wrong and what to write instead; the same mistake has the same code wherever it stands.
///
/// Problems are made by the factory functions beside the codes, so that every text is in one place.
public struct Problem: Hashable, Sendable {
  public let code: Code
  public let severity: Severity
  /// What was found and what was expected, without a full stop.
  public let message: String
  /// What to write instead.
  public let help: String?

  public init(_ code: Code, _ severity: Severity, _ message: String, help: String? = nil) {
    self.code = code
    self.severity = severity
    self.message = message
    self.help = help
  }
}

/// A problem with its place, and the line it stands on.
public struct Diagnostic: Hashable, Sendable {
  public let problem: Problem
  public let location: SourceLocation
  /// The line as it stands in the file, for the caret.
  public let sourceLine: String

  public init(_ problem: Problem, at location: SourceLocation, sourceLine: String) {
    self.problem = problem
    self.location = location
    self.sourceLine = sourceLine
  }

  public var severity: Severity { problem.severity }
}

extension Diagnostic: CustomStringConvertible {
  /// `file:line:column: error: …`, the source line with a caret, and `help: …`.
  public var description: String {
    var text = "\(location): \(severity.rawValue): \(problem.message) [\(problem.code.rawValue)]"
    if !sourceLine.isEmpty { text += "\n" + excerpt }
    if let help = problem.help { text += "\nhelp: \(help)" }
    return text
  }

  /// The line and a caret under the stretch meant; tabs are kept so that both lines align.
  private var excerpt: String {
    let before = sourceLine.unicodeScalars.prefix(location.column - 1)
    let margin = String(String.UnicodeScalarView(before.map { $0 == "\t" ? "\t" : " " }))
    let rest = max(1, sourceLine.unicodeScalars.count - location.column + 1)
    let underline = "^" + String(repeating: "~", count: min(location.length, rest) - 1)
    return "  \(sourceLine)\n  \(margin)\(underline)"
  }
}

/// All that is wrong with a file that cannot be run, in line order.
public struct CfgError: Error, Hashable, Sendable {
  public let diagnostics: [Diagnostic]

  public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
}

extension CfgError: CustomStringConvertible {
  public var description: String { diagnostics.map(\.description).joined(separator: "\n") }
}
