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

  /// All diagnostics in their order. Of those that differ in nothing but their column the first few
  /// are written out and the others counted; nothing else is left out.
  public func texts(of diagnostics: [Diagnostic]) -> [String] {
    var counts: [Kind: Int] = [:]
    for diagnostic in diagnostics { counts[Kind(diagnostic), default: 0] += 1 }
    var shown: [Kind: Int] = [:]
    return diagnostics.compactMap { diagnostic in
      let kind = Kind(diagnostic)
      let number = shown[kind, default: 0] + 1
      guard number <= Self.maxOfKind else { return nil }
      shown[kind] = number
      let rest = (counts[kind] ?? 0) - number
      guard number == Self.maxOfKind, rest > 0 else { return text(of: diagnostic) }
      let noun = diagnostic.severity.rawValue + (rest == 1 ? "" : "s")
      return text(of: diagnostic)
        + "\n\(diagnostic.location.file.shownPath):\(diagnostic.location.line): \(rest) more \(noun)"
        + " of this kind on this line [\(diagnostic.problem.code.rawValue)]"
    }
  }

  /// Diagnostics of one kind at one line that are written out.
  private static let maxOfKind = 8

  /// What diagnostics have in common of which only some are written out.
  private struct Kind: Hashable {
    let file: String
    let line: Int
    let code: Problem.Code
    let severity: Severity

    init(_ diagnostic: Diagnostic) {
      (file, line) = (diagnostic.location.file, diagnostic.location.line)
      (code, severity) = (diagnostic.problem.code, diagnostic.severity)
    }
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
