extension Unicode.Scalar {
  /// Whether a terminal would obey the scalar, or show nothing or another order for it.
  ///
  /// These are control characters, line and paragraph separators, what Unicode calls format
  /// characters (bidirectional controls, joiners, zero-width spaces) or says to ignore, and
  /// noncharacters.
  fileprivate var isInvisible: Bool {
    switch value {
    case 0x20...0x7E: false
    case 0x00...0x9F: true
    default:
      switch properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
      default: properties.isDefaultIgnorableCodePoint || properties.isNoncharacterCodePoint
      }
    }
  }

  /// The scalar, or a visible one in its place.
  fileprivate var printable: Unicode.Scalar {
    guard isInvisible else { return self }
    switch value {
    case 0x00...0x1F: return Unicode.Scalar(0x2400 + value) ?? "?"
    case 0x7F: return "\u{2421}"
    default: return "\u{FFFD}"
    }
  }
}

extension String {
  /// Whether every byte is a visible character of ASCII, as in nearly all texts.
  fileprivate var isPlain: Bool { utf8.allSatisfy { 0x20...0x7E ~= $0 } }

  /// The text on one line, with one visible scalar for each that a terminal would obey instead of
  /// showing, and `\xE9` for a byte of a path that is not UTF-8.
  ///
  /// Tabs stay, so that a caret line can repeat them.
  package var printable: String { printable(keeping: "\t") }

  /// The same for text of several lines.
  package var printableLines: String { printable(keeping: "\t", "\n") }

  private func printable(keeping kept: Unicode.Scalar...) -> String {
    guard !isPlain else { return self }
    var result = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if let byte = scalar.escapedByte {
        result.append(contentsOf: "\\x\(String(byte, radix: 16, uppercase: true))".unicodeScalars)
      } else {
        result.append(kept.contains(scalar) ? scalar : scalar.printable)
      }
    }
    return String(result)
  }

  /// The text fit for a message: visible, and cut where it is longer than any name or number.
  package var quotable: String {
    let limit = 60
    let start = unicodeScalars.prefix(limit)
    let isCut = start.endIndex != unicodeScalars.endIndex
    let text = String(String.UnicodeScalarView(start)).printable
    return (isCut ? text + "\u{2026}" : text)
  }

  /// A file's name fit for a message: visible, and short: the middle of a long path is left out.
  package var shownPath: String {
    let (limit, half) = (400, 190)
    guard utf8.count > limit, unicodeScalars.count > limit else { return printable }
    let start = String(String.UnicodeScalarView(unicodeScalars.prefix(half)))
    let end = String(String.UnicodeScalarView(unicodeScalars.suffix(half)))
    return start.printable + "\u{2026}" + end.printable
  }

  /// JSON with `\u` escapes for the characters in strings that a terminal would obey: the same value.
  package var withInvisibleEscaped: String {
    guard !utf8.allSatisfy({ $0 == 0x0A || 0x20...0x7E ~= $0 }) else { return self }
    return unicodeScalars.reduce(into: "") { text, scalar in
      if scalar.isInvisible, scalar.value > 0x1F || scalar.escapedByte != nil {
        for unit in String(scalar).utf16 { text += unit.jsonEscape }
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
  }
}
