import PenumbraCompute

/// The kernels and layers that `bench --kernels` measures.
public final class KernelSuite {
  private let cases: [any MeasuredKernel]
  private let meter: LimitMeter

  /// - Parameter filter: what the names of cases have to contain.
  /// - Throws: when there is no memory for them.
  public init(backends: [any Backend], threads: [Int], filter: String = "") throws {
    let isa = Kernels.current.instructionSet.description
    var cases: [any MeasuredKernel] = try LoopCase.all.compactMap { loop in
      let name = "\(loop.name)/\(isa)/1"
      return filter.isEmpty || name.contains(filter) ? try LoopTimer(name, loop) : nil
    }
    for shape in LayerShape.all {
      for backend in backends {
        for threads in threads {
          let name = "\(shape.name)/\(backend.name)/\(isa)/\(threads)"
          guard filter.isEmpty || name.contains(filter) else { continue }
          cases.append(try LayerTimer(name, shape, backend, threads: threads))
        }
      }
    }
    self.cases = cases
    meter = LimitMeter(threads: threads + [1])
  }

  public var count: Int { cases.count }

  /// - Throws: when there is no memory to measure limits with.
  public func run(for turns: Turns) throws(PlanError) -> KernelBenchmark {
    // The best of a few; later they would push everything out of the caches.
    for _ in 0..<3 { try meter.measureMemory() }
    turns.run(cases) { _ in meter.measureArithmetic() }
    let limits = meter.limits
    return KernelBenchmark(
      machine: .current, limits: limits, kernels: cases.map { $0.entry(limits) })
  }
}

/// A timer whose times are an entry of a kernel benchmark.
protocol MeasuredKernel: RepeatedRun {
  func entry(_ limits: Limits) -> KernelBenchmark.Entry
}

/// How often a case is run in one turn: once for its caches, then a few times.
enum Repetition {
  private static let turn = 5.0
  private static let most = 20

  /// - Parameter once: runs the case and returns milliseconds.
  static func samples(_ once: () -> Double) -> [Double] {
    let first = once()
    return (0..<max(1, min(most, Int(turn / max(first, 1e-6))))).map { _ in once() }
  }
}
