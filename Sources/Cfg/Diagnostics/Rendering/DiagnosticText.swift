import PenumbraSupport

/// Diagnostics as compilers print them: place, severity, message, code; the line and a caret; help.
public struct DiagnosticText: Sendable {
  private let isColored: Bool

  /// - Parameter isColored: whether to use ANSI colours, which only a terminal understands.
  public init(isColored: Bool) { self.isColored = isColored }

  public func text(of diagnostic: Diagnostic) -> String {
    let problem = diagnostic.problem
    let severity = paint(diagnostic.severity.rawValue + ":", colour(diagnostic.severity))
    var text = paint("\(diagnostic.location):".printable, "1") + " \(severity) "
    text += paint(problem.message.printable, "1") + " [\(problem.code.rawValue)]"
    if !diagnostic.sourceLine.isEmpty {
      let excerpt = Excerpt(diagnostic.sourceLine, diagnostic.location)
      text += "\n  \(excerpt.line)\n  \(paintCaret(excerpt.caret))"
    }
    if let help = problem.help { text += "\n" + paint("help:", "36") + " \(help.printable)" }
    return text
  }

  private func paintCaret(_ line: String) -> String {
    guard let caret = line.firstIndex(of: "^") else { return line }
    return line[..<caret] + paint(String(line[caret...]), "32")
  }

  private func paint(_ text: String, _ style: String) -> String {
    isColored ? "\u{1B}[\(style)m\(text)\u{1B}[0m" : text
  }

  private func colour(_ severity: Severity) -> String {
    switch severity {
    case .error: "1;31"
    case .warning: "1;35"
    case .note: "1;34"
    }
  }
}
