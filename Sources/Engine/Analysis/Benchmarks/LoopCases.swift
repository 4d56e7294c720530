import PenumbraCompute

/// An elementwise kernel over vectors of one length.
struct LoopCase: Sendable {
  /// Kind and length.
  let name: String
  let count: Int
  /// Vectors of `count` floats read; one is written.
  let inputs: Int
  let run:
    @Sendable (Kernels, _ x: [UnsafeMutablePointer<Float>], _ y: UnsafeMutablePointer<Float>)
      -> Void

  /// Everything at a length that the innermost cache holds, and one that it does not.
  static let all = [1024, 1 << 20].flatMap { count in
    let activations: [Activation] = [
      .leaky, .relu, .relu6, .mish, .swish, .logistic, .tanh, .gelu, .elu, .hardMish,
    ]
    return activations.map { activation in
      LoopCase("activate-\(activation)", count, inputs: 1) { kernels, x, y in
        kernels.activate(activation, x[0], into: y, count: count)
      }
    } + [
      LoopCase("exponential", count, inputs: 1) { kernels, x, y in
        kernels.exponential(x[0], into: y, count: count)
      },
      LoopCase("add", count, inputs: 2) { kernels, x, y in
        kernels.add(x[0], x[1], into: y, count: count)
      },
      LoopCase("multiply", count, inputs: 2) { kernels, x, y in
        kernels.multiply(x[0], x[1], into: y, count: count)
      },
    ]
  }

  private init(
    _ kind: String, _ count: Int, inputs: Int,
    run:
      @escaping @Sendable (
        Kernels, [UnsafeMutablePointer<Float>], UnsafeMutablePointer<Float>
      ) -> Void
  ) {
    name = "\(kind)/\(count)"
    self.count = count
    self.inputs = inputs
    self.run = run
  }
}

/// Times a loop on one thread.
final class LoopTimer: MeasuredKernel {
  private let name: String
  private let loop: LoopCase
  private let memory: AlignedBuffer<Float>
  private let vectors: [UnsafeMutablePointer<Float>]
  /// Calls of one sample, so that the clock does not count.
  private let calls: Int
  private var samples: [Double] = []

  private static let sampledFloats = 1 << 18
  /// Between vectors, so that they do not meet in the same sets of a cache.
  private static let gap = 80

  init(_ name: String, _ loop: LoopCase) throws(PlanError) {
    self.name = name
    self.loop = loop
    let stride = loop.count + Self.gap
    do throws(ComputeError) {
      memory = try AlignedBuffer(count: stride * (loop.inputs + 1))
    } catch {
      throw .noMemory(needed: 4 * stride * (loop.inputs + 1), "\(error)")
    }
    Weights.fillInput(memory.buffer, seed: 1)
    let base = memory.baseAddress
    vectors = (0...loop.inputs).map { base + $0 * stride }
    calls = max(1, Self.sampledFloats / loop.count)
  }

  func run(isWarmUp: Bool) {
    let times = Repetition.samples {
      var watch = Stopwatch()
      for _ in 0..<calls { loop.run(.current, vectors, vectors[loop.inputs]) }
      return watch.lap() / Double(calls)
    }
    if !isWarmUp { samples += times }
  }

  func entry(_ limits: Limits) -> KernelBenchmark.Entry {
    KernelBenchmark.Entry(
      name: name, kernels: [], Timing(samples),
      Work(readBytes: 4 * loop.count * loop.inputs, writtenBytes: 4 * loop.count), limits,
      threads: 1)
  }
}
