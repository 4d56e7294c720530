import PenumbraSupport

/// Mistakes in values.
extension Problem {
  static func inlineComment(_ key: String, value: String, kept: String) -> Problem {
    Problem(
      .inlineComment, .warning,
      "there are no comments behind a value: Darknet reads '\(value.quotable)' and happens to get"
        + " \(kept.quotable)",
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

  /// - Parameter severity: a warning where only training would suffer; 0 takes the value's place.
  static func notANumber(
    _ key: String, found: String, expected: String, help: String, severity: Severity
  ) -> Problem {
    Problem(
      .notANumber, severity, "'\(key)' is '\(found.quotable)', expected \(expected)", help: help)
  }

  /// A list of numbers in quotes, or with signs and digits that only look like those of ASCII.
  static func otherCharacters(_ key: String, meant: String, severity: Severity) -> Problem {
    Problem(
      .notANumber, severity,
      "the numbers of '\(key)' are in quotes, or have signs or digits that Darknet does not know",
      help: meant.utf8.count <= 1000
        ? "write \(key)=\(meant)" : "write digits, '-' and '.' of ASCII, without quotes")
  }

  /// A list whose numbers are separated by spaces, semicolons or the like.
  static func separators(_ key: String, numbers: [String], severity: Severity) -> Problem {
    let list = numbers.joined(separator: ",")
    return Problem(
      .notANumber, severity,
      "the \(numbers.count) numbers of '\(key)' are not separated by commas alone, the only separator"
        + " that Darknet knows",
      help: list.utf8.count <= 1000
        ? "separate them with commas: \(key)=\(list)" : "separate them with commas")
  }

  static func notAnElement(
    _ key: String, found: String, meant: String?, severity: Severity
  ) -> Problem {
    Problem(
      .notANumber, severity,
      found.isEmpty
        ? "an element of '\(key)' is empty; Darknet reads 0"
        : "'\(key)' holds '\(found.quotable)', expected numbers separated by commas",
      help: found.isEmpty
        ? "remove a comma, or write the number"
        : "write " + (meant?.quotable ?? "a number there"))
  }

  /// A number with something after it: Darknet's `atoi` stops there and goes on.
  ///
  /// - Parameters:
  ///   - meant: the number that must have been meant; nil where that is unclear.
  ///   - expected: what to write then.
  static func numberWithTail(
    _ key: String, found: String, read: String, meant: String?, expected: String,
    severity: Severity
  ) -> Problem {
    Problem(
      .notANumber, severity,
      "'\(key)' is '\(found.quotable)'; Darknet reads \(read.quotable) and ignores the rest",
      help: "write " + (meant?.quotable ?? expected))
  }

  /// Two keys on one line.
  static func secondKey(_ key: String, found: String, read: String, second: String) -> Problem {
    Problem(
      .notANumber, .warning,
      "'\(key)' is '\(found.quotable)'; Darknet reads \(read.quotable) and ignores the rest",
      help: "give '\(second.quotable)' a line of its own")
  }

  /// A number with blanks between its digits.
  static func splitNumber(_ key: String, found: String, read: String) -> Problem {
    Problem(
      .notANumber, .warning,
      "'\(key)' is '\(found.quotable)'; Darknet deletes the blanks and reads \(read.quotable)",
      help: "write one number, without blanks")
  }

  static func outOfRange(
    _ key: String, found: String, allowed: String, example: String, severity: Severity
  ) -> Problem {
    Problem(
      .outOfRange, severity, "'\(key)' is \(found.quotable), expected \(allowed)",
      help: "for example \(key)=\(example)")
  }

  /// - Parameter fallback: what Darknet takes in the word's place, where it goes on.
  public static func notOneOf(
    _ key: String, found: String, known: [String], fallback: String?, severity: Severity = .error
  ) -> Problem {
    let word = found.prefix { $0 != "#" && $0 != ";" }
    let nearest = Synonym.word(String(word), in: known) ?? nearestName(to: String(word), in: known)
    let meaning = fallback.map { "; Darknet takes \($0)" } ?? ""
    return Problem(
      .notOneOf, severity,
      "'\(key)' is '\(found.quotable)', expected \(known.joined(separator: ", "))\(meaning)",
      help: nearest.map {
        word.count == found.count
          ? "did you mean '\($0)'?" : "move the comment to a line of its own: \(key)=\($0)"
      } ?? "for example \(key)=\(known[0])")
  }

  public static func unreadableFile(_ path: String, reason: String, help: String) -> Problem {
    Problem(.unreadableFile, .error, "cannot read '\(path.quotable)': \(reason)", help: help)
  }
}
