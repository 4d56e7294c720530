import ArgumentParser
import Foundation
import PenumbraCfg
import PenumbraEngine
import PenumbraSupport

/// `penumbra bench`: how fast a network runs on this machine.
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures how fast a network runs.",
    discussion: """
      Times are of the forward pass of the whole batch, in milliseconds. GFLOP/s count two \
      operations for each multiply-add of convolutions, connected and local layers, and nothing \
      else; 'peak' is their share of what fp32 multiply-adds reach without memory on as many \
      threads, measured between the runs. Lists of backends, threads, batches or streams run in \
      turns, so that the machine's moods meet all alike.

      --layers adds where the time goes: each layer's share, speed, kernels, and the bytes it \
      copies only to join tensors or to change their layout. --against-gemm also times bare sgemm \
      calls in the shapes of the convolutions, and the plain loop of im2col and sgemm, in the same \
      turns, and lists the least time of each.

      --json prints one object: cfg, width, height, channels, weights, gflop, machine (cpu, \
      processors, isa), limits, peak_rss_bytes, runs[] (backend, threads, streams, batch, \
      iterations, milliseconds (min, median, p90), gflops_per_second, share_of_peak, \
      images_per_second, arena_bytes, scratch_bytes, winograd (budget_bytes, used_bytes), and with \
      --layers layers[] (index, section, kernels[], milliseconds, share, gflops_per_second, \
      share_of_peak, gb_per_second, copied_bytes)), and with --against-gemm products. --compare reads such a file and exits with \
      status 1 when a median is slower than it by more than the tolerance.

      Without a cfg: --kernels measures kernels and layers of published networks one by one, \
      --limits what this machine can do at most. Both know --json; --kernels knows --compare.

      --training measures steps of training instead, with gradients of a made-up loss: forward, \
      backward and update of a mini-batch of --batch images. GFLOP/s count a convolution three \
      times, for outputs, gradients of inputs and gradients of weights. --json prints one object: \
      cfg, width, height, channels, machine, runs[] (backend, threads, batch, iterations, \
      milliseconds, forward, backward, update (min, median, p90), images_per_second, \
      gflops_per_second, share_of_peak, session_bytes, and with --layers layers[] (index, operation, \
      forward, backward)). \
      --dump writes the parameters and, as a weights file, what one pass adds to their gradients: \
      image i of the batch is filled from seed i + 1 by the rule of --seed, and element k of each \
      loss layer has the gradient (k % 7 - 3) / 10000.

      --worker serves a program that times several side by side: it takes CFG WEIGHTS INPUT HEADS \
      THREADS (INPUT: one image as raw little-endian floats; HEADS: layers, such as 16,23), says \
      'ready' and answers lines of stdin: 'run N' with N times in milliseconds, 'dump FOLDER' with \
      'ok' after writing head_<layer>.f32 for each of HEADS; 'quit' ends it. Only what HEADS need \
      is computed.

      EXAMPLE
        penumbra bench yolov4-tiny.cfg --backend blocked,blas --threads 1,2
      """)

  @Argument(help: ArgumentHelp("The cfg file.", valueName: "cfg")) var arguments: [String] = []
  @OptionGroup var weights: WeightsOptions
  @OptionGroup(title: "Input") var input: SizeOptions
  @OptionGroup(title: "Measurement") var measurement: MeasurementOptions
  @Flag(help: "Add the time of each layer.") var layers = false
  @Flag(help: "With --layers, the slowest layer first.") var sorted = false
  @Flag(help: "Compare the convolutions with sgemm of the same shapes.") var againstGemm = false
  @Flag(help: "Measure kernels and layers of published networks one by one.") var kernels = false
  @Flag(help: "Measure what this machine can do at most.") var limits = false
  @Option(help: "With --kernels or --limits, only what has this in its name.") var filter: String?
  @Flag(help: "Run on request; takes CFG WEIGHTS INPUT HEADS THREADS.") var worker = false
  @Flag(help: "Measure steps of training: forward, backward and update of a batch.")
  var training = false
  @Option(help: "With --training, also write parameters.weights and their gradients.weights here.")
  var dump: String?
  @OptionGroup var cfgs: CfgOptions
  @Flag(help: "Print the result as JSON.") var json = false
  @Option(help: "An earlier --json output to compare this one with.") var compare: String?
  @Option(help: "How much slower a median may be, in percent.") var tolerance = 5.0

  func validate() throws {
    if sorted, !layers { throw ValidationError("--sorted needs --layers") }
    guard tolerance >= 0, tolerance.isFinite else {
      throw ValidationError("--tolerance is \(tolerance), expected 0 or more")
    }
    guard compare == nil || !(limits || worker) else {
      throw ValidationError("--compare is for a cfg or --kernels")
    }
    guard [kernels, limits, worker, training].count(where: { $0 }) <= 1 else {
      throw ValidationError("give one of --kernels, --limits, --training and --worker")
    }
    if training { try validateTraining() }
    if dump != nil, !training { throw ValidationError("--dump needs --training") }
    if filter != nil, !kernels, !limits {
      throw ValidationError("--filter needs --kernels or --limits")
    }
    if kernels || limits {
      guard arguments.isEmpty else {
        throw ValidationError("\(kernels ? "--kernels" : "--limits") takes no cfg file")
      }
    } else if worker {
      _ = try WorkerArguments(arguments)
      guard measurement.backends.count == 1, try measurement.numbers.formats.count == 1,
        measurement.threads == nil
      else {
        throw ValidationError(
          "--worker runs one backend in one precision; THREADS is its last argument")
      }
    } else if arguments.count != 1 {
      throw ValidationError("bench takes one cfg file, found \(arguments.count) arguments")
    }
  }

  private func validateTraining() throws {
    guard measurement.streams == nil, try measurement.numbers.formats == [.fp32], !againstGemm,
      compare == nil, !sorted
    else {
      throw ValidationError(
        "--training knows no --streams, --precision, --against-gemm, --compare and --sorted")
    }
  }

  func run() throws {
    measurement.isa?.limit()
    try checkFiles()
    if kernels {
      try measureKernels()
    } else if limits {
      try measureLimits()
    } else if worker {
      try serve()
    } else if training {
      try measureTraining(arguments[0])
    } else {
      try measure(arguments[0])
    }
  }

  private func checkFiles() throws {
    guard let dump else { return }
    let names = ["parameters", "gradients"].map { "\(dump)/\($0).weights" }
    var files = OutputPlan()
    for cfg in arguments { files.reads(cfg: cfg, cfgs) }
    files.reads(weights.file, as: "the weights file")
    for name in names { try files.protects(name) }
    // An earlier dump consists of both.
    if let name = names.first(where: isThere), !names.allSatisfy(isThere) {
      throw InputError(
        "\(name.shownPath): the file exists, and is not of an earlier dump",
        help: "choose another folder for --dump", status: .cannotCreate)
    }
    try makeFolder(dump)
    for name in names { try files.writes(name) }
  }

  // MARK: A network

  private func measure(_ cfg: String) throws {
    let before = try compare.map {
      try EarlierResult<Benchmark>($0, madeBy: "penumbra bench CFG --json")
    }
    let graph = try Graph(cfgs.file(cfg), size: input.size)
    let weights = try weights.load(for: graph)
    let timers = try measurement.timers(graph, weights)
    let first = againstGemm ? timers.lazy.compactMap { $0 as? NetworkTimer }.first : nil
    let products = try first.map { try ProductTimer($0) }
    let meter = LimitMeter(threads: try measurement.concurrencies)
    measurement.turns.run(timers) { isWarmUp in
      products?.run(isWarmUp: isWarmUp)
      meter.measureArithmetic()
    }
    try weights.checkUnchanged()
    let benchmark = Benchmark(
      timers, limits: meter.limits, products: products?.benchmark, withLayers: layers)
    if json {
      try Output.object(benchmark)
    } else {
      BenchmarkText(benchmark, isSorted: sorted).lines.forEach(Output.line)
    }
    if let before {
      if let mismatch = BenchmarkComparison.mismatch(benchmark, before.value) {
        throw before.notComparable(mismatch)
      }
      try hold(BenchmarkComparison(benchmark, against: before.value))
    }
  }

  private func hold(_ comparison: BenchmarkComparison) throws {
    // With --json stdout holds the object alone.
    let print = json ? standardError : Output.line
    comparison.lines(tolerance: tolerance).forEach(print)
    guard comparison.regressions(tolerance: tolerance).isEmpty else {
      throw ExitCode(Failure.Status.thresholdMissed.rawValue)
    }
  }

  private func measureTraining(_ cfg: String) throws {
    let bench = try TrainingBench(cfg: cfgs.file(cfg), size: input.size) {
      try weights.load(for: $0)
    }
    var timers: [TrainingTimer] = []
    for backend in measurement.backends {
      for batch in try measurement.batches {
        for threads in try measurement.threadCounts {
          timers.append(try bench.timer(backend: backend, batch: batch, threads: threads))
        }
      }
    }
    if let dump { try TrainingBench.dump(timers[0], into: dump) }
    let meter = LimitMeter(threads: try measurement.threadCounts)
    measurement.turns.run(timers) { _ in meter.measureArithmetic() }
    if let failure = timers.lazy.compactMap(\.failure).first { throw failure }
    let results = timers.map {
      TrainingBench.Result($0, limits: meter.limits, withLayers: layers)
    }
    if json {
      try Output.object(bench.record(results))
    } else {
      TrainingBench.lines(results).forEach(Output.line)
    }
  }

  // MARK: Other

  private func measureKernels() throws {
    let before = try compare.map {
      try EarlierResult<KernelBenchmark>($0, madeBy: "penumbra bench --kernels --json")
    }
    let suite = try KernelSuite(
      backends: measurement.backends, threads: measurement.threadCounts, filter: filter ?? "")
    guard suite.count > 0 else {
      throw InputError(
        "no kernel has '\(filter ?? "")' in its name", help: "'penumbra bench --kernels' lists them"
      )
    }
    let benchmark = try suite.run(for: measurement.turns)
    if json {
      try Output.object(benchmark)
    } else {
      KernelText(benchmark).lines.forEach(Output.line)
    }
    if let before {
      if let mismatch = BenchmarkComparison.mismatch(benchmark, before.value) {
        throw before.notComparable(mismatch)
      }
      try hold(BenchmarkComparison(benchmark, against: before.value))
    }
  }

  private func measureLimits() throws {
    let meter = LimitMeter(threads: try measurement.concurrencies, filter: filter ?? "")
    guard meter.measuresSomething else {
      throw InputError(
        "no limit has '\(filter ?? "")' in its name", help: "'penumbra bench --limits' lists them")
    }
    let end = ContinuousClock.now + .seconds(measurement.seconds)
    var turns = 0
    repeat {
      meter.measureArithmetic()
      try meter.measureMemory()
      turns += 1
    } while turns < measurement.iterations ?? (ContinuousClock.now < end ? .max : 1)
    if json {
      try Output.object(MeasuredLimits(machine: .current, limits: meter.limits))
    } else {
      LimitsText(meter.limits).lines.forEach(Output.line)
    }
  }

  private func serve() throws {
    let arguments = try WorkerArguments(arguments)
    let graph = try Graph(cfgs.file(arguments.cfg), size: input.size)
    try arguments.check(graph)
    let plan = try Plan(
      graph, weights: Weights(contentsOf: arguments.weights, for: graph),
      options: PlanOptions(
        backend: measurement.backends[0], threads: arguments.threads, results: arguments.layers,
        precision: measurement.numbers.loaded()[0], fp32Layers: measurement.numbers.layers))
    var files = OutputPlan()
    files.reads(cfg: arguments.cfg, cfgs)
    files.reads(arguments.weights, as: "the weights file")
    files.reads(arguments.input, as: "the input")
    var worker = try Worker(
      plan, layers: arguments.layers, input: arguments.image(for: graph), files: files)
    try worker.serve()
  }
}

/// What `--limits --json` prints.
private struct MeasuredLimits: Encodable {
  let machine: Machine
  let limits: Limits
}

/// A result that was written down.
struct EarlierResult<Value: Decodable> {
  let path: String
  let value: Value

  /// - Parameter command: what makes such a file.
  init(_ path: String, madeBy command: String) throws {
    self.path = path
    let text = Data(try readFile(path, limit: 1 << 28))
    do throws(JSONProblem) {
      value = try JSON.decode(Value.self, from: text)
    } catch {
      throw InputError(
        "\(path.shownPath): not a benchmark: \(error.text)",
        help: "make it with '\(command)'")
    }
  }

  func notComparable(_ why: String) -> InputError {
    InputError(
      "\(path.shownPath): not comparable: \(why)",
      help: "measure the same cfg, size, batch, backend and threads")
  }
}
