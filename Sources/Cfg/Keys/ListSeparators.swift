extension CfgFile.Entry {
  /// The numbers of a list that is written without commas, or with other separators between some of
  /// them (`-1 -2`, `10,13; 16,30`, `10x13`, `[0,1,2]`); nil for any other value.
  ///
  /// Whitespace is gone from `value`, so that `-1 -2` reads as one number there.
  var numbersWithoutCommas: [String]? {
    let written = writtenValue
    guard written.contains(where: Self.isOtherSeparator) else { return nil }
    let tokens = written.indices.split { isSeparator(written, $0) }
      .map { String(String.UnicodeScalarView(written[$0.startIndex..<$0.endIndex])) }
    guard tokens.count > 1, tokens.allSatisfy({ ScannedNumber.float($0).isNumber }) else {
      return nil
    }
    let elements = value.split(separator: ",")
    let isPlain =
      elements.count == tokens.count && elements.allSatisfy { ScannedNumber.float($0).isNumber }
    return isPlain ? nil : tokens
  }

  /// The value as it is in the line, whitespace included.
  private var writtenValue: [Unicode.Scalar] {
    guard let first = valueColumns.first, let last = valueColumns.last else { return [] }
    return Array(sourceLine.unicodeScalars.dropFirst(first - 1).prefix(last - first + 1))
  }

  private static let separators: Set<Unicode.Scalar> = [
    ",", " ", "\t", ";", "|", "(", ")", "[", "]", "{", "}", "\u{FF0C}", "\u{3001}", "\u{FF1B}",
  ]
  /// Between two digits these separate numbers, too.
  private static let joiners: Set<Unicode.Scalar> = ["x", "X", "*", ":", "/", "\u{D7}"]

  private static func isOtherSeparator(_ scalar: Unicode.Scalar) -> Bool {
    scalar != "," && (separators.contains(scalar) || joiners.contains(scalar))
  }

  private func isSeparator(_ text: [Unicode.Scalar], _ index: Int) -> Bool {
    if Self.separators.contains(text[index]) { return true }
    guard Self.joiners.contains(text[index]), index > 0, index + 1 < text.count else {
      return false
    }
    return ("0"..."9").contains(text[index - 1]) && ("0"..."9").contains(text[index + 1])
  }
}

extension ScannedNumber {
  /// Whether all of the text is one number.
  fileprivate var isNumber: Bool { length > 0 && isWhole }
}
