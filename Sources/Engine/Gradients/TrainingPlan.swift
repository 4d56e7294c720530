/// How a graph is to be trained.
public struct TrainingOptions: Sendable {
  public var backend: any Backend
  /// Images of a mini-batch at most.
  public var batch: Int
  public var threads: Int
  /// The layers whose loss is what training lowers.
  public var lossLayers: [Int]
  /// Gradients do not reach this layer or those before it, `stopbackward`; -1 trains all.
  public var lastFrozenLayer: Int

  public init(
    backend: any Backend = Backends.standard, batch: Int, threads: Int? = nil, lossLayers: [Int],
    lastFrozenLayer: Int = -1
  ) {
    self.backend = backend
    self.batch = max(1, batch)
    self.threads = ThreadCount.clamped(threads)
    self.lossLayers = lossLayers
    self.lastFrozenLayer = lastFrozenLayer
  }
}

/// A graph made ready to be trained: its steps in both directions, and where every tensor, its
/// gradient and what is saved between the directions lie.
///
/// The counterpart of `Plan`. Its program keeps normalisation and activations as steps of their own.
public final class TrainingPlan: Sendable {
  public let graph: Graph
  public let options: TrainingOptions
  public let program: Program
  let flow: GradientFlow
  let memory: TrainingMemory
  let scratch: ScratchSize
  /// One a step; those that hold packed weights are this plan's session's alone.
  let kernels: [any TrainingKernel]

  public init(_ graph: Graph, options: TrainingOptions) throws(PlanError) {
    guard let program = Self.program(graph, options) else {
      throw .nothingToTrain
    }
    try ProgramCheck(program, of: graph).run()
    let flow = GradientFlow(program, lastFrozenLayer: options.lastFrozenLayer)
    let kernels = try program.steps.indices.map { index throws(PlanError) in
      try options.backend.trainingKernel(
        for: program.steps[index], in: program,
        needsInputGradient: flow.needsInputGradient(index))
    }
    memory = TrainingMemory(program, kernels, flow, batch: options.batch)
    try memory.check(program, kernels, flow, batch: options.batch)
    self.flow = flow
    scratch = ScratchSize(kernels)
    self.kernels = kernels
    self.graph = graph
    self.program = program
    self.options = options
  }

  /// Nil when there is no loss.
  private static func program(_ graph: Graph, _ options: TrainingOptions) -> Program? {
    guard !options.lossLayers.isEmpty else { return nil }
    var program = ProgramBuilder(graph, results: options.lossLayers, isTrained: true).program
    UseBatchStatistics().apply(to: &program)
    // Where a softmax is the loss, its gradient begins before it.
    for index in program.steps.indices
    where program.results.contains(program.steps[index].output) {
      guard let softmax = program.steps[index].operation as? NormalizeExponentials else { continue }
      program.steps[index].operation = LossSoftmax(softmax: softmax)
    }
    JoinInPlace(sharesMemory: false).apply(to: &program)
    for pass in options.backend.trainingPasses { pass.apply(to: &program) }
    return program
  }

  /// Bytes of the tensors, their gradients and what is saved.
  public var arenaBytes: Int { saturatingProduct(memory.count, MemoryLayout<Float>.stride) }
  public var scratchBytes: Int { scratch.bytes(threads: options.threads) }
  /// Bytes of weights in the form that kernels take.
  public var packedBytes: Int { kernels.reduce(0) { saturatingSum($0, $1.packedBytes) } }
  /// Bytes that making a session allocates; the parameters, their gradients and an optimizer's
  /// moments, which it is given, come on top.
  public var sessionBytes: Int {
    saturatingSum(saturatingSum(arenaBytes, scratchBytes), packedBytes)
  }
}

/// A softmax whose cross-entropy is the loss: the gradient is given before it.
struct LossSoftmax: Operation {
  let softmax: NormalizeExponentials
  var name: String { softmax.name }

  func run(_ call: borrowing KernelCall) { softmax.run(call) }
}

extension LossSoftmax: Differentiable {
  var keeps: KeptTensors { [] }

  func backward(_ call: borrowing BackwardCall) { call.passOn() }
}
