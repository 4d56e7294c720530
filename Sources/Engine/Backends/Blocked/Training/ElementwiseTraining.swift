import PenumbraCompute

extension InputGradient {
  /// Puts `count` floats where they go.
  func take(
    _ values: UnsafePointer<Float>, into place: UnsafeMutablePointer<Float>, count: Int
  ) {
    if accumulates {
      Kernels.current.add(place, values, into: place, count: count)
    } else if place != values {
      place.update(from: values, count: count)
    }
  }
}

/// An activation by itself.
struct ActivateTraining: TrainingKernel {
  let keeps: KeptTensors = .inputs
  private let activation: Activation
  private let forwardKernel: BlockedElementwise

  /// Nil for an activation of all channels of a pixel.
  init?(_ activate: Activate) {
    guard case .elementwise(let activation) = activate.function else { return nil }
    (self.activation, forwardKernel) = (activation, BlockedElementwise(activate))
  }

  func forward(_ call: borrowing ForwardCall) { call.withKernelCall { forwardKernel.run($0) } }

  func backward(_ call: borrowing BackwardCall) {
    let (x, dy, target) = (call.inputs[0], call.outputGradient, call.inputGradients[0])
    guard let dx = target.tensor else { return }
    eachBlock(of: dx.shape, batch: call.batch, threads: call.threads) { n, block, _ in
      Kernels.current.activationGradient(
        activation, x.block(n, block), dy.block(n, block), into: dx.block(n, block),
        count: dx.shape.blockCount, adds: target.accumulates)
    }
  }
}

/// A sum of maps of one shape, as they are: each gets the gradient.
struct AddTraining: TrainingKernel {
  let keeps: KeptTensors = []
  private let forwardKernel: BlockedAddition

  /// Nil for other sums.
  init?(_ add: AddMaps, inputs: [Program.Value], output: Program.Value) throws(PlanError) {
    guard add.mixing == nil, add.activation == .linear,
      inputs.allSatisfy({ $0.shape == output.shape })
    else { return nil }
    forwardKernel = try BlockedAddition(add, channels: output.shape.channels, Weights())
  }

  func forward(_ call: borrowing ForwardCall) { call.withKernelCall { forwardKernel.run($0) } }

  func backward(_ call: borrowing BackwardCall) {
    let dy = call.outputGradient
    for index in 0..<call.inputCount {
      let target = call.inputGradients[index]
      guard let dx = target.tensor else { continue }
      eachBlock(of: dx.shape, batch: call.batch, threads: call.threads) { n, block, _ in
        target.take(dy.block(n, block), into: dx.block(n, block), count: dx.shape.blockCount)
      }
    }
  }
}

/// `y = a · b`.
struct MultiplyTraining: TrainingKernel {
  let keeps: KeptTensors = .inputs
  let threadScratchBytes: Int
  private let forwardKernel: BlockedElementwise

  /// Nil where an activation follows.
  init?(_ multiply: Multiply, _ shape: Shape) {
    guard multiply.activation == .linear else { return nil }
    forwardKernel = BlockedElementwise(multiply)
    threadScratchBytes = 4 * shape.blockCount
  }

  func forward(_ call: borrowing ForwardCall) { call.withKernelCall { forwardKernel.run($0) } }

  func backward(_ call: borrowing BackwardCall) {
    let dy = call.outputGradient
    let scratch = call.scratch
    let count = dy.shape.blockCount
    for index in 0..<2 {
      let (target, other) = (call.inputGradients[index], call.inputs[1 - index])
      guard let dx = target.tensor else { continue }
      eachBlock(of: dx.shape, batch: call.batch, threads: call.threads) { n, block, thread in
        let own = scratch.floats(thread)
        let product = target.accumulates ? own : dx.block(n, block)
        Kernels.current.multiply(
          dy.block(n, block), other.block(n, block), into: product, count: count)
        target.take(product, into: dx.block(n, block), count: count)
      }
    }
  }
}

/// `y[c] = scale[c] · x[c]`.
struct ScaleTraining: TrainingKernel {
  let keeps: KeptTensors = .inputs
  let threadScratchBytes: Int
  private let forwardKernel: BlockedScale

  /// Nil where an activation follows.
  init?(_ scale: ScaleByChannel, _ shape: Shape) {
    guard scale.activation == .linear else { return nil }
    forwardKernel = BlockedScale(activation: .linear)
    threadScratchBytes = 4 * shape.blockCount
  }

  func forward(_ call: borrowing ForwardCall) { call.withKernelCall { forwardKernel.run($0) } }

  func backward(_ call: borrowing BackwardCall) {
    let (x, scales, dy) = (call.inputs[0], call.inputs[1], call.outputGradient)
    let (mapTarget, scaleTarget) = (call.inputGradients[0], call.inputGradients[1])
    let scratch = call.scratch
    eachBlock(of: dy.shape, batch: call.batch, threads: call.threads) { n, block, thread in
      if let dx = mapTarget.tensor {
        let own = scratch.floats(thread)
        let product = mapTarget.accumulates ? own : dx.block(n, block)
        Kernels.current.scaleBlocked(
          dy.block(n, block), by: scales.block(n, block), into: product,
          plane: dy.shape.planeCount)
        mapTarget.take(product, into: dx.block(n, block), count: dy.shape.blockCount)
      }
      guard let gradient = scaleTarget.tensor else { return }
      withUnsafeTemporaryAllocation(of: Double.self, capacity: channelBlock) { sums in
        sums.initialize(repeating: 0)
        Kernels.current.dotBlocked(
          x.block(n, block), dy.block(n, block), to: sums.baseAddress!,
          plane: dy.shape.planeCount)
        let to = gradient.block(n, block)
        for lane in 0..<channelBlock {
          to[lane] = Float(sums[lane]) + (scaleTarget.accumulates ? to[lane] : 0)
        }
      }
    }
  }
}
