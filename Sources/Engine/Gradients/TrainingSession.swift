import PenumbraCompute

/// The memory of one training: parameters, their gradients, and the tensors of a mini-batch.
///
/// A mini-batch: fill the inputs, `forward`, write each loss layer's gradient, `backward`. Gradients
/// of parameters add up until `clearGradients`. After an update of the parameters, call
/// `parametersChanged`. Not for several threads at once.
public final class TrainingSession {
  public let plan: TrainingPlan
  public let parameters: ParameterBuffer
  /// Sums over images; gradients of the loss, so parameters move against them.
  public let gradients: ParameterBuffer
  /// The parameters as kernels read them.
  public let weights: Weights
  private let arena: AlignedBuffer<Float>
  private let scratch: AlignedBuffer<UInt8>
  private var steps: [Step] = []
  private var moment = TrainingMoment(seed: 0, iteration: 0)

  /// The tensors of one step.
  private struct Step {
    let inputs: [Tensor]
    let output: Tensor
    let outputGradient: Tensor?
    let inputGradients: [InputGradient]
    let cleared: [Tensor]
  }

  /// - Parameter gradients: where gradients are added up; several sessions of a network, such as those
  ///   for different sizes, may share one.
  /// - Throws: when this machine has not the memory the plan needs.
  public init(
    _ plan: TrainingPlan, parameters: ParameterBuffer, gradients: ParameterBuffer
  ) throws(PlanError) {
    do throws(ComputeError) {
      arena = try AlignedBuffer<Float>(count: plan.memory.count, zeroed: true)
      scratch = try AlignedBuffer<UInt8>(count: plan.scratchBytes, zeroed: false)
    } catch {
      throw .noMemory(needed: plan.sessionBytes, error.problem)
    }
    self.plan = plan
    self.parameters = parameters
    self.gradients = gradients
    weights = Weights(parameters, header: WeightsHeader())
    steps = makeSteps()
    try parametersChanged(everywhere: true)
  }

  private func makeSteps() -> [Step] {
    let (program, memory, flow) = (plan.program, plan.memory, plan.flow)
    func tensor(_ id: ValueID, _ places: [ArenaPlace?]) -> Tensor? {
      places[id.index].map {
        Tensor(
          base: arena.baseAddress + $0.offset, imageStride: $0.imageStride,
          shape: program[id].shape, layout: program[id].layout)
      }
    }
    func value(_ id: ValueID) -> Tensor {
      guard let tensor = tensor(id, memory.values) else {
        preconditionFailure("a step reads a value that no step makes")
      }
      return tensor
    }
    return program.steps.enumerated().map { index, step in
      Step(
        inputs: step.inputs.map(value), output: value(step.output),
        outputGradient: flow.isPropagated[index] ? tensor(step.output, memory.gradients) : nil,
        inputGradients: flow.targets[index].map { target in
          InputGradient(
            tensor: target.value.flatMap { tensor($0, memory.gradients) },
            accumulates: target.accumulates)
        },
        cleared: flow.cleared[index].compactMap(wholeGradient))
    }
  }

  /// The gradient of a tensor that owns its memory, all parts of it.
  private func wholeGradient(_ root: ValueID) -> Tensor? {
    plan.memory.gradients[root.index].map {
      Tensor(
        base: arena.baseAddress + $0.offset, imageStride: $0.imageStride,
        shape: .vector(plan.memory.extents[root] ?? 0))
    }
  }

  private func clear(_ tensor: Tensor, images: Int) {
    for n in 0..<images { tensor.image(n).update(repeating: 0, count: tensor.shape.count) }
  }

  /// Lets kernels take the parameters as they are now.
  ///
  /// - Parameter everywhere: whether those of frozen layers have changed too, as by reading a file;
  ///   an update leaves them as they are.
  public func parametersChanged(everywhere: Bool = false) throws(PlanError) {
    for (index, kernel) in plan.kernels.enumerated()
    where everywhere || plan.flow.isPropagated[index] {
      try kernel.parametersChanged(weights)
    }
  }

  public func clearGradients() { gradients.values.update(repeating: 0) }

