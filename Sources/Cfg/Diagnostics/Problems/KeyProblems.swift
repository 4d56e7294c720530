/// Mistakes in names of sections and keys, and in values.
extension Problem {
  public static func firstSectionNotNet(_ found: String) -> Problem {
    Problem(
      .firstSectionNotNet, .error, "the first section is [\(found)], expected [net]",
      help: "start the file with [net] and the input's width, height and channels")
  }

  public static let secondNet = Problem(
    .secondNet, .error, "a second [net]; a file describes one network",
    help: "merge its keys into the first section")

  public static let noLayers = Problem(
    .noLayers, .error, "the network has no layers", help: "add a section, such as [convolutional]")

  public static func unknownSection(_ name: String, nearest: String?) -> Problem {
    Problem(
      .unknownSection, .error, "no section is called [\(name)]",
      help: nearest.map { "did you mean [\($0)]?" } ?? "see docs/sections.md for those there are")
  }

  public static func unsupportedSection(_ name: String, because reason: String) -> Problem {
    Problem(.unsupportedSection, .error, "[\(name)] is not supported: \(reason)")
  }

  static func unknownKey(_ key: String, section: String, nearest: String?) -> Problem {
    Problem(
      .unknownKey, .warning, "[\(section)] has no key '\(key)'",
      help: nearest.map { "did you mean '\($0)'?" } ?? "remove this line")
  }

  public static func keyNotRead(_ key: String, because reason: String) -> Problem {
    Problem(.keyNotRead, .note, "'\(key)' has no effect here: \(reason)", help: "remove this line")
  }

  public static func unsupportedKey(_ key: String, because reason: String, help: String? = nil)
    -> Problem
  {
    Problem(.unsupportedKey, .error, "'\(key)' is not supported: \(reason)", help: help)
  }

  public static func conflictingKeys(_ first: String, _ second: String, _ how: String) -> Problem {
    Problem(
      .conflictingKeys, .error, "'\(first)' and '\(second)' \(how)", help: "keep one of the two")
  }

  public static func requiredKey(_ key: String, section: String, example: String) -> Problem {
    Problem(
      .requiredKey, .error, "[\(section)] lacks '\(key)'", help: "for example \(key)=\(example)")
  }

  static func inlineComment(_ key: String, value: String, kept: String) -> Problem {
    Problem(
      .inlineComment, .warning,
      "there are no comments behind a value: Darknet reads '\(value)' and happens to get \(kept)",
      help: "move the comment to a line of its own")
  }

  static func commentInList(_ key: String, count: Int) -> Problem {
    Problem(
      .inlineComment, .error,
      "there are no comments behind a value: Darknet counts the commas in it and reads"
        + " \(count) entries",
      help: "move the comment to a line of its own")
  }

  static func trailingComma(_ key: String, isError: Bool) -> Problem {
    Problem(
      .trailingComma, isError ? .error : .warning,
      "the list ends in a comma; Darknet adds an entry of value 0", help: "remove the comma")
  }

  static func notANumber(_ key: String, found: String, expected: String, example: String) -> Problem
  {
    Problem(
      .notANumber, .error, "'\(key)' is '\(found)', expected \(expected)",
      help: "for example \(key)=\(example)")
  }

  /// A number with something behind it: Darknet's `atoi` stops there and goes on.
  static func numberWithTail(_ key: String, found: String, read: String) -> Problem {
    Problem(
      .notANumber, .warning, "'\(key)' is '\(found)'; Darknet reads \(read) and ignores the rest",
      help: "write \(key)=\(read)")
  }

  static func outOfRange(_ key: String, found: String, allowed: String, example: String) -> Problem
  {
    Problem(
      .outOfRange, .error, "'\(key)' is \(found), expected \(allowed)",
      help: "for example \(key)=\(example)")
  }

  public static func notOneOf(
    _ key: String, found: String, known: [String], fallback: String?, severity: Severity = .error
  ) -> Problem {
    let nearest = nearestName(to: found, in: known)
    let meaning = fallback.map { "; Darknet takes \($0)" } ?? ""
    return Problem(
      .notOneOf, severity,
      "'\(key)' is '\(found)', expected \(known.joined(separator: ", "))\(meaning)",
      help: nearest.map { "did you mean '\($0)'?" })
  }

  public static func unreadableFile(_ path: String, reason: String, help: String) -> Problem {
    Problem(.unreadableFile, .error, "cannot read '\(path)': \(reason)", help: help)
  }
}
