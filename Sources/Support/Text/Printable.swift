extension Unicode.Scalar {
  /// The scalar, or a visible one in its place where it would move the cursor or reorder the line.
  fileprivate var printable: Unicode.Scalar {
    switch value {
    case 0x00...0x1F: Unicode.Scalar(0x2400 + value) ?? "?"
    case 0x7F: "\u{2421}"
    case 0x80...0x9F, 0x2028, 0x2029, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: "\u{FFFD}"
    default: self
    }
  }
}

extension String {
  /// The text with one visible scalar for each that a terminal would obey instead of showing.
  ///
  /// Tabs stay, so that a caret line can repeat them.
  package var printable: String {
    String(String.UnicodeScalarView(unicodeScalars.map { $0 == "\t" ? $0 : $0.printable }))
  }

  /// The text fit for a message: visible, and cut where it is longer than any name or number.
  package var quotable: String {
    let limit = 60
    let start = unicodeScalars.prefix(limit)
    let isCut = start.endIndex != unicodeScalars.endIndex
    let text = String(String.UnicodeScalarView(start)).printable
    return (isCut ? text + "\u{2026}" : text)
  }
}
