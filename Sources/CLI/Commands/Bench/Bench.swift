import ArgumentParser
import Foundation
import PenumbraCfg
import PenumbraEngine

/// `penumbra bench`: how fast a network runs on this machine.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures how fast a network runs.",
    discussion: """
      Times are of the forward pass of the whole batch, in milliseconds. GFLOP/s count two \
      operations for each multiply-add of convolutions, connected and local layers, and nothing \
      else. Lists of backends or threads run in turns, so that the machine's moods meet all alike.

      --against-gemm also times bare sgemm calls in the shapes of the convolutions, and the plain \
      loop of im2col and sgemm, in the same turns, and lists the least time of each.

      --json prints one object: cfg, width, height, channels, batch, weights, gflop, machine (cpu, \
      processors, isa), peak_rss_bytes, runs[] (backend, threads, iterations, milliseconds (min, \
      median, p90), gflops_per_second, images_per_second, arena_bytes, scratch_bytes, and with \
      --layers layers[] (index, section, milliseconds, share, gflops_per_second)), and with \
      --against-gemm products. --compare reads such a file and exits with status 1 when a median is \
      slower than it by more than the tolerance.

      --worker serves a program that times several side by side: it takes CFG WEIGHTS INPUT HEADS \
      THREADS (INPUT: one image as raw little-endian floats; HEADS: layers, such as 16,23), says \
      'ready' and answers lines of stdin: 'run N' with N times in milliseconds, 'dump FOLDER' with \
      'ok' after writing head_<layer>.f32 for each of HEADS; 'quit' ends it. Only what HEADS need \
      is computed.

      EXAMPLE
        penumbra bench yolov4-tiny.cfg --backend blas,reference --threads 1,2
      """)

  @Argument(help: ArgumentHelp("The cfg file.", valueName: "cfg")) var arguments: [String]
  @OptionGroup var weights: WeightsOptions
  @OptionGroup(title: "Input") var input: SizeOptions
  @OptionGroup(title: "Measurement") var measurement: MeasurementOptions
  @Flag(help: "Add the time of each layer.") var layers = false
  @Flag(help: "With --layers, the slowest layer first.") var sorted = false
  @Flag(help: "Compare the convolutions with sgemm of the same shapes.") var againstGemm = false
  @Flag(help: "Run on request; takes CFG WEIGHTS INPUT HEADS THREADS.") var worker = false
  @Flag(help: "Print the result as JSON.") var json = false
  @Option(help: "An earlier --json output to hold this one against.") var compare: String?
  @Option(help: "How much slower a median may be, in percent.") var tolerance = 5.0

  func validate() throws {
    if sorted, !layers { throw ValidationError("--sorted needs --layers") }
    guard tolerance >= 0 else { throw ValidationError("--tolerance is \(tolerance), below 0") }
    if worker {
      _ = try WorkerArguments(arguments)
      guard measurement.combinations.count == 1, measurement.threads == nil else {
        throw ValidationError("--worker runs one backend; THREADS is its last argument")
      }
    } else if arguments.count != 1 {
      throw ValidationError("bench takes one cfg file, found \(arguments.count) arguments")
    }
  }

  func run() throws {
    if worker { try serve() } else { try measure(arguments[0]) }
  }

  private func serve() throws {
    let arguments = try WorkerArguments(arguments)
    measurement.isa?.limit()
    let graph = try Graph(CfgFile(contentsOf: arguments.cfg), size: input.size)
    try arguments.check(graph)
    let plan = try Plan(
      graph, weights: Weights(contentsOf: arguments.weights, for: graph),
      options: PlanOptions(
        backend: measurement.combinations[0].backend, threads: arguments.threads,
        results: arguments.layers))
    var worker = try Worker(plan, layers: arguments.layers, input: arguments.image(for: graph))
    try worker.serve()
  }

  private func measure(_ cfg: String) throws {
    let before = try compare.map(EarlierBenchmark.init)
    measurement.isa?.limit()
    let graph = try Graph(CfgFile(contentsOf: cfg), size: input.size)
    let weights = try weights.load(for: graph)
    let timers = try measurement.combinations.map { backend, threads in
      try NetworkTimer(
        Plan(
          graph, weights: weights,
          options: PlanOptions(backend: backend, batch: input.batch, threads: threads)))
    }
    let products = againstGemm ? try ProductTimer(timers[0]) : nil
    NetworkTimer.run(timers, for: measurement.duration) { products?.run(isWarmUp: $0) }

    let benchmark = Benchmark(timers, products: products?.benchmark, withLayers: layers)
    if json {
      Output.line(try Output.json(benchmark))
    } else {
      BenchmarkText(benchmark, isSorted: sorted).lines.forEach(Output.line)
    }
    if let before { try hold(benchmark, against: before) }
  }

  private func hold(_ now: Benchmark, against before: EarlierBenchmark) throws {
    if let mismatch = BenchmarkComparison.mismatch(now, before.benchmark) {
      throw InputError(
        "\(before.path): not comparable: \(mismatch)",
        help: "measure the same cfg, size, batch, backend and threads")
    }
    let comparison = BenchmarkComparison(now, against: before.benchmark)
    // With --json stdout holds the object alone.
    let print = json ? standardError : Output.line
    comparison.lines(tolerance: tolerance).forEach(print)
    guard comparison.regressions(tolerance: tolerance).isEmpty else {
      throw ExitCode(Failure.Status.thresholdMissed.rawValue)
    }
  }
}

