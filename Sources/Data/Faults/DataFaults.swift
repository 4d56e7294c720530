/// Faults in the order in which they were found.
///
/// Of each kind the first `mostKept` are elements; of the others, such as the missing images of a list
/// with millions, nothing is kept but that they are there, so that memory lasts.
public struct DataFaults: Sendable, RandomAccessCollection, ExpressibleByArrayLiteral {
  /// How many of a kind are elements.
  public static let mostKept = 100_000

  private var kept: [DataFault] = []
  private var keptCounts: [DataFault.Kind: Int] = [:]
  /// Those that are not kept, by what they have in common; as hashes, by which two sets of faults are
  /// united.
  private var others: [Group: [Int]] = [:]

  private struct Group: Hashable {
    let kind: DataFault.Kind
    let effect: DataFault.Effect
  }

  public init(_ faults: [DataFault] = []) {
    for fault in faults { append(fault) }
  }

  public init(arrayLiteral elements: DataFault...) { self.init(elements) }

  mutating func append(_ fault: DataFault) {
    if keptCounts[fault.kind, default: 0] < Self.mostKept {
      keptCounts[fault.kind, default: 0] += 1
      kept.append(fault)
    } else {
      others[Group(kind: fault.kind, effect: fault.effect), default: []].append(fault.hashValue)
    }
  }

  // MARK: Elements

  public var startIndex: Int { 0 }
  public var endIndex: Int { kept.count }
  public subscript(_ index: Int) -> DataFault { kept[index] }

  // MARK: Counts

  /// How many there are, those that are no elements among them.
  public var total: Int { kept.count + others.values.reduce(0) { $0 + $1.count } }

  /// How many there are of each kind, in the order of `DataFault.Kind`.
  public var counts: [(kind: DataFault.Kind, count: Int)] { counts { _ in true } }

  package func count(of kind: DataFault.Kind) -> Int {
    counts.first { $0.kind == kind }?.count ?? 0
  }

  /// How many images of each kind were left out.
  var imagesLeftOut: [(kind: DataFault.Kind, count: Int)] { counts { $0 == .imageLeftOut } }

  private func counts(
    where isCounted: (DataFault.Effect) -> Bool
  ) -> [(kind: DataFault.Kind, count: Int)] {
    var counts: [DataFault.Kind: Int] = [:]
    for fault in kept where isCounted(fault.effect) { counts[fault.kind, default: 0] += 1 }
    for (group, hashes) in others where isCounted(group.effect) {
      counts[group.kind, default: 0] += hashes.count
    }
    return DataFault.Kind.allCases.compactMap { kind in counts[kind].map { (kind, $0) } }
  }

  // MARK: Unions

  public static func + (first: DataFaults, second: DataFaults) -> DataFaults {
    var all = first
    for fault in second.kept { all.append(fault) }
    for (group, hashes) in second.others { all.others[group, default: []] += hashes }
    return all
  }

  static func += (first: inout DataFaults, second: DataFaults) { first = first + second }

  /// The faults of both, those once that both have.
  public func union(_ other: DataFaults) -> DataFaults {
    var known = Set(lazy.map(\.hashValue))
    for hashes in others.values { known.formUnion(hashes) }
    var all = self
    for fault in other.kept where known.insert(fault.hashValue).inserted { all.append(fault) }
    for (group, hashes) in other.others {
      all.others[group, default: []] += hashes.filter { known.insert($0).inserted }
    }
    return all
  }
}

extension DataFaults: Equatable {
  public static func == (a: DataFaults, b: DataFaults) -> Bool {
    a.kept == b.kept && a.total == b.total
  }
}

extension DataFaults: Encodable {
  /// The elements alone.
  public func encode(to encoder: any Encoder) throws { try kept.encode(to: encoder) }
}

/// Faults in the order in which they were found, under a policy.
struct FaultCollection {
  let policy: FaultPolicy
  private(set) var faults = DataFaults()

  init(_ policy: FaultPolicy) { self.policy = policy }

  /// - Throws: `DataError.Reason.fault` where the policy is to stop.
  mutating func add(_ fault: DataFault) throws(DataError) {
    if policy == .stop, fault.effect != .kept { throw DataError(.fault(fault), file: fault.file) }
    faults.append(fault)
  }

  mutating func add(_ other: DataFaults) throws(DataError) {
    if policy == .stop, let fault = other.first(where: { $0.effect != .kept }) {
      throw DataError(.fault(fault), file: fault.file)
    }
    faults += other
  }
}
