import PenumbraCfg

/// Mistakes that leave a layer without a loss.
extension Problem {
  static func countersDiffer(_ found: Int, classes: Int) -> Problem {
    Problem(
      .schedule, .error, "'counters_per_class' has \(found) numbers for \(classes) classes",
      help: "write one number for each class")
  }

  static func noLossYet(_ section: String, help: String) -> Problem {
    Problem(.unsupportedSection, .error, "[\(section)] cannot be trained yet", help: help)
  }

  static func secondLoss(_ section: String, first: Int) -> Problem {
    Problem(
      .conflictingKeys, .error,
      "[\(section)] has a loss over the same numbers as layer \(first)",
      help: "remove one of the two")
  }
}
