import PenumbraCompute

/// The plain kernel of an operation that has none for blocks: image by image, on planar copies.
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
  var threadScratchBytes: Int { plain.threadScratchBytes }

  private var plainScratchBytes: Int { plain.sharedScratchBytes.rounded(upTo: 64) }
  private static func floats(_ value: Program.Value) -> Int {
    value.layout == .blocked ? value.shape.count.rounded(upTo: 16) : 0
  }
  /// Copies of all inputs and the output, and of their gradients.
  var sharedScratchBytes: Int {
    let floats = (inputs + [output]).reduce(0) { $0 + Self.floats($1) }
    return plainScratchBytes + 2 * 4 * floats
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
      guard tensor.layout == .blocked else { return tensor.ofImage(n) }
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
        let target = call.inputGradients[index]
        // A tensor that is read twice has one copy, to which both readings add.
        let known = (0..<index).first {
          target.tensor != nil && call.inputGradients[$0].tensor?.base == target.tensor?.base
        }
        let planes = known.map { targets[$0].tensor } ?? target.tensor.map { room.planes($0, n) }
        if known == nil, target.accumulates, let planes, let tensor = target.tensor {
          planes.unpack(tensor, n, call.threads)
        }
        targets.append(InputGradient(tensor: planes, accumulates: target.accumulates))
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
        guard let planes = target.tensor, let tensor = call.inputGradients[index].tensor else {
          continue
        }
        planes.pack(into: tensor, n, call.threads)
      }
    }
  }
}

extension Tensor {
  /// Fills these planes with one image of a blocked tensor; a planar one is these planes.
  fileprivate func unpack(_ source: Tensor, _ n: Int, _ threads: Int) {
    guard source.layout == .blocked else { return }
    parallelFor(shape.blocks, threads: threads) { block in
      Kernels.current.unpackBlocked(
        source.image(n) + block * shape.blockCount, into: base + block * shape.blockCount,
        channels: min(channelBlock, shape.channels - block * channelBlock),
        plane: shape.planeCount)
    }
  }

  /// The way back.
  fileprivate func pack(into target: Tensor, _ n: Int, _ threads: Int) {
    guard target.layout == .blocked else { return }
    parallelFor(shape.blocks, threads: threads) { block in
      Kernels.current.packBlocked(
        base + block * shape.blockCount, into: target.image(n) + block * shape.blockCount,
        channels: min(channelBlock, shape.channels - block * channelBlock),
        plane: shape.planeCount)
    }
  }
}

extension TrainingMoment {
  fileprivate func image(_ n: Int) -> TrainingMoment {
    TrainingMoment(seed: seed, iteration: iteration, firstImage: firstImage + n)
  }
}
