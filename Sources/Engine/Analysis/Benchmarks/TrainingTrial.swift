package import PenumbraCompute

/// One step of a training program by itself, with tensors of its own: to be measured, and to be held
/// against its definition.
package final class TrainingTrial {
  package let inputShapes: [Shape]
  package let outputShape: Shape
  package let parameters: ParameterBuffer
  package let gradients: ParameterBuffer
  /// The step's operation, and its geometry where it is a convolution.
  package let operation: any Operation
  private let kernel: any TrainingKernel
  private let weights: Weights
  private let batch: Int
  private let threads: Int
  private let inputs: [TrialTensor]
  private let output: TrialTensor
  private let outputGradient: TrialTensor
  private let inputGradients: [TrialTensor]
  private let saved: TrialTensor
  private let scratch: AlignedBuffer<UInt8>
  private let scratchSize: ScratchSize
  private let moment = TrainingMoment(seed: 1, iteration: 0)

  /// The first step of a layer, with the numbers of `weights`.
  ///
  /// - Parameter needsInputGradient: whether `backward` is to compute it.
  package convenience init(
    _ graph: Graph, layer: Int, weights: Weights, backend: any Backend = BlockedBackend(),
    batch: Int, threads: Int, needsInputGradient: Bool = true
  ) throws {
    var program = ProgramBuilder(graph, results: [graph.nodes.count - 1], isTrained: true).program
    for pass in backend.trainingPasses { pass.apply(to: &program) }
    guard
      let step = program.steps.first(where: {
        $0.layer == layer && !($0.operation is ChangeLayout)
      })
    else { preconditionFailure("layer \(layer) has no step") }
    try self.init(
      step.operation,
      backend.trainingKernel(
        for: step, in: program, needsInputGradient: needsInputGradient),
      inputs: step.inputs.map { program[$0] }, output: program[step.output], weights,
      batch: batch, threads: threads)
  }

  /// The batch normalisation of a convolutional layer.
  package convenience init(
    normalizing graph: Graph, layer: Int, _ activation: Activation, weights: Weights,
    batch: Int, threads: Int
  ) throws {
    let program = ProgramBuilder(graph, results: [layer], isTrained: true).program
    let step = program.steps.first { $0.layer == layer && $0.operation is Normalize }
    guard let step, let normalize = step.operation as? Normalize else {
      preconditionFailure("layer \(layer) is not normalised")
    }
    let shape = program[step.output].shape
    let value = Program.Value(shape: shape, layout: .blocked)
    let operation = NormalizeBatch(
      normalization: normalize.normalization, channels: shape.channels, activation: activation)
    try self.init(
      operation, NormalizeTraining(operation, shape), inputs: [value],
      output: value, weights, batch: batch, threads: threads)
  }

  private init(
    _ operation: any Operation, _ kernel: any TrainingKernel, inputs: [Program.Value],
    output: Program.Value, _ weights: Weights, batch: Int, threads: Int
  ) throws {
    (self.operation, self.kernel, self.weights) = (operation, kernel, weights)
    (self.batch, self.threads) = (batch, threads)
    (inputShapes, outputShape) = (inputs.map(\.shape), output.shape)
    parameters = try ParameterBuffer(copying: weights)
    gradients = try ParameterBuffer(weights.layout)
    self.inputs = try inputs.map { try TrialTensor($0, batch) }
    inputGradients = try inputs.map { try TrialTensor($0, batch) }
    self.output = try TrialTensor(output, batch)
    outputGradient = try TrialTensor(output, batch)
    let savedCount = max(1, kernel.savedFloats(batch: batch))
    saved = try TrialTensor(Program.Value(shape: Shape(savedCount, 1, 1)), 1)
    scratchSize = ScratchSize([kernel])
    scratch = try AlignedBuffer<UInt8>(count: scratchSize.bytes(threads: threads), zeroed: false)
    try kernel.parametersChanged(weights)
  }

  /// Of a convolution.
  package var geometry: ConvolutionGeometry? { (operation as? Convolution)?.geometry }
  package var convolutionParameters: (weights: ParameterID, bias: ParameterID)? {
    guard let convolution = operation as? Convolution, let bias = convolution.epilogue.bias,
      case .parameter(let weights) = convolution.weights
    else { return nil }
    return (weights, bias)
  }
  package var normalizationParameters: Normalization? {
    (operation as? NormalizeBatch)?.normalization
  }

  /// Packs the weights anew.
  package func pack() throws { try kernel.parametersChanged(weights) }

  package func setInput(_ index: Int, image: Int, _ values: [Float]) {
    inputs[index].set(values, image)
  }
  package func setOutputGradient(image: Int, _ values: [Float]) {
    outputGradient.set(values, image)
  }
  package func setInputGradient(_ index: Int, image: Int, _ values: [Float]) {
    inputGradients[index].set(values, image)
  }
  package func output(image: Int) -> [Float] { output.values(image) }
  package func inputGradient(_ index: Int, image: Int) -> [Float] {
    inputGradients[index].values(image)
  }
  /// Whether every number in memory is finite, those behind the last channel too.
  package var isFinite: Bool {
    ([output] + inputGradients).allSatisfy { $0.buffer.buffer.allSatisfy(\.isFinite) }
  }

  private var calls: KernelCall.Scratch { scratchSize.places(in: scratch.baseAddress) }

  package func forward() {
    withTensors(inputs) { inputs in
      let call = ForwardCall(
        inputs: inputs, output: output.tensor, batch: batch, weights: weights,
        parameters: parameters, saved: saved.buffer.baseAddress, moment: moment, threads: threads,
        scratch: calls)
      kernel.forward(call)
    }
  }

  /// - Parameter needs: which inputs' gradients somebody needs.
  package func backward(adds: Bool = false, needs: Bool = true) {
    let targets = inputGradients.map {
      InputGradient(tensor: needs ? $0.tensor : nil, accumulates: adds)
    }
    withTensors(inputs) { inputs in
      targets.withUnsafeBufferPointer { targets in
        let call = BackwardCall(
          inputs: inputs, output: output.tensor, outputGradient: outputGradient.tensor,
          inputGradients: targets.baseAddress!, inputCount: targets.count, batch: batch,
          weights: weights, parameterGradients: gradients, saved: saved.buffer.baseAddress,
          moment: moment, threads: threads, scratch: calls)
        kernel.backward(call)
      }
    }
  }

  private func withTensors(_ tensors: [TrialTensor], _ body: (UnsafePointer<Tensor>) -> Void) {
    tensors.map(\.tensor).withUnsafeBufferPointer { body($0.baseAddress!) }
  }
}

/// A tensor with memory of its own, filled with numbers that nothing should use.
private final class TrialTensor {
  let buffer: AlignedBuffer<Float>
  private let value: Program.Value

  init(_ value: Program.Value, _ batch: Int) throws(ComputeError) {
    self.value = value
    buffer = try AlignedBuffer<Float>(count: batch * value.count, zeroed: false)
    buffer.baseAddress.initialize(repeating: 1e6, count: batch * value.count)
  }

  var tensor: Tensor {
    Tensor(
      base: buffer.baseAddress, imageStride: value.count, shape: value.shape,
      layout: value.layout)
  }

  /// Where an element of planar values is.
  private func place(_ index: Int) -> Int {
    guard value.layout == .blocked else { return index }
    let (channel, pixel) = (index / value.shape.planeCount, index % value.shape.planeCount)
    return channel / channelBlock * value.shape.blockCount + pixel * channelBlock
      + channel % channelBlock
  }

  func set(_ values: [Float], _ image: Int) {
    for (index, number) in values.enumerated() {
      buffer.baseAddress[image * value.count + place(index)] = number
    }
  }

  func values(_ image: Int) -> [Float] {
    (0..<value.shape.count).map { buffer.baseAddress[image * value.count + place($0)] }
  }
}
