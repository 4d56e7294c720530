public import PenumbraCfg
public import PenumbraEngine

/// Checks one cfg, or makes its record.
public struct NetworkCheck: Sendable {
  /// Seeds of weights and input.
  let weightsSeed: UInt64
  let inputSeed: UInt64
  /// Threads of one run.
  let threads: Int

  public init(_ record: ZooRecord, threads: Int = 1) {
    weightsSeed = record.weightsSeed
    inputSeed = record.inputSeed
    self.threads = threads
  }

  // MARK: Against a record

  /// - Parameter record: nil where there is none.
  public func check(
    _ file: CfgFile, named name: String, against record: NetworkRecord?, on backends: [any Backend]
  ) -> NetworkReport {
    var report = NetworkReport(name: name)
    let recorded = record.map { (width: $0.runWidth, height: $0.runHeight) }
    guard let read = read(file, &report, wanted: recorded ?? Self.usualSize) else {
      // Which key was changed says more than what it broke further down.
      let keys = record.map { StructureDifferences(file, against: $0).found } ?? []
      report.differences = keys.map { located($0, file) } + report.differences
      return report
    }
    guard let record else {
      report.differences.append(
        Difference(
          .file, "the network is not in the record; --update adds it"))
      return report
    }
    let structure = StructureDifferences(read.record, against: record)
    report.checks += [.layers, .cost]
    report.differences += structure.found.map { located($0, file) }
    guard structure.isComparable else { return report }
    report.checks.append(.outputs)
    for backend in backends {
      do {
        let (trace, milliseconds) = try run(read.small, on: backend)
        let outputs = OutputDifferences(trace, against: record, backend: backend.name)
        report.outputs.append(
          NetworkReport.BackendReport(
            backend: backend.name, worstError: outputs.worstError, worstLayer: outputs.worstLayer,
            milliseconds: milliseconds))
        if let first = outputs.first { report.differences.append(located(first, file)) }
      } catch {
        report.differences.append(
          Difference(
            .outputs, backend: backend.name, "it cannot be run on \(backend.name): \(error)"))
      }
    }
    return report
  }

  // MARK: A new record

  /// Records what a cfg says and computes now.
  ///
  /// An old record that still holds stays as it is, so that rounding changes nothing.
  ///
  /// - Parameter size: the width and height to run at where there is no old record; the least of a
  ///   few larger ones where the network does not fit.
  /// - Returns: the record, nil where the file cannot be read; the report says what is new.
  public func record(
    _ file: CfgFile, named name: String, replacing old: NetworkRecord?, size: Int?,
    on backend: any Backend = ReferenceBackend()
  ) -> (record: NetworkRecord?, report: NetworkReport) {
    var report = NetworkReport(name: name)
    let kept = size == nil ? old.map { (width: $0.runWidth, height: $0.runHeight) } : nil
    let wanted = kept ?? size.map { ($0, $0) } ?? Self.usualSize
    guard let read = read(file, &report, wanted: wanted) else { return (nil, report) }
    var mine = read.record
    mine.speed = old?.speed ?? [:]
    do {
      let trace = try run(read.small, on: backend).trace
      mine.keep(trace, of: read.small)
      guard let old else {
        report.differences.append(Difference(.file, "added"))
        return (mine, report)
      }
      report.differences += changes(trace, mine, since: old, backend).map {
        located($0, file)
      }
      return (report.differences.isEmpty ? old : mine, report)
    } catch {
      report.differences.append(
        Difference(.outputs, backend: backend.name, "it cannot be run: \(error)"))
      return (nil, report)
    }
  }

  private func changes(
    _ trace: Trace, _ new: NetworkRecord, since old: NetworkRecord, _ backend: any Backend
  ) -> [Difference] {
    let (size, oldSize) = (
      "\(new.runWidth)x\(new.runHeight)", "\(old.runWidth)x\(old.runHeight)"
    )
    if size != oldSize {
      return [
        Difference(
          .outputs, key: "run", found: size, expected: oldSize,
          "it is run at \(size), the record has \(oldSize)")
      ]
    }
    let structure = StructureDifferences(new, against: old)
    guard structure.isComparable else { return structure.found }
    let outputs = OutputDifferences(trace, against: old, backend: backend.name)
    return structure.found + [outputs.first].compactMap { $0 }
  }

  // MARK: Both

  /// The side of the input at which networks are run unless somebody says otherwise: three cells of
  /// the coarsest map of most, so that windows and borders count.
  private static let usualSize = (width: 96, height: 96)

  /// A cfg as it is to be checked.
  private struct Reading {
    let record: NetworkRecord
    /// The graph at the size of the run.
    let small: Graph
  }

  /// Reads a cfg; what lint says against it is a difference.
  ///
  /// - Parameter wanted: the size of the run, when the network fits it.
  private func read(
    _ file: CfgFile, _ report: inout NetworkReport, wanted: (width: Int, height: Int)
  ) -> Reading? {
    report.checks.append(.lint)
    let lint = Graph.check(file)
    // A cfg is as right without the files that it names as with them.
    let diagnostics = lint.diagnostics.filter { $0.problem.code != .unreadableFile }
    let counts = DiagnosticCounts(diagnostics)
    (report.warnings, report.notes) = (counts.warnings, counts.notes)
    report.differences += lint.diagnostics.filter { $0.severity == .error }.map {
      Difference(
        .lint, key: $0.problem.code.rawValue, line: $0.location.line, $0.problem.message)
    }
    guard let graph = lint.graph else { return nil }
    let small = Self.small(file, graph, wanted)
    let record = NetworkRecord(file, graph, small: small, lint: diagnostics)
    report.layers = graph.nodes.count
    report.input = "\(graph.net.input)"
    report.run = "\(record.runWidth)x\(record.runHeight)"
    report.parameters = graph.parameterCount
    report.bflops = graph.bflops
    return Reading(record: record, small: small)
  }

  /// The network at the wanted size, or at the least larger one at which it is the same network: no
  /// window too large, no matrix of another size.
  private static func small(
    _ file: CfgFile, _ graph: Graph, _ wanted: (width: Int, height: Int)
  ) -> Graph {
    let own = graph.net.input
    let larger = [128, 192, 256, 320].map { (width: $0, height: $0) }
    for size in [wanted] + larger where size.width <= own.width && size.height <= own.height {
      guard let small = try? Graph(file, size: size),
        small.parameterCount == graph.parameterCount,
        small.nodes.allSatisfy({ $0.layer.output.count > 0 })
      else { continue }
      return small
    }
    return graph
  }

  private func run(
    _ graph: Graph, on backend: any Backend
  ) throws -> (trace: Trace, milliseconds: Double) {
    let weights = try Weights(seed: weightsSeed, for: graph)
    let options = PlanOptions(backend: backend, threads: threads, keepsAllOutputs: true)
    var session = try Session(Plan(graph, weights: weights, options: options))
    session.withInput { Weights.fillInput($0, seed: inputSeed) }
    let start = ContinuousClock.now
    session.run()
    let time = (ContinuousClock.now - start) / .milliseconds(1)
    return (Trace(session, cfg: graph.name), time)
  }

  /// The same difference with the line of the cfg that it is about.
  private func located(_ difference: Difference, _ file: CfgFile) -> Difference {
    let isNet = difference.section == NetSection.spec.name
    let index = difference.layer.map { $0 + 1 } ?? (isNet ? 0 : nil)
    guard let index, file.sections.indices.contains(index) else { return difference }
    let section = file.sections[index]
    var difference = difference
    difference.line =
      difference.key.flatMap { section.entry($0)?.keyLocation.line } ?? section.location.line
    return difference
  }
}
