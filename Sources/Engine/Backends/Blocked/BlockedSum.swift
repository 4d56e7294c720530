import PenumbraCompute

/// `[shortcut]` on blocks: maps of any sizes and numbers of channels, weighted or not.
struct BlockedSum: Kernel {
  private let activation: Activation
  private let sources: [Source]
  /// The weights of the first map, which has the output's shape; nil where maps are added as they are.
  private let firstWeights: PackedFloats?

  /// A map that is added, and which of its pixels meet which of the output's.
  fileprivate struct Source: Sendable {
    let shape: Shape
    /// One for each lane of the output's blocks, 0 for channels that the map does not have.
    let weights: PackedFloats
    let columns: MapRatio
    let rows: MapRatio
    /// Whether it is added as it is, pixel by pixel and lane by lane.
    let isPlain: Bool
  }

  init(
    _ add: AddMaps, _ step: Program.Step, _ program: Program, _ weights: Weights
  ) throws(PlanError) {
    let shape = program[step.output].shape
    let mixing = add.mixing.map { add.mixingWeights($0, weights, channels: shape.channels) }
    activation = add.activation
    firstWeights = try mixing.map { weights throws(PlanError) in
      try Self.packed(weights[0], shape.channels, shape)
    }
    sources = try (1..<max(add.inputCount, 1)).map { index throws(PlanError) in
      let source = program[step.inputs[index]].shape
      let ones = Array(repeating: Float(1), count: shape.channels)
      return Source(
        shape: source,
        weights: try Self.packed(
          mixing?[index] ?? ones, min(source.channels, shape.channels), shape),
        columns: MapRatio(source.width, shape.width), rows: MapRatio(source.height, shape.height),
        isPlain: mixing == nil && source == shape)
    }
  }

  private static func packed(
    _ weights: [Float], _ channels: Int, _ shape: Shape
  ) throws(PlanError) -> PackedFloats {
    try PackedFloats(count: shape.blocks * channelBlock) { _, base in
      base.update(from: weights, count: channels)
    }
  }

  func run(_ call: borrowing KernelCall) {
    let (inputs, output) = (call.inputs, call.output)
    let (shape, count) = (output.shape, output.shape.blockCount)
    eachBlock(call) { n, block, _ in
      let y = output.image(n) + block * count
      var x = inputs[0].image(n) + block * count
      if let firstWeights {
        Kernels.current.scaleBlocked(
          x, by: firstWeights.base + block * channelBlock, into: y, plane: shape.planeCount)
        x = y
      }
      for (index, source) in sources.enumerated() where block < source.shape.blocks {
        let other = inputs[index + 1].image(n) + block * source.shape.blockCount
        if source.isPlain {
          Kernels.current.add(x, other, into: y, count: count)
        } else {
          if x != y { y.update(from: x, count: count) }
          source.add(other, block, to: y, shape)
        }
        x = y
      }
      if x != y || activation != .linear {
        Kernels.current.activate(activation, x, into: y, count: count)
      }
    }
  }
}

extension BlockedSum.Source {
  fileprivate func add(
    _ x: UnsafePointer<Float>, _ block: Int, to y: UnsafeMutablePointer<Float>, _ target: Shape
  ) {
    let scale = weights.base + block * channelBlock
    if shape.width == target.width, shape.height == target.height {
      Kernels.current.addScaledBlocked(
        x, step: 1, by: scale, to: y, step: 1, count: target.planeCount)
      return
    }
    let across = min(columns.count(shape.width), columns.other(target.width))
    let down = min(rows.count(shape.height), rows.other(target.height))
    for row in 0..<down {
      Kernels.current.addScaledBlocked(
        x + row * rows.stride * shape.width * channelBlock, step: columns.stride, by: scale,
        to: y + row * rows.sample * target.width * channelBlock, step: columns.sample,
        count: across)
    }
  }
}
