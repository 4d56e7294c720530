import PenumbraSupport

/// Mistakes of the text itself, found before any section is understood.
extension Problem {
  static let emptyFile = Problem(
    .emptyFile, .error, "the file holds no section",
    help: "start with [net], then one section a layer")

  static let optionOutsideSection = Problem(
    .optionOutsideSection, .error, "an option stands before the first section",
    help: "put [net] on a line of its own above it")

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

  static func missingEquals(_ text: String) -> Problem {
    Problem(
      .missingEquals, .warning,
      "'\(text.quotable)' is neither a section, a comment nor key=value; ignored",
      help: "write \(text.quotable)=value, or # in front of it")
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
