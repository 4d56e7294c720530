import PenumbraCompute

/// A head that takes blocks apart while it computes its planes, which boxes are read from.
struct BlockedHead: Kernel {
  let head: ActivateHeadPlanes

  func run(_ call: borrowing KernelCall) {
    let (input, output) = (call.inputs[0], call.output)
    let plane = output.shape.planeCount
    eachBlock(call) { n, block, _ in
      let planes = output.block(n, block)
      output.shape.unpackBlock(block, input.block(n, block), into: planes)
      for channel in 0..<output.shape.channels(ofBlock: block) {
        head.rule(of: block * channelBlock + channel).apply(
          to: planes + channel * plane, count: plane)
      }
    }
  }
}

/// `[region]` from blocks: its output is pixel by pixel as well.
struct BlockedRegion: Kernel {
  let region: ActivateRegion

  func run(_ call: borrowing KernelCall) {
    let (input, output) = (call.inputs[0], call.output)
    let (plane, channels) = (output.shape.planeCount, output.shape.channels)
    call.parallel(call.batch * plane) { index, _ in
      let (n, pixel) = (index / plane, index % plane)
      let record = output.image(n) + pixel * channels
      for first in stride(from: 0, to: channels, by: channelBlock) {
        (record + first).update(
          from: input.image(n) + first * plane + pixel * channelBlock,
          count: min(channelBlock, channels - first))
      }
      region.activate(record, channels: channels)
    }
  }
}
