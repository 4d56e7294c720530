import PenumbraCompute

/// The plain kernel of an operation that has none for blocks: image by image, on planar copies.
///
/// Inputs may be the same tensor, or parts of one another. So each gradient is computed in planes of
/// its own, then given to its tensor, one input after another.
struct PlanarTraining: TrainingKernel {
  private let plain: any Differentiable
  private let inputs: [Program.Value]
  private let output: Program.Value

  init(_ plain: any Differentiable, inputs: [Program.Value], output: Program.Value) {
    (self.plain, self.inputs, self.output) = (plain, inputs, output)
  }

  var keeps: KeptTensors { plain.keeps }
  private var savedStride: Int { plain.savedFloats(batch: 1).rounded(upTo: 16) }
  func savedFloats(batch: Int) -> Int { batch * savedStride }
  /// The plain kernel's, or a block of a gradient on its way into one.
  var threadScratchBytes: Int {
    max(plain.threadScratchBytes, 4 * (inputs.map(\.shape.blockCount).max() ?? 0))
  }

  private var plainScratchBytes: Int { plain.sharedScratchBytes.rounded(upTo: 64) }
  /// Copies of all blocked tensors and their gradients, and the inputs' gradients whatever they are.
  var sharedScratchBytes: Int {
    func floats(_ value: Program.Value) -> Int { value.shape.count.rounded(upTo: 16) }
    func copied(_ value: Program.Value) -> Int { value.layout == .blocked ? floats(value) : 0 }
    let inputFloats = inputs.reduce(0) { $0 + copied($1) + floats($1) }
    return plainScratchBytes + 4 * (inputFloats + 2 * copied(output))
  }

  func parametersChanged(_ weights: Weights) throws(PlanError) {
    try plain.parametersChanged(weights)
  }

  // MARK: Copies

  /// Gives out the scratch memory behind the plain kernel's.
  private struct Room {
    private var next: UnsafeMutablePointer<Float>

    init(_ scratch: KernelCall.Scratch, behind bytes: Int) {
      next = (scratch.shared + bytes).assumingMemoryBound(to: Float.self)
    }

    /// One image of a tensor as planes: itself where it has them, else room for them.
    mutating func planes(_ tensor: Tensor, _ n: Int) -> Tensor {
      tensor.layout == .blocked ? copy(of: tensor) : tensor.ofImage(n)
    }

    /// Room for one image of a tensor as planes.
    mutating func copy(of tensor: Tensor) -> Tensor {
      defer { next += tensor.shape.count.rounded(upTo: 16) }
      return Tensor(base: next, imageStride: tensor.shape.count, shape: tensor.shape)
    }
  }

  func forward(_ call: borrowing ForwardCall) {
    for n in 0..<call.batch {
      var room = Room(call.scratch, behind: plainScratchBytes)
      var copies: [Tensor] = []
      for index in inputs.indices {
        copies.append(room.planes(call.inputs[index], n))
        copies[index].unpack(call.inputs[index], n, call.threads)
      }
      let result = room.planes(call.output, n)
      copies.withUnsafeBufferPointer { copies in
        plain.forward(
          ForwardCall(
            inputs: copies.baseAddress!, output: result, batch: 1, weights: call.weights,
            parameters: call.parameters, saved: call.saved + n * savedStride,
            moment: call.moment.image(n), threads: call.threads, scratch: call.scratch))
      }
      result.pack(into: call.output, n, call.threads)
    }
  }

  func backward(_ call: borrowing BackwardCall) {
    for n in 0..<call.batch {
      var room = Room(call.scratch, behind: plainScratchBytes)
      var (copies, targets): ([Tensor], [InputGradient]) = ([], [])
      for index in inputs.indices {
        copies.append(room.planes(call.inputs[index], n))
        if keeps.contains(.inputs) { copies[index].unpack(call.inputs[index], n, call.threads) }
        let planes = call.inputGradients[index].tensor.map { room.copy(of: $0) }
        targets.append(InputGradient(tensor: planes, accumulates: false))
      }
      let (result, gradient) = (
        room.planes(call.output, n), room.planes(call.outputGradient, n)
      )
      if keeps.contains(.output) { result.unpack(call.output, n, call.threads) }
      gradient.unpack(call.outputGradient, n, call.threads)
      copies.withUnsafeBufferPointer { copies in
        targets.withUnsafeBufferPointer { targets in
          plain.backward(
            BackwardCall(
              inputs: copies.baseAddress!, output: result, outputGradient: gradient,
              inputGradients: targets.baseAddress!, inputCount: targets.count, batch: 1,
              weights: call.weights, parameterGradients: call.parameterGradients,
              saved: call.saved + n * savedStride, moment: call.moment.image(n),
              threads: call.threads, scratch: call.scratch))
        }
      }
      for (index, target) in targets.enumerated() {
        if let planes = target.tensor { give(planes, to: call.inputGradients[index], n, call) }
      }
    }
  }

  /// Lets a target take the gradient of one image.
  private func give(
    _ planes: Tensor, to target: InputGradient, _ n: Int, _ call: borrowing BackwardCall
  ) {
    guard let dx = target.tensor else { return }
    let (shape, isBlocked) = (dx.shape, dx.layout == .blocked)
    let scratch = call.scratch
    call.parallel(shape.blocks) { block, thread in
      let (from, place) = (planes.block(0, block), dx.block(n, block))
      guard isBlocked else {
        let count = shape.channels(ofBlock: block) * shape.planeCount
        return target.take(from, into: place, count: count)
      }
      let own = scratch.floats(thread)
      let packed = target.accumulates ? own : place
      shape.packBlock(block, from, into: packed)
      target.take(packed, into: place, count: shape.blockCount)
    }
  }
}

extension Tensor {
  /// Fills these planes with one image of a blocked tensor; a planar one is these planes.
  fileprivate func unpack(_ source: Tensor, _ n: Int, _ threads: Int) {
    guard source.layout == .blocked else { return }
    parallelFor(shape.blocks, threads: threads) { block in
      shape.unpackBlock(block, source.block(n, block), into: self.block(0, block))
    }
  }

  /// The way back.
  fileprivate func pack(into target: Tensor, _ n: Int, _ threads: Int) {
    guard target.layout == .blocked else { return }
    parallelFor(shape.blocks, threads: threads) { block in
      shape.packBlock(block, self.block(0, block), into: target.block(n, block))
    }
  }
}

extension TrainingMoment {
  fileprivate func image(_ n: Int) -> TrainingMoment {
    TrainingMoment(seed: seed, iteration: iteration, firstImage: firstImage + n)
  }
}
