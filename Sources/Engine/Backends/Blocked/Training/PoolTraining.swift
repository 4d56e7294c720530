import PenumbraCompute

/// The largest value of each window: the gradient goes to the first cell that has it, row by row.
struct PoolTraining: TrainingKernel {
  let keeps: KeptTensors = [.inputs, .output]
  private let forwardKernel: BlockedPool

  init(_ window: PoolWindow) { forwardKernel = BlockedPool(window: window) }

  var threadScratchBytes: Int { forwardKernel.threadScratchBytes }
  func forward(_ call: borrowing ForwardCall) { call.withKernelCall { forwardKernel.run($0) } }

  func backward(_ call: borrowing BackwardCall) {
    let (x, y, dy, target) = (
      call.inputs[0], call.output, call.outputGradient, call.inputGradients[0]
    )
    guard let dx = target.tensor else { return }
    eachBlock(of: dy.shape, batch: call.batch, threads: call.threads) { n, block, _ in
      let place = dx.block(n, block)
      if !target.accumulates { place.update(repeating: 0, count: dx.shape.blockCount) }
      Kernels.current.maxPoolGradient(
        forwardKernel.window, x.block(n, block), y.block(n, block), dy.block(n, block), to: place)
    }
  }
}

/// The mean of each channel: every pixel gets its share.
struct AverageTraining: TrainingKernel {
  let keeps: KeptTensors = []

  func forward(_ call: borrowing ForwardCall) { call.withKernelCall { BlockedAverage().run($0) } }

  func backward(_ call: borrowing BackwardCall) {
    let (dy, target) = (call.outputGradient, call.inputGradients[0])
    guard let dx = target.tensor else { return }
    let plane = dx.shape.planeCount
    eachBlock(of: dy.shape, batch: call.batch, threads: call.threads) { n, block, _ in
      let (place, share) = (dx.block(n, block), dy.block(n, block))
      for pixel in 0..<plane {
        for lane in 0..<channelBlock {
          let value = share[lane] / Float(plane)
          let index = pixel * channelBlock + lane
          place[index] = target.accumulates ? place[index] + value : value
        }
      }
    }
  }
}

/// Repeated elements: each gets the sum over its copies.
struct RepeatTraining: TrainingKernel {
  let keeps: KeptTensors = []
  let upsample: Repeat

  func forward(_ call: borrowing ForwardCall) {
    call.withKernelCall { BlockedRepeat(upsample: upsample).run($0) }
  }

  func backward(_ call: borrowing BackwardCall) {
    let (dy, target) = (call.outputGradient, call.inputGradients[0])
    guard let dx = target.tensor else { return }
    eachBlock(of: dy.shape, batch: call.batch, threads: call.threads) { n, block, _ in
      Kernels.current.upsampleGradient(
        dy.block(n, block), into: dx.block(n, block), height: dx.shape.height,
        width: dx.shape.width, stride: upsample.stride, scale: upsample.scale,
        adds: target.accumulates)
    }
  }
}

/// The largest of competing channels: the gradient goes to the first that has it.
struct CompetitionTraining: TrainingKernel {
  let keeps: KeptTensors = [.inputs, .output]
  let threadScratchBytes: Int

  init(_ output: Shape) { threadScratchBytes = 4 * output.blockCount }

  func forward(_ call: borrowing ForwardCall) {
    call.withKernelCall { BlockedCompetition().run($0) }
  }

  func backward(_ call: borrowing BackwardCall) {
    let (x, y, dy, target) = (
      call.inputs[0], call.output, call.outputGradient, call.inputGradients[0]
    )
    guard let dx = target.tensor else { return }
    let count = y.shape.blockCount
    let scratch = call.scratch
    eachBlock(of: dy.shape, batch: call.batch, threads: call.threads) { n, block, thread in
      let rest = scratch.floats(thread)
      rest.update(from: dy.block(n, block), count: count)
      for from in stride(from: block, to: x.shape.blocks, by: y.shape.blocks) {
        Kernels.current.competitionGradient(
          x.block(n, from), y.block(n, block), rest: rest, into: dx.block(n, from), count: count,
          adds: target.accumulates)
      }
    }
  }
}
