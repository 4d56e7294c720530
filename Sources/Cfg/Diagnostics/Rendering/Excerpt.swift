import PenumbraSupport

/// The part of a line around a place, short enough for a terminal, and the caret line below it.
struct Excerpt {
  private static let width = 120

  let line: String
  let caret: String

  init(_ sourceLine: String, _ location: SourceLocation) {
    let start = max(0, location.column - 1 - Self.width / 2)
    let scalars = sourceLine.unicodeScalars.dropFirst(start)
    let shown = scalars.prefix(Self.width)
    let isCut = shown.endIndex != sourceLine.unicodeScalars.endIndex
    let before = shown.prefix(location.column - 1 - start)
    let rest = max(1, shown.count - before.count)
    let margin = (start > 0 ? " " : "") + String(before.map { $0 == "\t" ? "\t" : " " })

    line =
      (start > 0 ? "\u{2026}" : "") + String(String.UnicodeScalarView(shown)).printable
      + (isCut ? "\u{2026}" : "")
    caret = margin + "^" + String(repeating: "~", count: min(location.length, rest) - 1)
  }
}
