import PenumbraCompute

/// How a graph is to be run.
public struct PlanOptions: Sendable {
  public var backend: any Backend
  /// Images of one run at most.
  public var batch: Int
  /// Threads that take part in a run at most.
  public var threads: Int
  /// Whether every layer's output can be read after a run, at the price of memory.
  public var keepsAllOutputs: Bool
  /// The layers whose outputs can be read after a run, unless all can; nil means the heads and the
  /// network's output. What none of them needs is not computed.
  public var results: [Int]?
  /// Bytes of weights, activations and scratch of one session; nil leaves it to the machine.
  public var memoryLimit: Int?
  /// In what convolutions multiply where the backend has kernels for it.
  public var precision: Precision
  /// The layers in fp32 whatever the precision; nil means the first convolutions and those that
  /// heads read.
  public var fp32Layers: [Int]?
  /// Where packed weights are kept from one start to the next; nil packs them every time.
  public var packCache: PackCacheLocation?

  public init(
    backend: any Backend = Backends.standard, batch: Int = 1, threads: Int? = nil,
    keepsAllOutputs: Bool = false, results: [Int]? = nil, memoryLimit: Int? = nil,
    precision: Precision = .fp32, fp32Layers: [Int]? = nil,
    packCache: PackCacheLocation? = nil
  ) {
    self.backend = backend
    self.batch = max(1, batch)
    self.threads = ThreadCount.clamped(threads)
    self.keepsAllOutputs = keepsAllOutputs
    self.results = results
    self.memoryLimit = memoryLimit
    self.precision = precision
    self.fp32Layers = fp32Layers
    self.packCache = packCache
  }
}

/// A graph made ready to run: its steps, their kernels, and where every tensor lies.
///
/// Immutable and shared by all sessions. Everything that can be wrong is found on the way here.
public final class Plan: Sendable {
  public let graph: Graph
  public let weights: Weights
  public let options: PlanOptions
  public let program: Program
  let layout: ArenaLayout
  let kernels: [any Kernel]
  let scratch: ScratchSize
  /// Packed weights that kernels read from their file.
  private let packedFile: PackedFile?
  /// Bytes of the weights, and of those that are kept transformed.
  public let weightsBytes: Int
  /// What came of `PlanOptions.packCache`.
  public let packCacheOutcome: PackCacheOutcome

  public init(_ graph: Graph, weights: Weights, options: PlanOptions = PlanOptions())
    throws(PlanError)
  {
    try Self.checkCalibration(graph, options)
    let program = Plan.program(graph, options)
    try ProgramCheck(program, of: graph).run()
    layout = ArenaLayout(program, batch: options.batch)
    try layout.check(program, batch: options.batch)
    weightsBytes = program.weightsBytes(of: graph)
    // Before kernels pack weights, which may be most of it.
    try options.check(bytes: saturatingSum(saturatingProduct(layout.count, 4), weightsBytes))
    try Self.checkNumbers(of: weights, options)
    let cache = PackCache(program, options, weights)
    kernels = try Self.kernels(program, options.backend, weights, cache)
    packCacheOutcome = cache?.finish() ?? .unused
    packedFile = cache?.file
    scratch = ScratchSize(kernels)
    self.graph = graph
    self.weights = weights
    self.options = options
    self.program = program
    try options.check(bytes: saturatingSum(sessionBytes, weightsBytes))
    do throws(WeightsError) { try checkFilesUnchanged() } catch { throw .weights(error) }
  }

  /// Refuses a network whose weights alone do not fit, before they are read or made; the plan itself
  /// counts activations too.
  ///
  /// - Throws: where they exceed the limit of the options, or the memory of this machine.
  public static func checkWeights(of graph: Graph, _ options: PlanOptions) throws(PlanError) {
    let bytes = saturatingProduct(4, graph.parameterCount)
    try options.check(bytes: bytes)
    try checkMachine(bytes: bytes)
  }

  /// - Throws: where the machine does not have so many bytes.
  public static func checkMachine(bytes: Int) throws(PlanError) {
    guard bytes <= physicalMemoryBytes else {
      throw .noMemory(needed: bytes, "this machine has \(bytesText(physicalMemoryBytes))")
    }
  }

