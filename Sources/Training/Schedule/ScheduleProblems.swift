import PenumbraCfg

/// Mistakes that make a network untrainable.
extension Problem {
  static func unusable(_ key: String, _ found: String, expected: String) -> Problem {
    Problem(
      .outOfRange, .error, "'\(key)' is \(found), training expects \(expected)",
      help: "write a value that is \(expected), or remove the key")
  }

  static func policyLacks(_ policy: String, _ key: String) -> Problem {
    Problem(
      .schedule, .error, "policy=\(policy) needs '\(key)'",
      help: "add \(key)=..., or use policy=constant")
  }

  static func scalesDiffer(steps: Int, scales: Int) -> Problem {
    Problem(
      .schedule, .error, "'steps' has \(steps) numbers, but 'scales' has \(scales)",
      help: "write one scale for each step")
  }

  static func cannotTrain(_ key: String, _ what: String, help: String) -> Problem {
    Problem(
      .unsupportedKey, .error, "'\(key)' asks for \(what), which cannot be trained", help: help)
  }

  static func ignoredInTraining(_ key: String, _ what: String) -> Problem {
    Problem(
      .noEffect, .warning, "'\(key)' asks for \(what); training here goes on without it",
      help: "remove the key")
  }
}
