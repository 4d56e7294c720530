public import PenumbraCfg
import PenumbraCompute
import PenumbraData
public import PenumbraEngine
import PenumbraImaging
import PenumbraSupport

/// Trains a network: images through it and back, an update, and at times a validation and a
/// checkpoint.
///
/// A run is a function of cfg, data, seed and starting weights: the same bits for any number of
/// threads, and whether or not it was interrupted and resumed.
public final class Trainer {
  /// What judges the network at validations: weights and iteration to metrics, or nil where it was
  /// asked to stop.
  public typealias Judge = (
    _ weights: Weights, _ iteration: Int, _ shouldStop: () -> Bool
  ) throws -> ValidationRecord?

  public let graph: Graph
  public let hyperparameters: Hyperparameters
  public let options: TrainerOptions
  public let names: CheckpointNames
  public internal(set) var state: TrainingState
  /// The numbers being trained.
  public var parameters: ParameterBuffer { sessions.parameters }

  let losses: [LayerLoss]
  let optimizer: Optimizer
  let sessions: SizedSession
  let batches: any BatchSource
  let threads: Int
  let judge: Judge?
  let validationImages: Int?
  let stepBytes: Int
  let parameterBytes: Int
  /// Of `hyperparameters`, but as divided for the memory at hand.
  var subdivisions: Int { state.subdivisions }
  var batch: Int { state.batch }

  // Of this process alone.
  private var isResumed = false
  private let clock = ContinuousClock()
  private var started: ContinuousClock.Instant
  private var lastSaved: ContinuousClock.Instant
  private var secondsAnIteration: Double?
  /// The iteration after which the last weights were written.
  private var savedIteration: Int?
  var warnings: [String] = []

  /// - Parameters:
  ///   - file: the network's cfg.
  ///   - hyperparameters: as its `[net]` states them, or changed; their batch is the one used.
  ///   - weights: where to start; nil starts from random numbers.
  ///   - isCleared: whether counting starts at 0 whatever the weights have seen.
  ///   - batches: the images to learn from.
  ///   - judge: nil for no validation.
  ///   - validationImages: how many images it judges by, for the record.
  /// - Throws: what is wrong with the cfg, or when a step does not fit into memory.
  public init(
    _ file: CfgFile, hyperparameters: Hyperparameters, options: TrainerOptions,
    names: CheckpointNames, from weights: Weights? = nil, isCleared: Bool = false,
    batches: any BatchSource, validationImages: Int? = nil, judge: Judge? = nil
  ) throws {
    graph = try Graph(file)
    losses = try LayerLoss.losses(of: graph, net: file.sections[0])
    guard !losses.isEmpty else { throw TrainingError.noLoss(network: graph.name) }
    let batch = hyperparameters.batch
    try Self.checkParameters(graph, limit: options.memoryLimit, batch: batch)
    optimizer = try Optimizer(graph, hyperparameters, threads: options.threads)
    let plain = TrainingOptions(
      backend: options.backend, batch: 1, threads: options.threads,
      lossLayers: losses.map(\.layer), lastFrozenLayer: optimizer.rules.lastFrozenLayer)
    let parameters = try ParameterBuffer(initialFor: graph, seed: options.seed, from: weights)
    parameterBytes = Self.bytesKept(parameters, optimizer)
    let kept = parameterBytes
    let largest = try SizedSession.graph(
      file, width: batches.largestSize.width, height: batches.largestSize.height,
      like: parameters.layout)
    let subdivisions = try BatchDivision.fitting(
      batch: batch, subdivisions: hyperparameters.subdivisions, limit: options.memoryLimit
    ) { saturatingSum(kept, try SizedSession.stepBytes(largest, plain, images: $0)) }
    var divided = plain
    divided.batch = batch / subdivisions
    stepBytes = try SizedSession.stepBytes(largest, plain, images: divided.batch)
    sessions = try SizedSession(file, parameters: parameters, options: divided)

    state = TrainingState(
      cfg: file.name, cfgChecksum: Self.checksum(file), seed: options.seed, batch: batch,
      subdivisions: subdivisions)
    state.circumstances = options.circumstances.merging([
      "the backend": options.backend.name, "the instruction set": Runtime.instructionSet,
    ]) { $1 }
    if let weights, !isCleared {
      guard weights.header.seen <= TrainingState.mostSeen else {
        throw TrainingError.implausibleSeen(weights.header.seen, weights: weights.origin)
      }
      state.seen = weights.header.seen
      state.iteration = Int(clamping: weights.header.seen / UInt64(batch))
    }
    self.hyperparameters = hyperparameters
    self.options = options
    self.names = names
    self.batches = batches
    self.judge = judge
    self.validationImages = validationImages
    threads = divided.threads
    started = clock.now
    lastSaved = clock.now
  }

