import PenumbraData

/// What commands say about the faults of a data set that they use all the same.
enum FaultText {
  private static let shown = 10

  /// Prints the first faults, and how many there are of which kind.
  static func tell(_ faults: DataFaults, of data: String) {
    for fault in faults.prefix(shown) { standardError("\(fault)") }
    guard faults.total > shown else { return }
    standardError(
      "note: \(faults.total) faults (\(counts(faults))); 'penumbra data check \(data)' lists all")
  }

  /// The number of faults of each kind.
  static func counts(_ faults: DataFaults) -> String {
    faults.counts.map { "\($0.kind.rawValue) \($0.count)" }.joined(separator: ", ")
  }

  /// What is said after faults were listed, where some of them were not.
  static func unlisted(_ faults: DataFaults) -> String? {
    faults.total == faults.count
      ? nil
      : "\(faults.total - faults.count) more faults are counted only: of each kind the first"
        + " \(DataFaults.mostKept) are listed"
  }
}
