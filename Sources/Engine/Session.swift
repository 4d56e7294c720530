import PenumbraCompute

/// The memory of one run at a time: activations and scratch. Make one a thread; they share the plan.
public struct Session: ~Copyable {
  public let plan: Plan
  private let arena: AlignedBuffer<Float>
  private let scratch: AlignedBuffer<UInt8>
  /// The inputs of all steps one after another, and where each step's begin.
  private let inputs: UnsafeMutableBufferPointer<Tensor>
  private let firstInput: [Int]
  private let outputs: [Tensor]

  /// - Throws: when this machine has not the memory the plan needs.
  public init(_ plan: Plan) throws(PlanError) {
    try Plan.checkMachine(bytes: saturatingSum(plan.sessionBytes, plan.weightsBytes))
    let arena: AlignedBuffer<Float> = try Self.allocate(plan.layout.count, zeroed: true, plan)
    let scratch: AlignedBuffer<UInt8> = try Self.allocate(
      plan.scratchBytes, zeroed: false, plan)
    self.plan = plan
    let base = arena.baseAddress
    func tensor(_ id: ValueID) -> Tensor {
      guard let place = plan.layout.places[id.index] else {
        preconditionFailure("a step reads a value that no step makes")
      }
      return Tensor(
        base: base + place.offset, imageStride: place.imageStride, shape: plan.program[id].shape,
        layout: plan.program[id].layout)
    }
    let steps = plan.program.steps
    outputs = steps.map { tensor($0.output) }
    let tensors = steps.flatMap { $0.inputs.map(tensor) }
    firstInput = steps.reduce(into: [0]) { $0.append($0.last! + $1.inputs.count) }
    inputs = .allocate(capacity: max(1, tensors.count))
    _ = inputs.initialize(from: tensors)
    self.arena = arena
    self.scratch = scratch
  }

  private static func allocate<Element: BitwiseCopyable>(
    _ count: Int, zeroed: Bool, _ plan: Plan
  ) throws(PlanError) -> AlignedBuffer<Element> {
    do throws(ComputeError) {
      return try AlignedBuffer<Element>(count: count, zeroed: zeroed)
    } catch {
      throw .noMemory(needed: plan.sessionBytes, error.problem)
    }
  }

  deinit { inputs.deallocate() }

  /// Lends the place of image `index`'s input, to be filled before `run`: channels, height, width.
  public mutating func withInput<Result, Failure: Error>(
    image index: Int = 0,
    _ body: (UnsafeMutableBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition((0..<plan.options.batch).contains(index), "the plan's batch has no such image")
    return try body(buffer(plan.program.input, image: index))
  }

  /// Lends a layer's output for one image after `run`.
  ///
  /// Readable are the plan's `results`, and every layer under `keepsAllOutputs`.
  public func withOutput<Result, Failure: Error>(
    layer: Int, image index: Int = 0,
    _ body: (UnsafeBufferPointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let value = plan.program.outputs[layer]
    precondition(plan.program.results.contains(value), "the plan does not keep this layer's output")
    precondition((0..<plan.options.batch).contains(index), "the plan's batch has no such image")
    return try body(UnsafeBufferPointer(buffer(value, image: index)))
  }

  /// Makes the steps read an image that many further on.
  private mutating func moveInputs(by images: Int) {
    for index in 0..<(firstInput.last ?? 0) { inputs[index] = inputs[index].ofImage(images) }
  }

  private func buffer(_ value: ValueID, image: Int) -> UnsafeMutableBufferPointer<Float> {
    guard let place = plan.layout.places[value.index] else {
      preconditionFailure("a value that nobody makes has no memory")
    }
    return UnsafeMutableBufferPointer(
      start: arena.baseAddress + place.offset + image * place.imageStride,
      count: plan.program[value].shape.count)
  }

  /// Computes the first `images` images of the batch, all of them by default.
  public mutating func run(images: Int? = nil) { run(images: images) { _ in } }

  /// The same; calls `finished` with each step's index when it is done, once for each image.
  ///
  /// Images go through the whole network one after another, so that what one layer leaves is in the
  /// cache when the next one reads it.
  public mutating func run(images: Int? = nil, finished: (_ step: Int) -> Void) {
    let batch = images ?? plan.options.batch
    precondition((1...plan.options.batch).contains(batch), "the plan's batch has fewer images")
    let scratch = plan.scratch.places(in: self.scratch.baseAddress)
    guard let inputs = inputs.baseAddress else { return }
    for image in 0..<batch {
      for (index, kernel) in plan.kernels.enumerated() {
        kernel.run(
          KernelCall(
            inputs: inputs + firstInput[index], output: outputs[index].ofImage(image), batch: 1,
            weights: plan.weights, threads: plan.options.threads, scratch: scratch))
        finished(index)
      }
      if batch > 1 { moveInputs(by: image + 1 < batch ? 1 : 1 - batch) }
    }
  }
}
