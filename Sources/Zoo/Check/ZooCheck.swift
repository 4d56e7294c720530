public import PenumbraCfg
import PenumbraCompute
public import PenumbraEngine
import Synchronization

/// All the networks of a folder, several at a time.
public struct ZooCheck: Sendable {
  /// A cfg of the folder, or a name of the record that the folder does not have.
  public struct Item: Sendable {
    /// The path below the folder.
    public let name: String
    /// Nil where the record alone knows the network.
    public let file: CfgFile?

    public init(name: String, file: CfgFile?) {
      self.name = name
      self.file = file
    }
  }

  public let record: ZooRecord
  /// Networks that are checked at a time, each on one thread.
  public let jobs: Int

  public init(_ record: ZooRecord, jobs: Int? = nil) {
    self.record = record
    self.jobs = max(1, jobs ?? ThreadPool.processors)
  }

  /// Checks every network.
  ///
  /// - Parameter finished: called from any thread after each network.
  /// - Returns: a report for each item, in the order given.
  public func check(
    _ items: [Item], on backends: [any Backend], finished: (NetworkReport) -> Void
  ) -> [NetworkReport] {
    let check = NetworkCheck(record)
    let outcomes = inParallel(items, finished: finished) { item in
      guard let file = item.file else { return Outcome(report: Self.missing(item)) }
      let recorded = record.networks[item.name]
      return Outcome(
        report: check.check(file, named: item.name, against: recorded, on: backends))
    }
    return outcomes.map(\.report)
  }

  /// Makes the record anew.
  ///
  /// - Parameter size: the side of the input to run at; nil keeps that of the record.
  /// - Returns: the new record, and a report for each item of what has changed. A network that
  ///   cannot be recorded keeps its old record; its report says why and `fails` names it.
  public func update(
    _ items: [Item], size: Int?, finished: (NetworkReport) -> Void
  ) -> (record: ZooRecord, reports: [NetworkReport], fails: [String]) {
    let check = NetworkCheck(record)
    let outcomes = inParallel(items, finished: finished) { item in
      guard let file = item.file else { return Outcome(report: Self.missing(item)) }
      let (recorded, report) = check.record(
        file, named: item.name, replacing: record.networks[item.name], size: size)
      return Outcome(report: report, record: recorded)
    }
    var updated = record
    var fails: [String] = []
    for (item, outcome) in zip(items, outcomes) {
      if item.file != nil, outcome.record == nil {
        fails.append(item.name)
      } else {
        updated.networks[item.name] = outcome.record
      }
    }
    return (updated, outcomes.map(\.report), fails)
  }

  private static func missing(_ item: Item) -> NetworkReport {
    var report = NetworkReport(name: item.name)
    report.differences.append(Difference(.file, "the record has it, the folder has not"))
    return report
  }

  private struct Outcome {
    var report: NetworkReport
    var record: NetworkRecord?
  }

  /// The largest networks first, so that the last ones to finish are short.
  private func inParallel(
    _ items: [Item], finished: (NetworkReport) -> Void, _ body: (Item) -> Outcome
  ) -> [Outcome] {
    let order = items.indices.sorted { Self.weight(items[$0]) > Self.weight(items[$1]) }
    let outcomes = Mutex<[Int: Outcome]>([:])
    parallelFor(order.count, threads: jobs) { turn in
      let index = order[turn]
      let start = ContinuousClock.now
      var outcome = body(items[index])
      outcome.report.seconds = (ContinuousClock.now - start) / .seconds(1)
      finished(outcome.report)
      outcomes.withLock { $0[index] = outcome }
    }
    let found = outcomes.withLock { $0 }
    return items.indices.compactMap { found[$0] }
  }

  private static func weight(_ item: Item) -> Int {
    item.file.flatMap { try? Graph($0) }?.parameterCount ?? 0
  }
}