  /// Whether the files that kernels read from are still those that were opened; see
  /// `Weights.checkUnchanged`.
  ///
  /// - Throws: `WeightsError` for one that was truncated or written to since.
  public func checkFilesUnchanged() throws(WeightsError) {
    try weights.checkUnchanged()
    try packedFile?.checkUnchanged()
  }

  /// - Throws: when a layer to keep in fp32 is none of the network's, and for int8, when the calibration
  ///   is of another network.
  public static func checkCalibration(
    _ graph: Graph, _ options: PlanOptions
  ) throws(PlanError) {
    if let layer = options.fp32Layers?.first(where: { !graph.nodes.indices.contains($0) }) {
      throw .noSuchLayer(layer, layers: graph.nodes.count)
    }
    guard case .int8(let calibration) = options.precision else { return }
    if let fault = calibration.fault {
      throw .badCalibration(calibration: calibration.cfg, fault)
    }
    guard calibration.parameters == graph.parameterCount else {
      throw .calibratedElsewhere(
        calibration: calibration.cfg, parameters: calibration.parameters,
        expected: graph.parameterCount)
    }
    if let layer = ChoosePrecision(graph, options).uncalibrated {
      throw .notCalibrated(layer: layer, calibration: calibration.cfg)
    }
  }

  /// Bytes stand for no NaN, so that broken weights would give boxes: fp32 and bf16 keep it to the
  /// end, where it is reported.
  private static func checkNumbers(of weights: Weights, _ options: PlanOptions) throws(PlanError) {
    guard case .int8 = options.precision else { return }
    do throws(WeightsError) { try weights.checkNumbers() } catch { throw .weights(error) }
  }

  private static func kernels(
    _ program: Program, _ backend: any Backend, _ weights: Weights, _ cache: PackCache?
  ) throws(PlanError) -> [any Kernel] {
    let result = PackCache.$current.withValue(cache) { () -> Result<[any Kernel], PlanError> in
      Result { () throws(PlanError) in
        try program.steps.map { step throws(PlanError) in
          // So that never more than one layer stands in memory twice.
          defer { weights.release(layer: step.layer) }
          return try backend.kernel(for: step, in: program, weights: weights)
        }
      }
    }
    return try result.get()
  }

  /// The operations of a graph as the backend's passes leave them. Needs no weights.
  public static func program(_ graph: Graph, _ options: PlanOptions) -> Program {
    var program = ProgramBuilder(graph, results: options.results(of: graph)).program
    ChoosePrecision(graph, options).apply(to: &program)
    for pass in options.backend.passes { pass.apply(to: &program) }
    return program
  }

  /// Bytes of activations that one session holds at most.
  public var arenaBytes: Int { saturatingProduct(layout.count, MemoryLayout<Float>.stride) }
  /// Bytes of scratch memory that one session holds.
  public var scratchBytes: Int { scratch.bytes(threads: options.threads) }
  /// Bytes that making a session allocates.
  public var sessionBytes: Int { saturatingSum(arenaBytes, scratchBytes) }
  /// Bytes moved for one image only to join or divide tensors, or to change their layout.
  public var copiedBytes: Int { program.copiedBytes }
}

extension Program {
  /// Bytes of a graph's weights, and of those that are kept transformed for Winograd convolutions.
  fileprivate func weightsBytes(of graph: Graph) -> Int {
    saturatingSum(saturatingProduct(4, graph.parameterCount), transformedWeightBytes)
  }
}

extension PlanOptions {
  fileprivate func check(bytes: Int) throws(PlanError) {
    guard let memoryLimit, bytes > memoryLimit else { return }
    throw .overLimit(needed: bytes, limit: memoryLimit)
  }

  fileprivate func results(of graph: Graph) -> [Int] {
    if keepsAllOutputs { return Array(graph.nodes.indices) }
    return results ?? graph.heads.map(\.layer) + [graph.outputLayer]
  }
}
