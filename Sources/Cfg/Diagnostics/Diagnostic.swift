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
/// Problems are made by the factory functions in `Problems/`, so that every text is in one place.
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

  /// The same problem, judged otherwise.
  public func with(_ severity: Severity) -> Problem {
    Problem(code, severity, message, help: help)
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

  /// The same diagnostic, judged otherwise.
  public func with(_ severity: Severity) -> Diagnostic {
    Diagnostic(problem.with(severity), at: location, sourceLine: sourceLine)
  }
}

extension Diagnostic: CustomStringConvertible {
  /// `file:line:column: error: …`, the source line with a caret, and `help: …`.
  public var description: String { DiagnosticText(isColored: false).text(of: self) }
}

/// All that is wrong with a file that cannot be run, in line order.
public struct CfgError: Error, Hashable, Sendable {
  public let diagnostics: [Diagnostic]

  public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
}

extension CfgError: CustomStringConvertible {
  public var description: String {
    DiagnosticText(isColored: false).texts(of: diagnostics).joined(separator: "\n")
  }
}
