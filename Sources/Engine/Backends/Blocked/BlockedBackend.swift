import PenumbraCompute

/// Channels in blocks at each pixel: direct and Winograd convolutions that apply what follows them
/// before they store, and kernels that read and write blocks for what stands between them.
public struct BlockedBackend: Backend {
  public let name = "blocked"
  public let formats = NumberFormat.allCases
  public var passes: [any Pass] {
    [
      FoldBatchNormalization(), FuseActivation(), FuseResidual(),
      FuseExpansion(leastBytes: expandedBytes), JoinInPlace(), AssignLayouts(),
      ChooseMethods(budget: winogradBudget, only: method), FusePool(), OverwriteInputs(),
    ]
  }
  /// Bytes that weights transformed for Winograd convolutions may take beyond the weights themselves.
  ///
  /// The layers that gain most for each byte get them first; the weights of others are transformed
  /// in every run, or not at all where a direct convolution is faster. Outputs are the same bits
  /// unless that is the case.
  public let winogradBudget: Int
  private let method: ConvolutionMethod?
  /// Bytes between two convolutions from which they are computed in turns: about what leaves a
  /// processor's own cache.
  private let expandedBytes: Int
  private let planar = BlasBackend()

  /// What the networks that detectors are made of have use for.
  public static let defaultWinogradBudget = 96 << 20

  public init(winogradBudget: Int = Self.defaultWinogradBudget) {
    self.winogradBudget = max(0, winogradBudget)
    method = nil
    expandedBytes = 1 << 20
  }

  /// For tests: every convolution that can be computed by `method` is.
  package init(method: ConvolutionMethod) {
    winogradBudget = 0
    self.method = method
    expandedBytes = 1 << 20
  }

  /// For tests: convolutions with so many bytes between them are computed in turns.
  package init(expandedBytes: Int) {
    winogradBudget = Self.defaultWinogradBudget
    method = nil
    self.expandedBytes = expandedBytes
  }

  public func kernel(
    for step: Program.Step, in program: Program, weights: Weights
  ) throws(PlanError) -> any Kernel {
    guard program[step.output].layout == .blocked, !(step.operation is ChangeLayout) else {
      if let kernel = unpacking(step, in: program) { return kernel }
      return try planar.kernel(for: step, in: program, weights: weights)
    }
    switch step.operation {
    case let fused as ConvolveAndAdd:
      return try convolution(fused.convolution, adding: fused.activation, step, program, weights)
    case let pair as ConvolveThen:
      if let second = pair.second as? Convolution {
        return try ExpandedConvolution(pair.first, second, weights)
      }
      return try convolution(pair.first, isPooled: true, step, program, weights)
    case let alone as Convolution:
      return try convolution(alone, step, program, weights)
    case let pool as Pool: return BlockedPool(window: pool.window)
    case is GlobalAverage: return BlockedAverage()
    case let upsample as Repeat: return BlockedRepeat(upsample: upsample)
    case let activate as Activate: return BlockedElementwise(activate)
    case let add as AddMaps:
      return try BlockedAddition(add, channels: program[step.output].shape.channels, weights)
    case let multiply as Multiply: return BlockedElementwise(multiply)
    case let scale as ScaleByChannel: return BlockedScale(activation: scale.activation)
    case is CompeteChannels: return BlockedCompetition()
    case let join as Concatenate: return BlockedJoin(offsets: join.offsets)
    default: throw step.broken("there is no kernel of its that reads and writes blocks")
    }
  }

  /// The kernel of an operation that reads blocks and makes planes.
  private func unpacking(_ step: Program.Step, in program: Program) -> (any Kernel)? {
    guard let input = step.inputs.first, program[input].layout == .blocked else { return nil }
    switch step.operation {
    case let head as ActivateHeadPlanes: return BlockedHead(head: head)
    case let region as ActivateRegion: return BlockedRegion(region: region)
    default: return nil
    }
  }

  private func convolution(
    _ convolution: Convolution, adding second: Activation? = nil, isPooled: Bool = false,
    _ step: Program.Step, _ program: Program, _ weights: Weights
  ) throws(PlanError) -> any Kernel {
    var epilogue = try PackedEpilogue(convolution, second, weights)
    epilogue.isPooled = isPooled
    let geometry = convolution.geometry
    if program[step.inputs[0]].layout == .planar {
      return try convolution.planarKernel(epilogue, weights)
    }
    if GroupedConvolution.suits(geometry) {
      return try GroupedConvolution(convolution, epilogue, weights)
    }
    if case .winograd(let keepsTransformed) = convolution.method {
      if geometry.strideX == 2 {
        return try StridedWinogradConvolution(convolution, epilogue, weights)
      }
      return try WinogradConvolution(
        convolution, epilogue, keepsTransformed: keepsTransformed, weights)
    }
    if let reduced = try ReducedConvolution(convolution, epilogue, weights) { return reduced }
    return try DirectConvolution(convolution, epilogue, isPlanar: false, weights)
  }
}
