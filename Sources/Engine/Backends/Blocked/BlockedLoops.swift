import PenumbraCompute

extension Shape {
  /// Blocks of channels of a blocked tensor.
  var blocks: Int { (channels + channelBlock - 1) / channelBlock }
  /// Floats of one block.
  var blockCount: Int { planeCount * channelBlock }
  /// Channels of a block: fewer than fill it in the last one.
  func channels(ofBlock block: Int) -> Int { min(channelBlock, channels - block * channelBlock) }

  /// One block of channels, from where its planes stand to where it does.
  func packBlock(
    _ block: Int, _ planes: UnsafePointer<Float>, into packed: UnsafeMutablePointer<Float>
  ) {
    Kernels.current.packBlocked(
      planes, into: packed, channels: channels(ofBlock: block), plane: planeCount)
  }

  /// The way back.
  func unpackBlock(
    _ block: Int, _ packed: UnsafePointer<Float>, into planes: UnsafeMutablePointer<Float>
  ) {
    Kernels.current.unpackBlocked(
      packed, into: planes, channels: channels(ofBlock: block), plane: planeCount)
  }
}

extension Tensor {
  /// One block of one image of a blocked tensor, or the planes of its channels.
  func block(_ n: Int, _ block: Int) -> UnsafeMutablePointer<Float> {
    image(n) + block * shape.blockCount
  }
}

/// Calls `body` with the images' numbers and the blocks of a tensor, several at a time.
func eachBlock(
  of shape: Shape, batch: Int, threads: Int,
  _ body: (_ n: Int, _ block: Int, _ thread: Int) -> Void
) {
  let blocks = shape.blocks
  ThreadPool.shared.parallelFor(batch * blocks, threads: threads) { index, thread in
    body(index / blocks, index % blocks, thread)
  }
}

/// The same of a kernel's output.
func eachBlock(
  _ call: borrowing KernelCall, _ body: (_ n: Int, _ block: Int, _ thread: Int) -> Void
) {
  eachBlock(of: call.output.shape, batch: call.batch, threads: call.threads, body)
}

struct BlockedPool: Kernel {
  let window: PoolWindow

  var threadScratchBytes: Int { window.height * window.outWidth * channelBlock * 4 }

  func run(_ call: borrowing KernelCall) {
    let (inputs, output) = (call.inputs, call.output)
    let scratch = call.scratch
    eachBlock(call) { n, block, thread in
      let rows = scratch.floats(thread)
      Kernels.current.maxPoolBlocked(
        window, inputs[0].image(n), into: output.image(n), block: block, rows: rows)
    }
  }
}

struct BlockedAverage: Kernel {
  func run(_ call: borrowing KernelCall) {
    let (input, output) = (call.inputs[0], call.output)
    eachBlock(call) { n, block, _ in
      Kernels.current.meanBlocked(
        input.block(n, block), into: output.image(n) + block * channelBlock,
        plane: input.shape.planeCount)
    }
  }
}

struct BlockedRepeat: Kernel {
  let upsample: Repeat

  func run(_ call: borrowing KernelCall) {
    let (input, output) = (call.inputs[0], call.output)
    eachBlock(call) { n, block, _ in
      Kernels.current.upsampleBlocked(
        input.block(n, block), into: output.block(n, block), height: input.shape.height,
        width: input.shape.width, stride: upsample.stride, scale: upsample.scale)
    }
  }
}

/// Products and activations, for which it does not matter where the channels stand.
struct BlockedElementwise: Kernel {
  private let isProduct: Bool
  private let activation: Activation

  init(_ activate: Activate) {
    guard case .elementwise(let activation) = activate.function else {
      preconditionFailure("a channel normaliser has no blocked kernel")
    }
    (isProduct, self.activation) = (false, activation)
  }

  init(_ multiply: Multiply) { (isProduct, activation) = (true, multiply.activation) }

  func run(_ call: borrowing KernelCall) {
    let (inputs, output) = (call.inputs, call.output)
    let count = output.shape.blockCount
    eachBlock(call) { n, block, _ in
      let y = output.image(n) + block * count
      var x = inputs[0].image(n) + block * count
      if isProduct {
        Kernels.current.multiply(x, inputs[1].image(n) + block * count, into: y, count: count)
        x = y
      }
      if x != y || activation != .linear {
        Kernels.current.activate(activation, x, into: y, count: count)
      }
    }
  }
}

struct BlockedScale: Kernel {
  let activation: Activation

  func run(_ call: borrowing KernelCall) {
    let (inputs, output) = (call.inputs, call.output)
    let count = output.shape.blockCount
    eachBlock(call) { n, block, _ in
      let y = output.image(n) + block * count
      Kernels.current.scaleBlocked(
        inputs[0].image(n) + block * count, by: inputs[1].image(n) + block * channelBlock, into: y,
        plane: output.shape.planeCount)
      if activation != .linear { Kernels.current.activate(activation, y, into: y, count: count) }
    }
  }
}

struct BlockedCompetition: Kernel {
  func run(_ call: borrowing KernelCall) {
    let (input, output) = (call.inputs[0], call.output)
    let count = output.shape.blockCount
    eachBlock(call) { n, block, _ in
      for from in stride(from: block, to: input.shape.blocks, by: output.shape.blocks) {
        Kernels.current.largerBlocked(
          input.image(n) + from * count, isFirst: from == block,
          into: output.image(n) + block * count, count: count)
      }
    }
  }
}

struct BlockedJoin: Kernel {
  let offsets: [Int]

  func run(_ call: borrowing KernelCall) {
    for (i, offset) in offsets.enumerated() {
      let (part, output) = (call.inputs[i], call.output)
      let (blocks, count) = (part.shape.blocks, part.shape.blockCount)
      call.parallel(call.batch * blocks) { index, _ in
        let (n, start) = (index / blocks, index % blocks * count)
        (output.image(n) + offset + start).update(from: part.image(n) + start, count: count)
      }
    }
  }
}
