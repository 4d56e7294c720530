/// `width: 96` or `width 96`: an option in the manner of other programs.
struct OptionWithoutEquals {
  let key, value: String

  /// - Returns: nil for a line that can be anything, such as a sentence.
  init?(_ line: String) {
    let parts = line.split(maxSplits: 1) { $0 == ":" || $0 == " " || $0 == "\t" }
    guard parts.count == 2, parts[0].isIdentifier else {
      return nil
    }
    let rest = parts[1].drop { $0 == ":" || $0 == " " || $0 == "\t" }
    let written = rest.filter { $0 != " " && $0 != "\t" }
    let isNumbers =
      written.contains { $0.isNumber } && written.allSatisfy { "+-.,0123456789eE".contains($0) }
    let hasColon =
      line.drop { $0 == " " || $0 == "\t" }.dropFirst(parts[0].count)
      .first { $0 != " " && $0 != "\t" } == ":"
    let isWord = hasColon && !written.isEmpty && !String(rest).hasBlankInside
    guard isNumbers || isWord else { return nil }
    key = String(parts[0])
    value = written
  }
}

/// `(convolutional)` or `convolutional]`: a section's name in other brackets, or without the first.
struct UnmarkedSection {
  let name: String

  /// - Parameter key: the line without its blanks.
  init?(key: String) {
    let brackets: [(String, String)] = [
      ("(", ")"), ("{", "}"), ("<", ">"), ("\u{FF3B}", "\u{FF3D}"), ("\u{3010}", "\u{3011}"),
      ("", "]"),
    ]
    for (first, last) in brackets where key.hasPrefix(first) && key.hasSuffix(last) {
      let inner = key.dropFirst(first.count).dropLast(last.count)
      guard inner.isIdentifier else { continue }
      name = String(inner)
      return
    }
    return nil
  }
}

extension StringProtocol {
  /// Whether this can be the name of a key or section: ASCII letters, digits and `_`, no digit first.
  var isIdentifier: Bool {
    guard let first = utf8.first, !(0x30...0x39).contains(first) else { return false }
    return utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) && $0 < 0x80
        || $0 == UInt8(ascii: "_")
    }
  }
}

extension String {
  /// Whether there is a blank between two of its other characters.
  var hasBlankInside: Bool {
    split { $0 == " " || $0 == "\t" || $0 == "\r" }.count > 1
  }
}
