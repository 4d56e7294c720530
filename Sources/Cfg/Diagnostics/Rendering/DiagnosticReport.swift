/// How many problems of each severity there are.
public struct DiagnosticCounts: Hashable, Sendable, Codable {
  public var errors = 0
  public var warnings = 0
  public var notes = 0

  public init(errors: Int = 0, warnings: Int = 0, notes: Int = 0) {
    (self.errors, self.warnings, self.notes) = (errors, warnings, notes)
  }

  public init(_ diagnostics: [Diagnostic]) {
    for diagnostic in diagnostics {
      switch diagnostic.severity {
      case .error: errors += 1
      case .warning: warnings += 1
      case .note: notes += 1
      }
    }
  }
}

extension DiagnosticCounts: CustomStringConvertible {
  /// `2 errors, 1 warning, 0 notes`.
  public var description: String {
    func text(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
    return [text(errors, "error"), text(warnings, "warning"), text(notes, "note")]
      .joined(separator: ", ")
  }
}

/// What `penumbra lint --json` prints: every problem of every file, and counts.
public struct DiagnosticReport: Hashable, Sendable, Codable {
  public struct Item: Hashable, Sendable, Codable {
    public let file: String
    /// Counted from 1.
    public let line: Int
    /// Counted from 1, in Unicode scalars.
    public let column: Int
    /// Columns that the problem covers, at least 1.
    public let length: Int
    public let severity: Severity
    public let code: Problem.Code
    public let message: String
    public let help: String?
  }

  /// The files checked, in the order given.
  public let files: [String]
  /// By file, then by line.
  public let diagnostics: [Item]
  public let counts: DiagnosticCounts

  public init(files: [String], diagnostics: [Diagnostic]) {
    self.files = files
    self.diagnostics = diagnostics.map {
      Item(
        file: $0.location.file, line: $0.location.line, column: $0.location.column,
        length: $0.location.length, severity: $0.severity, code: $0.problem.code,
        message: $0.problem.message, help: $0.problem.help)
    }
    counts = DiagnosticCounts(diagnostics)
  }
}
