/// A benchmark held against an earlier one.
public struct BenchmarkComparison: Sendable {
  public let changes: [Change]

  /// The medians of a run, or of one of its layers, then and now.
  public struct Change: Hashable, Sendable {
    public let name: String
    public let before: Double
    public let now: Double
    /// The layers that lost most, worst first; known when both benchmarks have layers.
    public let slowerLayers: [Change]

    /// By how much it is slower, in percent; below 0 when it is faster.
    public var percent: Double { (now / before - 1) * 100 }
  }

  /// Why two benchmarks say nothing about each other; nil when they do.
  public static func mismatch(_ now: Benchmark, _ before: Benchmark) -> String? {
    let facts = [
      (
        "input", "\(now.width)x\(now.height)x\(now.channels)",
        "\(before.width)x\(before.height)x\(before.channels)"
      ),
      ("work", "\(now.gflop) GFLOP", "\(before.gflop) GFLOP"),
    ]
    if let (what, new, old) = facts.first(where: { $0.1 != $0.2 }) {
      return "the \(what) is \(new) now and was \(old)"
    }
    if let run = before.runs.first(where: { !$0.milliseconds.median.isTime }) {
      return "the time of \(run.name) is \(run.milliseconds.median) milliseconds"
    }
    let runs = Set(before.runs.map(\.name))
    guard !now.runs.contains(where: { runs.contains($0.name) }) else { return nil }
    return "it has runs of \(runs.sorted().joined(separator: "; ")) alone"
  }

  public init(_ now: Benchmark, against before: Benchmark) {
    let earlier = Dictionary(before.runs.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    changes = now.runs.compactMap { run in
      earlier[run.name].map { Change(run, against: $0) }
    }
  }

  /// Kernels that both have.
  public init(_ now: KernelBenchmark, against before: KernelBenchmark) {
    let earlier = Dictionary(before.kernels.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    changes = now.kernels.compactMap { kernel in
      earlier[kernel.name].map {
        Change(kernel.name, $0.milliseconds.median, kernel.milliseconds.median)
      }
    }
  }

  /// Why a benchmark of kernels says nothing; nil when it does.
  public static func mismatch(_ now: KernelBenchmark, _ before: KernelBenchmark) -> String? {
    if let kernel = before.kernels.first(where: { !$0.milliseconds.median.isTime }) {
      return "the time of \(kernel.name) is \(kernel.milliseconds.median) milliseconds"
    }
    let names = Set(before.kernels.map(\.name))
    return now.kernels.contains { names.contains($0.name) } ? nil : "it has none of these kernels"
  }

  /// What is slower by more than `tolerance` percent.
  public func regressions(tolerance: Double) -> [Change] {
    changes.filter { $0.percent > tolerance }
  }
}

extension Double {
  /// Whether something can have taken so long.
  fileprivate var isTime: Bool { isFinite && self > 0 }
}

extension BenchmarkComparison.Change {
  /// How many layers are named.
  private static let layerLimit = 3

  fileprivate init(_ run: Benchmark.Run, against before: Benchmark.Run) {
    name = run.name
    (self.before, now) = (before.milliseconds.median, run.milliseconds.median)
    var slower: [Self] = []
    for (layer, old) in zip(run.layers ?? [], before.layers ?? []) {
      guard layer.section == old.section, layer.milliseconds > old.milliseconds else { continue }
      let name = "layer \(layer.index) [\(layer.section)]"
      slower.append(Self(name, old.milliseconds, layer.milliseconds))
    }
    slower.sort { $0.loss > $1.loss }
    slowerLayers = Array(slower.prefix(Self.layerLimit))
  }

  private var loss: Double { now - before }

  fileprivate init(_ name: String, _ before: Double, _ now: Double) {
    self.name = name
    (self.before, self.now) = (before, now)
    slowerLayers = []
  }
}
