import PenumbraSupport

/// Mistakes of the text itself, found before any section is understood.
extension Problem {
  static func notACfg(_ mismatch: KindMismatch) -> Problem {
    Problem(.notACfg, .error, mismatch.problem, help: mismatch.remedy)
  }

  /// - Parameter part: what Darknet takes the character for a part of.
  static func invisible(_ scalar: Unicode.Scalar, in part: String) -> Problem {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    let name = scalar.properties.name ?? scalar.properties.nameAlias
    let shown = name.map { "\(code) (\($0.lowercased()))" } ?? code
    return Problem(
      .invisibleCharacter, .warning,
      scalar.value == 0
        ? "the line holds \(shown), where Darknet ends it; ignored here"
        : "the \(part) holds \(shown), which is no whitespace to Darknet: it does not know such a"
          + " \(part); ignored here",
      help: "remove it, or write an ordinary space")
  }

  static let emptyFile = Problem(
    .emptyFile, .error, "the file holds no section",
    help: "start with [net], then one section a layer")

  static let optionOutsideSection = Problem(
    .optionOutsideSection, .error, "an option stands before the first section",
    help: "put [net] on a line of its own above it; if this is not a cfg, check the path")

  static func unclosedSection(_ name: String) -> Problem {
    Problem(
      .unclosedSection, .error, "the section name lacks its ']'",
      help: "write [\(name.quotable)]")
  }

  static func textAfterSection(_ text: String) -> Problem {
    Problem(
      .textAfterSection, .warning,
      "'\(text.quotable)' follows the section name; Darknet takes it for part of the name"
        + " and does not know the section",
      help: "move it to a line of its own")
  }

  static let missingKey = Problem(
    .missingKey, .error, "the line starts with '='", help: "write key=value")

  /// - Parameter line: the whole line, whose blanks say what is the key.
  static func missingEquals(_ text: String, line: String) -> Problem {
    let option = OptionWithoutEquals(line).map { "\($0.key)=\($0.value)" }
    let isWord = text.isIdentifier && !line.hasBlankInside
    return Problem(
      .missingEquals, .warning,
      "'\(text.quotable)' is neither a section, a comment nor key=value; ignored",
      help: "write \(option?.quotable ?? (isWord ? "\(text.quotable)=value" : "key=value")),"
        + " or # in front of it")
  }

  /// A section's name in other brackets, or without the first.
  static func unmarkedSection(_ name: String) -> Problem {
    Problem(
      .missingEquals, .warning, "a section's name is between '[' and ']'; this line is ignored",
      help: "write [\(name.quotable)]")
  }

  static func missingValue(_ key: String) -> Problem {
    Problem(
      .missingValue, .warning, "'\(key.quotable)' has no value; the line is dropped, as in Darknet",
      help: "write a value after '=', or remove the line")
  }

  static func duplicateKey(
    _ key: String, firstLine: Int, firstValue: String, sameValue: Bool
  ) -> Problem {
    Problem(
      .duplicateKey, sameValue ? .note : .warning,
      "'\(key.quotable)' was set in line \(firstLine) already; the first one counts:"
        + " \(firstValue.quotable)",
      help: "remove one of the two")
  }
}
