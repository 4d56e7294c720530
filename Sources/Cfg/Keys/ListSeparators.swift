extension CfgFile.Entry {
  /// The numbers of a list that is written without commas, or with other separators between some of
  /// them (`-1 -2`, `10,13; 16,30`, `10x13`, `[0,1,2]`); nil for any other value.
  ///
  /// Whitespace is gone from `value`, so that `-1 -2` reads as one number there.
  var numbersWithoutCommas: [String]? {
    if let numbers = numbersWithDots { return numbers }
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

  /// `10.13.16` can only be three numbers.
  private var numbersWithDots: [String]? {
    let parts = value.split(separator: ".", omittingEmptySubsequences: false)
    let isDotted = parts.count > 2 && parts.allSatisfy { ScannedNumber.int($0).isNumber }
    return isDotted ? parts.map(String.init) : nil
  }

  /// The value with commas, signs and digits of ASCII and without quotes, where only these keep it
  /// from being a list of numbers.
  func list(inASCII kind: NumberKind) -> String? {
    let plain = MeantNumber.plain(value)
    guard plain != value else { return nil }
    return plain.split(separator: ",", omittingEmptySubsequences: false)
      .allSatisfy { kind.scan($0).isNumber } ? plain : nil
  }

  /// The value as written, where there are blanks between two of its digits.
  var splitNumber: String? {
    let written = writtenValue
    return written.contains(" ") || written.contains("\t")
      ? String(String.UnicodeScalarView(written)) : nil
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
    let isSigned = text[index + 1] == "-" && index + 2 < text.count
    return ("0"..."9").contains(text[index - 1])
      && ("0"..."9").contains(text[isSigned ? index + 2 : index + 1])
  }
}

extension ScannedNumber {
  /// Whether all of the text is one number.
  var isNumber: Bool { length > 0 && isWhole }
}