/// What is measured, and for how long.
struct MeasurementOptions: ParsableArguments {
  @Option(help: "What computes, or a list of it: blas, reference.")
  var backend = "blas"

  @Option(help: "Threads, or a list of numbers such as 1,2; all processors by default.")
  var threads: String?

  @Option(help: "The highest instruction set used: baseline, avx2, avx512 or neon.")
  var isa: InstructionSetName?

  @Option(help: "Runs of each combination, in place of --seconds.")
  var iterations: Int?

  @Option(help: "How long to measure, all combinations together.")
  var seconds = 5.0

  @Option(name: .customLong("warm-up"), help: "Runs that do not count.")
  var warmUps = 2

  func validate() throws {
    for name in names { try checkBackend(name) }
    for count in counts {
      guard let count, (1...256).contains(count) else {
        throw ValidationError("--threads is '\(threads ?? "")', expected numbers from 1 to 256")
      }
    }
    if let iterations, !(1...1_000_000).contains(iterations) {
      throw ValidationError("--iterations is \(iterations), expected 1 to 1000000")
    }
    guard (0...86400).contains(seconds) else {
      throw ValidationError("--seconds is \(seconds), expected 0 to 86400")
    }
    guard (0...1000).contains(warmUps) else {
      throw ValidationError("--warm-up is \(warmUps), expected 0 to 1000")
    }
  }

  private var names: [String] { list(backend) }
  private var counts: [Int?] { threads.map { list($0).map { Int($0) } } ?? [Runtime.processors] }

  private func list(_ text: String) -> [String] {
    text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  var combinations: [(backend: any Backend, threads: Int)] {
    names.compactMap(Backends.named).flatMap { backend in
      counts.compactMap { $0 }.map { (backend, $0) }
    }
  }

  var duration: NetworkTimer.Duration {
    NetworkTimer.Duration(iterations: iterations, seconds: seconds, warmUps: warmUps)
  }
}

/// A benchmark that was written down.
struct EarlierBenchmark {
  let path: String
  let benchmark: Benchmark

  init(_ path: String) throws {
    self.path = path
    do {
      benchmark = try JSONDecoder().decode(
        Benchmark.self, from: Data(try readText(path, limit: 1 << 28)))
    } catch is DecodingError {
      throw InputError("\(path): not a benchmark", help: "make it with 'penumbra bench --json'")
    }
  }
}
