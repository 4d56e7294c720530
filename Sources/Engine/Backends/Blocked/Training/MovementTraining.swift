import PenumbraCompute

/// Maps joined along the channels: each gets its part of the gradient.
struct JoinTraining: TrainingKernel {
  let keeps: KeptTensors = []
  let offsets: [Int]

  func forward(_ call: borrowing ForwardCall) {
    call.withKernelCall { BlockedJoin(offsets: offsets).run($0) }
  }

  func backward(_ call: borrowing BackwardCall) {
    let dy = call.outputGradient
    for (index, offset) in offsets.enumerated() {
      let target = call.inputGradients[index]
      guard let dx = target.tensor else { continue }
      let count = dx.shape.blockCount
      eachBlock(of: dx.shape, batch: call.batch, threads: call.threads) { n, block, _ in
        target.take(
          dy.image(n) + offset + block * count, into: dx.block(n, block), count: count)
      }
    }
  }
}

/// A change of layout, and heads that take blocks apart, whose gradients are those of their inputs.
struct LayoutTraining: TrainingKernel {
  let keeps: KeptTensors = []
  let threadScratchBytes: Int
  private let forwardKernel: any Kernel

  /// - Parameter kernel: of the forward pass.
  init(_ kernel: any Kernel, _ shape: Shape) {
    forwardKernel = kernel
    threadScratchBytes = 4 * shape.blockCount
  }

  func forward(_ call: borrowing ForwardCall) { call.withKernelCall { forwardKernel.run($0) } }

  func backward(_ call: borrowing BackwardCall) {
    let (dy, target) = (call.outputGradient, call.inputGradients[0])
    guard let dx = target.tensor else { return }
    let isPacking = dx.layout == .blocked
    let shape = dx.shape
    let scratch = call.scratch
    eachBlock(of: dy.shape, batch: call.batch, threads: call.threads) { n, block, thread in
      let (from, place) = (dy.block(n, block), dx.block(n, block))
      let own = scratch.floats(thread)
      let to = target.accumulates ? own : place
      if isPacking {
        shape.packBlock(block, from, into: to)
      } else {
        shape.unpackBlock(block, from, into: to)
      }
      let channels = isPacking ? channelBlock : shape.channels(ofBlock: block)
      target.take(to, into: place, count: channels * shape.planeCount)
    }
  }
}
