import PenumbraCompute

/// The summands of whole blocks of filters, and the activations that follow.
struct PackedEpilogue: Sendable {
  private let bias: PackedFloats
  private let first: Activation
  /// What follows the sum with the second input; nil where there is none.
  var second: Activation?
  /// Whether a max pool of two by two follows; `FusePool` says when it can.
  var isPooled = false
  /// The factors of batch normalisation, to be folded into the weights.
  let scales: [Float]?

  /// - Parameter second: what follows the sum with the second input, where there is one.
  init(_ convolution: Convolution, _ second: Activation?, _ weights: Weights)
    throws(PlanError)
  {
    let filters = Int(convolution.geometry.filters)
    let affine = convolution.epilogue.affine(filters: filters, weights)
    bias = try PackedFloats(count: filters + 4 * channelBlock) { _, base in
      for (filter, value) in (affine.biases ?? []).enumerated() { base[filter] = value }
    }
    scales = affine.scales
    first = convolution.epilogue.activation
    self.second = second
  }

  var packedBytes: Int { 4 * bias.count }

  /// What the kernels take, for image `n`.
  func values(_ inputs: UnsafePointer<Tensor>, _ n: Int) -> BlockedEpilogue {
    BlockedEpilogue(
      bias: bias.base, first: first.blockedValue, second: (second ?? .linear).blockedValue,
      residual: second == nil ? nil : UnsafePointer(inputs[1].image(n)), isPooled: isPooled)
  }
}

/// Which blocks of filters are computed together, what they read, and where their weights stand.
struct FilterUnits: Sendable {
  let units: [FilterUnit]
  /// Words of all weights: floats, or several narrower numbers.
  let weightCount: Int

  /// - Parameter lanes: 8, or 1 for a planar input, whose "blocks" are its channels.
  /// - Parameter widths: blocks that a unit may have, the most first.
  /// - Parameter cellWords: words of a pixel in a block; as many as lanes where words are floats.
  init(_ geometry: ConvolutionGeometry, lanes: Int, widths: [Int], cellWords: Int? = nil) {
    let blocks = (geometry.filters + channelBlock - 1) / channelBlock
    let taps = geometry.size * geometry.size
    var (units, offset, block): ([FilterUnit], Int, Int) = ([], 0, 0)
    while block < blocks {
      let one = Self.inputBlocks(of: block, geometry, lanes)
      let width =
        widths.first { width in
          block + width <= blocks
            && (block..<block + width).allSatisfy {
              Self.inputBlocks(of: $0, geometry, lanes) == one
            }
        } ?? 1
      units.append(
        FilterUnit(
          firstBlock: Int32(one.lowerBound), blockCount: Int32(one.count),
          outputBlock: Int32(block), width: Int32(width), weights: offset))
      offset += one.count * taps * (cellWords ?? lanes) * width * channelBlock
      block += width
    }
    self.units = units
    weightCount = offset
  }

  /// The input blocks that one block of filters reads: those of all groups it belongs to.
  private static func inputBlocks(
    of block: Int, _ geometry: ConvolutionGeometry, _ lanes: Int
  ) -> Range<Int> {
    let (depth, filters) = (
      geometry.channels / geometry.groups, geometry.filters / geometry.groups
    )
    let last = min((block + 1) * channelBlock, geometry.filters) - 1
    let first = block * channelBlock / filters * depth
    return first / lanes..<((last / filters + 1) * depth + lanes - 1) / lanes
  }

  /// Calls `body` for each weight of a unit: its filter, its input channel, counted from the
  /// filter's group, and the index of (block, lane) and of the filter's lane in packed weights.
  func eachFilter(
    of unit: FilterUnit, _ geometry: ConvolutionGeometry, lanes: Int,
    _ body: (_ filter: Int, _ channel: Int, _ block: Int, _ lane: Int, _ column: Int) -> Void
  ) {
    let (depth, filters) = (
      geometry.channels / geometry.groups, geometry.filters / geometry.groups
    )
    let first = Int(unit.outputBlock) * channelBlock
    for filter in first..<min(first + Int(unit.width) * channelBlock, geometry.filters) {
      let start = filter / filters * depth
      for channel in 0..<depth {
        let input = start + channel
        body(
          filter, channel, input / lanes - Int(unit.firstBlock), input % lanes, filter - first)
      }
    }
  }
}

extension Activation {
  /// The kernels' number for it.
  var blockedValue: KernelActivation { KernelActivation(rawValue) }
}
