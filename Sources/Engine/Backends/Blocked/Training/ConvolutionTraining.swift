import PenumbraCompute

/// A convolution of blocked tensors, with a bias or without, forwards and backwards.
///
/// The kernels for inference compute both directions of data, rebuilt whenever the weights change.
final class ConvolutionTraining: TrainingKernel, @unchecked Sendable {
  let keeps: KeptTensors = .inputs
  let threadScratchBytes: Int
  let sharedScratchBytes: Int
  let packedBytes: Int
  private let convolution: Convolution
  private let isPlanar: Bool
  // Changed by `parametersChanged` alone, between passes.
  private var kernel: (any Kernel)?
  private var inputGradient: ConvolutionInputGradient?
  private let weightGradient: Weighting

  private enum Weighting {
    case dense(WeightGradient)
    case depthwise(DepthwiseWeightGradient)
  }

  /// - Parameter needsInputGradient: whether anything learns before this step.
  init(
    _ convolution: Convolution, input: Program.Value, needsInputGradient: Bool
  ) throws(PlanError) {
    precondition(
      convolution.epilogue.normalization == nil && convolution.epilogue.activation == .linear,
      "in a training program, normalisation and activation are steps of their own")
    self.convolution = convolution
    isPlanar = input.layout == .planar
    let geometry = convolution.geometry
    let kernel = try convolution.trainingKernel(isPlanar: isPlanar, nil)
    let inputGradient =
      needsInputGradient
      ? try ConvolutionInputGradient(convolution, input: input.shape, isPlanar: isPlanar) : nil
    self.inputGradient = inputGradient
    packedBytes = kernel.packedBytes + (inputGradient?.packedBytes ?? 0)
    var (thread, shared) = (kernel.threadScratchBytes, kernel.sharedScratchBytes)
    thread = max(thread, inputGradient?.threadScratchBytes ?? 0)
    shared = max(shared, inputGradient?.sharedScratchBytes ?? 0)
    if DepthwiseWeightGradient.suits(geometry), !isPlanar {
      let depthwise = DepthwiseWeightGradient(geometry)
      weightGradient = .depthwise(depthwise)
      shared = max(shared, depthwise.sharedScratchBytes)
    } else {
      let dense = WeightGradient(geometry, isPlanar: isPlanar)
      weightGradient = .dense(dense)
      thread = max(thread, dense.threadScratchBytes)
      shared = max(shared, dense.sharedScratchBytes)
    }
    (threadScratchBytes, sharedScratchBytes) = (thread, shared)
  }

  func parametersChanged(_ weights: Weights) throws(PlanError) {
    kernel = nil
    kernel = try convolution.trainingKernel(isPlanar: isPlanar, weights)
    try inputGradient?.pack(convolution, weights)
  }

  func forward(_ call: borrowing ForwardCall) {
    guard let kernel else { preconditionFailure("a convolution has no weights yet") }
    call.withKernelCall { kernel.run($0) }
  }

  func backward(_ call: borrowing BackwardCall) {
    if case .parameter(let id) = convolution.weights {
      let gradient = call.parameterGradients.pointer(id)
      let (input, outputGradient) = (call.inputs[0], call.outputGradient)
      switch weightGradient {
      case .dense(let dense):
        dense.run(call, input: input, outputGradient: outputGradient, to: gradient)
      case .depthwise(let depthwise):
        depthwise.run(call, input: input, outputGradient: outputGradient, to: gradient)
      }
    }
    if let bias = convolution.epilogue.bias { addBiasGradient(call, bias) }
    inputGradient?.run(call)
  }

  private func addBiasGradient(_ call: borrowing BackwardCall, _ bias: ParameterID) {
    let (dy, batch) = (call.outputGradient, call.batch)
    let gradient = call.parameterGradients.pointer(bias)
    call.parallel(dy.shape.blocks) { block, _ in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: channelBlock) { sums in
        sums.initialize(repeating: 0)
        for n in 0..<batch {
          Kernels.current.sumBlocked(
            dy.block(n, block), to: sums.baseAddress!, plane: dy.shape.planeCount)
        }
        let first = block * channelBlock
        for lane in 0..<min(channelBlock, dy.shape.channels - first) {
          gradient[first + lane] += Float(sums[lane])
        }
      }
    }
  }
}
