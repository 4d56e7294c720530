import PenumbraData

/// What commands say about the faults of a data set that they use all the same.
enum FaultText {
  private static let shown = 10

  /// Prints the first faults, and how many there are of which kind.
  static func tell(_ faults: [DataFault], of data: String) {
    for fault in faults.prefix(shown) { standardError("\(fault)") }
    guard faults.count > shown else { return }
    standardError(
      "note: \(faults.count) faults (\(counts(faults))); 'penumbra data check \(data)' lists all")
  }

  /// The number of faults of each kind.
  static func counts(_ faults: [DataFault]) -> String {
    let counts = Dictionary(grouping: faults, by: \.kind).mapValues(\.count)
    return DataFault.Kind.allCases.compactMap { kind in
      counts[kind].map { "\(kind.rawValue) \($0)" }
    }.joined(separator: ", ")
  }
}
