import PenumbraCompute

/// Any sum of maps: of fewer or more channels than the first, of other sizes, weighted.
struct BlockedAddition: Kernel {
  private let inputCount: Int
  private let activation: Activation
  /// The factor of each map and channel, in whole blocks; none adds the maps as they are.
  private let factors: [PackedFloats]

  init(_ add: AddMaps, channels: Int, _ weights: Weights) throws(PlanError) {
    (inputCount, activation) = (add.inputCount, add.activation)
    let factors = add.mixing.map { add.mixingWeights($0, channels: channels, weights) } ?? []
    self.factors = try factors.map { values throws(PlanError) in
      try PackedFloats(count: channels.rounded(upTo: channelBlock)) { _, base in
        base.update(from: values, count: channels)
      }
    }
  }

  func run(_ call: borrowing KernelCall) {
    let (inputs, output) = (call.inputs, call.output)
    let shape = output.shape
    eachBlock(call) { n, block, _ in
      let y = output.image(n) + block * shape.blockCount
      var sum = inputs[0].image(n) + block * shape.blockCount
      if let factors = factors.first {
        Kernels.current.scaleBlocked(
          sum, by: factors.base + block * channelBlock, into: y, plane: shape.planeCount)
        sum = y
      }
      for source in 1..<inputCount where block < inputs[source].shape.blocks {
        let map = inputs[source]
        let x = map.block(n, block)
        let lanes = map.shape.channels - block * channelBlock
        if factors.isEmpty, lanes >= channelBlock, map.shape.hasPlane(of: shape) {
          Kernels.current.add(sum, x, into: y, count: shape.blockCount)
        } else {
          if sum != y { y.update(from: sum, count: shape.blockCount) }
          let factor = factors.isEmpty ? nil : factors[source].base + block * channelBlock
          add(x, map.shape, times: factor, lanes: lanes, to: y, shape)
        }
        sum = y
      }
      if sum != y || activation != .linear {
        Kernels.current.activate(activation, sum, into: y, count: shape.blockCount)
      }
    }
  }

  /// Every pixel of the source that meets one of the target.
  private func add(
    _ source: UnsafeMutablePointer<Float>, _ from: Shape, times factor: UnsafePointer<Float>?,
    lanes: Int, to target: UnsafeMutablePointer<Float>, _ shape: Shape
  ) {
    let steps = (x: MapRatio(from.width, shape.width), y: MapRatio(from.height, shape.height))
    let columns = min(steps.x.count(from.width), steps.x.other(shape.width))
    let rows = min(steps.y.count(from.height), steps.y.other(shape.height))
    // Lanes behind the last channel hold anything finite.
    var weights = SIMD8<Float>(repeating: 0)
    for lane in 0..<min(lanes, channelBlock) { weights[lane] = factor?[lane] ?? 1 }
    withUnsafeBytes(of: weights) { weights in
      let scale = weights.assumingMemoryBound(to: Float.self).baseAddress!
      if from.hasPlane(of: shape) {
        Kernels.current.addScaledBlocked(
          source, step: 1, by: scale, to: target, step: 1, count: shape.planeCount)
        return
      }
      for row in 0..<rows {
        Kernels.current.addScaledBlocked(
          source + row * steps.y.stride * from.width * channelBlock, step: steps.x.stride,
          by: scale, to: target + row * steps.y.sample * shape.width * channelBlock,
          step: steps.x.sample, count: columns)
      }
    }
  }
}

extension Shape {
  /// Whether maps are as wide and as high.
  fileprivate func hasPlane(of other: Shape) -> Bool {
    width == other.width && height == other.height
  }
}