  // MARK: What goes in and comes out

  /// Lends the place of an image's input: channels, height, width.
  public func withInput<Result, Failure: Error>(
    image: Int, _ body: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let input = plan.program.input
    return try body(
      UnsafeMutableBufferPointer(
        start: pointer(input, plan.memory.values, image), count: plan.program[input].shape.count))
  }

  /// A loss layer's output for an image, after `forward`.
  public func output(layer: Int, image: Int) -> UnsafePointer<Float> {
    UnsafePointer(pointer(plan.program.outputs[layer], plan.memory.values, image))
  }

  /// Where the gradient of a loss layer goes, every element of it, before `backward`.
  public func lossGradient(layer: Int, image: Int) -> UnsafeMutablePointer<Float> {
    pointer(plan.program.outputs[layer], plan.memory.gradients, image)
  }

  /// What a step has just made for an image, in its own layout; later steps may replace it.
  package func stepOutput(_ step: Int, image: Int) -> UnsafeBufferPointer<Float> {
    let output = steps[step].output
    return UnsafeBufferPointer(
      start: output.image(image), count: output.layout.count(output.shape))
  }

  private func pointer(
    _ id: ValueID, _ places: [ArenaPlace?], _ image: Int
  ) -> UnsafeMutablePointer<Float> {
    precondition((0..<plan.options.batch).contains(image), "the plan's batch has no such image")
    guard let place = places[id.index] else {
      preconditionFailure("the plan does not hold this layer")
    }
    return arena.baseAddress + place.offset + image * place.imageStride
  }

  // MARK: Both directions

  private var scratchPlaces: KernelCall.Scratch {
    plan.scratch.places(in: scratch.baseAddress)
  }

  /// Computes the losses' outputs for the first `images` images.
  ///
  /// - Parameter finished: called after each step with its index.
  public func forward(
    images: Int, moment: TrainingMoment, finished: (_ step: Int) -> Void = { _ in }
  ) {
    precondition((1...plan.options.batch).contains(images), "the plan's batch has fewer images")
    self.moment = moment
    for (index, step) in steps.enumerated() {
      step.inputs.withUnsafeBufferPointer { inputs in
        plan.kernels[index].forward(
          ForwardCall(
            inputs: inputs.baseAddress ?? Self.nothing, output: step.output, batch: images,
            weights: weights, parameters: parameters, saved: saved(index), moment: moment,
            threads: plan.options.threads, scratch: scratchPlaces))
      }
      finished(index)
    }
    for root in plan.flow.clearedForLosses {
      if let tensor = wholeGradient(root) { clear(tensor, images: images) }
    }
  }

  /// Adds the gradients of the parameters for the images of the last `forward`.
  public func backward(images: Int, finished: (_ step: Int) -> Void = { _ in }) {
    for (index, step) in steps.enumerated().reversed() {
      guard let outputGradient = step.outputGradient else { continue }
      for tensor in step.cleared { clear(tensor, images: images) }
      step.inputs.withUnsafeBufferPointer { inputs in
        step.inputGradients.withUnsafeBufferPointer { inputGradients in
          plan.kernels[index].backward(
            BackwardCall(
              inputs: inputs.baseAddress ?? Self.nothing, output: step.output,
              outputGradient: outputGradient,
              inputGradients: inputGradients.baseAddress ?? Self.noGradients,
              inputCount: inputs.count, batch: images, weights: weights,
              parameterGradients: gradients, saved: saved(index), moment: moment,
              threads: plan.options.threads, scratch: scratchPlaces))
        }
      }
      finished(index)
    }
  }

  private func saved(_ step: Int) -> UnsafeMutablePointer<Float> {
    arena.baseAddress + plan.memory.saved[step]
  }

  /// What steps without inputs are given; nobody reads it.
  private nonisolated(unsafe) static let nothing = UnsafePointer(
    UnsafeMutablePointer<Tensor>.allocate(capacity: 1))
  private nonisolated(unsafe) static let noGradients = UnsafePointer(
    UnsafeMutablePointer<InputGradient>.allocate(capacity: 1))
}