  /// Refuses parameters that do not fit, with their gradients, before they are made.
  private static func checkParameters(_ graph: Graph, limit: Int?, batch: Int) throws {
    let bytes = saturatingProduct(8, graph.parameterCount)
    if let limit, bytes > limit {
      throw TrainingError.overMemory(limit: limit, needed: bytes, batch: batch)
    }
    try Plan.checkMachine(bytes: bytes)
  }

  /// Bytes of the parameters, their gradients and all that the optimizer keeps.
  private static func bytesKept(_ parameters: ParameterBuffer, _ optimizer: Optimizer) -> Int {
    let one = saturatingProduct(4, parameters.values.count)
    return saturatingProduct(one, 2 + optimizer.states.count + (optimizer.average == nil ? 0 : 1))
  }

  private static func checksum(_ file: CfgFile) -> String {
    Array(file.description.utf8).withUnsafeBytes { String(Checksum.of($0), radix: 16) }
  }

  // MARK: Resuming

  /// Goes on where a run stopped.
  ///
  /// - Returns: what differs from that run, so that the rest is not what it would have been.
  /// - Throws: `StateError` where the state is of another network, batch or seed.
  public func resume(_ path: String) throws -> [String] {
    let file = try StateFile(path)
    let found = file.state
    guard found.batch == batch else {
      throw StateError(path, .otherBatch(found: found.batch, expected: batch))
    }
    guard found.seed == state.seed else {
      throw StateError(path, .otherSeed(found: found.seed, expected: state.seed))
    }
    try file.restore(stateBuffers)
    var differences: [String] = []
    if found.cfgChecksum != state.cfgChecksum {
      differences.append("\(state.cfg) has changed since \(path) was written")
    }
    if found.subdivisions != state.subdivisions {
      differences.append(
        "the run had subdivisions=\(found.subdivisions), now it is \(state.subdivisions)")
    }
    for (name, now) in (state.circumstances ?? [:]).sorted(by: { $0.key < $1.key }) {
      if let before = found.circumstances?[name], before != now {
        differences.append("the run had \(name) \(before.quotable), now it is \(now)")
      }
    }
    let now = state
    state = found
    (state.cfg, state.cfgChecksum, state.subdivisions) = (
      now.cfg, now.cfgChecksum, now.subdivisions
    )
    state.circumstances = now.circumstances
    isResumed = true
    optimizer.average?.hasBegun = found.hasAverage
    try sessions.parametersChanged(everywhere: true)
    return differences
  }

  /// The seed of the run that a state file belongs to.
  public static func seed(ofState path: String) throws -> UInt64 { try StateFile(path).state.seed }

  /// The name of the cfg of that run.
  public static func cfg(ofState path: String) throws -> String { try StateFile(path).state.cfg }

  var stateBuffers: [StateFile.Buffer] {
    var buffers = [StateFile.Buffer(name: "weights", values: parameters)]
    buffers += optimizer.states.map { StateFile.Buffer(name: $0.name, values: $0.values) }
    if let average = optimizer.average {
      buffers.append(StateFile.Buffer(name: "average", values: average.values))
    }
    return buffers
  }

  // MARK: The run

  /// Throws `TrainingError.nothingLeft` where all iterations are done and judged already.
  public func checkWork() throws(TrainingError) {
    guard let iterations = options.iterations, state.iteration >= iterations,
      state.owesValidation != true
    else { return }
    throw .nothingLeft(
      iteration: state.iteration, iterations: iterations, isResumed: isResumed)
  }

  /// Trains until the last iteration, or until something ends it before.
  ///
  /// - Parameters:
  ///   - shouldStop: asked after each iteration and before each image of a validation; true writes
  ///     a checkpoint and ends the run. A validation cut short is made up for when the run is resumed.
  ///   - report: hears of everything in order.
  /// - Throws: `TrainingError.notFinite`, what loading images and validating throw, and `WeightsError`
  ///   where a checkpoint cannot be written.
  public func run(
    shouldStop: () -> Bool = { false }, report: (TrainingEvent) throws -> Void
  ) throws -> TrainingEnd {
    try checkWork()
    started = clock.now
    lastSaved = clock.now
    try report(.start(startRecord))
    var reason: TrainingEnd?
    while reason == nil {
      // An interrupted run may have had its last iteration, but not the validation after it.
      let owesValidation = state.owesValidation == true
      if !owesValidation { try report(.iteration(try iterate())) }
      reason = endReason(shouldStop)
      if owesValidation || isValidationDue || reason == .finished || reason == .outOfTime {
        try saveBeforeValidation(report)
        let verdict = try validate(shouldStop, report)
        state.owesValidation = verdict == .interrupted ? true : nil
        switch verdict {
        case .goOn: break
        case .waitedLongEnough: reason = reason ?? .stoppedEarly
        case .interrupted: reason = .interrupted
        }
        if reason == nil, shouldStop() { reason = .interrupted }
      }
      try save(isLast: reason != nil, isFinal: reason != nil && reason != .interrupted, report)
    }
    let end = reason ?? .finished
    try report(.end(end, iteration: state.iteration))
    return end
  }

