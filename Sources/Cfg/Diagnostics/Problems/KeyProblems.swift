import PenumbraSupport

/// Mistakes in the names of keys and in what they ask for.
extension Problem {
  /// - Parameter known: the keys that the section has.
  static func unknownKey(_ key: String, section: String, known: [String]) -> Problem {
    let help =
      switch Synonym.key(key, in: known) {
      case .name(let name): "write '\(name)', which is its name in a cfg"
      case .advice(let advice): advice
      case nil:
        nearestName(to: key, in: known).map { "did you mean '\($0)'?" } ?? "remove this line"
      }
    return Problem(
      .unknownKey, .warning, "[\(section)] has no key '\(key.quotable)'", help: help)
  }

  public static func keyNotRead(_ key: String, because reason: String) -> Problem {
    Problem(.keyNotRead, .note, "'\(key)' has no effect here: \(reason)", help: "remove this line")
  }

  public static func unsupportedKey(_ key: String, because reason: String, help: String)
    -> Problem
  {
    Problem(.unsupportedKey, .error, "'\(key)' is not supported: \(reason)", help: help)
  }

  public static func conflictingKeys(
    _ first: String, _ second: String, _ how: String, help: String = "keep one of the two",
    severity: Severity = .error
  ) -> Problem {
    Problem(.conflictingKeys, severity, "'\(first)' and '\(second)' \(how)", help: help)
  }

  public static func requiredKey(_ key: String, section: String, example: String) -> Problem {
    Problem(
      .requiredKey, .error, "[\(section)] lacks '\(key)'", help: "for example \(key)=\(example)")
  }
}