  private func endReason(_ shouldStop: () -> Bool) -> TrainingEnd? {
    if let iterations = options.iterations, state.iteration >= iterations { return .finished }
    if shouldStop() { return .interrupted }
    if let seconds = options.seconds, (clock.now - started) / .seconds(1) >= seconds {
      return .outOfTime
    }
    return nil
  }

  // MARK: One iteration

  private func iterate() throws -> IterationRecord {
    let start = clock.now
    let examples = try batches.examples(iteration: state.iteration)
    let loaded = clock.now
    let size = (examples[0].image.width, examples[0].image.height)
    let step = TrainingStep(
      session: try sessions.session(width: size.0, height: size.1), losses: losses,
      threads: threads)
    step.session.clearGradients()
    var parts = [LossParts](repeating: LossParts(), count: losses.count)
    let images = batch / subdivisions
    for first in stride(from: 0, to: batch, by: images) {
      let moment = TrainingMoment(seed: state.seed, iteration: state.iteration, firstImage: first)
      state.seen += UInt64(images)
      let found = try step.run(
        examples[first..<first + images], moment: moment, seen: Int(clamping: state.seen))
      for (index, part) in found.enumerated() { parts[index] += part }
    }
    state.iteration += 1
    let rate = hyperparameters.learningRate.rate(iteration: state.iteration)
    let overflow = optimizer.step(
      parameters: parameters, gradients: sessions.gradients, iteration: state.iteration, rate: rate)
    if let overflow { throw notFinite(overflow.layer) }
    state.hasAverage = optimizer.average?.hasBegun ?? false
    try sessions.parametersChanged()
    let seconds = (clock.now - start) / .seconds(1)
    return record(
      parts, size: size, rate: rate, seconds: seconds, waiting: (loaded - start) / .seconds(1))
  }

  private func notFinite(_ layer: Int) -> TrainingError {
    .notFinite(
      iteration: state.iteration, layer: layer, section: graph.nodes[layer].name, what: .parameters)
  }

  private func record(
    _ parts: [LossParts], size: (Int, Int), rate: Float, seconds: Double, waiting: Double
  ) -> IterationRecord {
    let loss = IterationLoss(parts, layers: losses.map(\.layer), images: batch)
    let average = state.averageLoss.map { 0.9 * $0 + 0.1 * loss.total } ?? loss.total
    state.averageLoss = average
    let usual = secondsAnIteration.map { 0.95 * $0 + 0.05 * seconds } ?? seconds
    secondsAnIteration = usual
    return IterationRecord(
      iteration: state.iteration, images: state.seen,
      epoch: batches.imageCount.map { Double(state.iteration) * Double(batch) / Double($0) },
      loss: loss.total, averageLoss: average, box: loss.box, objectness: loss.objectness,
      classification: loss.classification, overlap: loss.overlap, layers: loss.layers,
      rate: Double(rate), width: size.0, height: size.1, seconds: seconds, secondsWaiting: waiting,
      imagesPerSecond: Double(batch) / max(seconds, 1e-9),
      secondsLeft: options.iterations.map { Double($0 - state.iteration) * usual })
  }

  // MARK: Checkpoints

  /// Writes the last weights, so that nothing that happens in a validation loses them. A run resumed
  /// from there validates first.
  private func saveBeforeValidation(_ report: (TrainingEvent) throws -> Void) throws {
    guard judge != nil, savedIteration != state.iteration else { return }
    state.owesValidation = true
    if try write([.last], report) {
      savedIteration = state.iteration
      lastSaved = clock.now
    }
  }

  private func save(
    isLast: Bool, isFinal: Bool, _ report: (TrainingEvent) throws -> Void
  ) throws {
    let since = (clock.now - lastSaved) / .seconds(1)
    var kinds: [CheckpointNames.Kind] = []
    if options.cadence.isNumberedDue(state.iteration) { kinds.append(.iteration(state.iteration)) }
    let isDue = options.cadence.isLastDue(state.iteration, secondsSince: since)
    if isLast || isDue && savedIteration != state.iteration {
      savedIteration = state.iteration
      kinds.append(.last)
      lastSaved = clock.now
    }
    if isFinal { kinds.append(.final) }
    try write(kinds, isLast: isLast, report)
  }
}
