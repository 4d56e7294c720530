import PenumbraCompute

/// The gradient of any convolution's input, of blocked tensors: the products of each output pixel
/// with the weights of some channels at every tap, then added to the cells that its window looks at.
///
/// A thread carries some blocks of channels through an image, so that nobody else adds to them.
struct FoldedGradient: Sendable {
  private let kernels = Kernels.current
  private let geometry: ConvolutionGeometry
  private let groups: [Group]
  private let weightCount: Int
  /// Output rows that are computed at a time.
  private let rows: Int
  private let zeros: PackedFloats
  private var weights: PackedFloats?

  /// Some blocks of channels and what their gradients are made of.
  private struct Group {
    let blocks: Range<Int>
    /// Blocks of filters that have weights for these channels.
    let filters: Range<Int>
    /// Their "filters" are [taps][channels].
    let units: FilterUnits
    let offset: Int
  }

  /// Output pixels of a band, about.
  private static let bandPixels = 64

  init(_ geometry: ConvolutionGeometry) throws(PlanError) {
    self.geometry = geometry
    let taps = geometry.size * geometry.size
    let blocks = (geometry.channels + channelBlock - 1) / channelBlock
    // Neighbours together, so that products fill units of filters, but enough tasks are left.
    let most = geometry.groups > 1 || blocks < 8 ? 1 : blocks < 32 ? 2 : 4
    var (groups, offset): ([Group], Int) = ([], 0)
    for first in stride(from: 0, to: blocks, by: most) {
      let some = first..<min(first + most, blocks)
      let filters = geometry.filterBlocks(of: some)
      var product = ConvolutionGeometry()
      (product.channels, product.filters) = (
        filters.count * channelBlock, taps * some.count * channelBlock
      )
      (product.size, product.groups, product.strideX, product.strideY) = (1, 1, 1, 1)
      product.dilation = 1
      let units = FilterUnits(product, lanes: channelBlock, widths: kernels.unitWidths)
      groups.append(Group(blocks: some, filters: filters, units: units, offset: offset))
      offset += units.weightCount
    }
    self.groups = groups
    weightCount = offset
    rows = max(1, min(Self.bandPixels / geometry.outWidth, geometry.outHeight))
    zeros = try PackedFloats(count: (taps * most + 4) * channelBlock) { _, _ in }
  }

  private var taps: Int { geometry.size * geometry.size }
  private var bandPixels: Int { rows * geometry.outWidth }
  private var offsetBytes: Int {
    (4 * (groups.map(\.filters.count).max() ?? 0)).rounded(upTo: 64)
  }

  var threadScratchBytes: Int {
    let blocks = groups.map { taps * $0.blocks.count }.max() ?? 0
    return offsetBytes + 4 * blocks * channelBlock * bandPixels
  }

  var packedBytes: Int { 4 * (weightCount + zeros.count) }

  /// Packs the weights anew.
  mutating func pack(_ convolution: Convolution, _ values: Weights) throws(PlanError) {
    weights = nil
    weights = try convolution.withWeights(values) { raw throws(PlanError) in
      try PackedFloats(count: weightCount, parts: groups.count) { part, base in
        pack(groups[part], raw, into: base + groups[part].offset)
      }
    }
  }

  private func pack(
    _ group: Group, _ raw: UnsafePointer<Float>, into base: UnsafeMutablePointer<Float>
  ) {
    let (depth, groupFilters) = (geometry.groupChannels, geometry.groupFilters)
    // Where each block of [taps][channels] starts, and how far apart its rows are.
    var places: [(offset: Int, stride: Int)] = []
    for unit in group.units.units {
      for block in 0..<Int(unit.width) {
        places.append(
          (unit.weights + block * channelBlock, Int(unit.width) * channelBlock))
      }
    }
    let filters = group.filters.lowerBound * channelBlock
    let end = min(group.filters.upperBound * channelBlock, geometry.filters)
    for filter in filters..<end {
      let first = filter / groupFilters * depth
      let channels =
        (group.blocks.lowerBound * channelBlock..<group.blocks.upperBound
        * channelBlock).clamped(to: first..<first + depth)
      for channel in channels {
        let from = raw + (filter * depth + channel - first) * taps
        let (block, lane) = (
          channel / channelBlock - group.blocks.lowerBound, channel % channelBlock
        )
        for tap in 0..<taps {
          let place = places[tap * group.blocks.count + block]
          base[place.offset + (filter - filters) * place.stride + lane] = from[tap]
        }
      }
    }
  }

  func run(
    _ call: borrowing BackwardCall, _ outputGradient: Tensor, into target: InputGradient,
    batch: Int
  ) {
    guard let weights, let dx = target.tensor else { return }
    let scratch = call.scratch
    call.parallel(batch * groups.count) { index, thread in
      let (n, group) = (index / groups.count, groups[index % groups.count])
      let plane = geometry.height * geometry.width * channelBlock
      let image = dx.image(n) + group.blocks.lowerBound * plane
      if !target.accumulates { image.update(repeating: 0, count: group.blocks.count * plane) }
      let offsets = scratch.thread(thread)
      run(
        group, weights.base + group.offset, outputGradient.image(n), into: image,
        (offsets + offsetBytes).assumingMemoryBound(to: Float.self), offsets)
    }
  }

  private func run(
    _ group: Group, _ weights: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
    into dx: UnsafeMutablePointer<Float>, _ cells: UnsafeMutablePointer<Float>,
    _ offsets: UnsafeMutableRawPointer
  ) {
    let epilogue = BlockedEpilogue(
      bias: zeros.base, first: Activation.linear.blockedValue,
      second: Activation.linear.blockedValue, residual: nil, isPooled: false)
    let outPlane = geometry.outHeight * geometry.outWidth
    var product = ConvolutionGeometry()
    (product.size, product.groups, product.strideX, product.strideY) = (1, 1, 1, 1)
    (product.dilation, product.height, product.outHeight) = (1, 1, 1)
    product.channels = group.filters.count * channelBlock
    product.filters = taps * group.blocks.count * channelBlock
    product.width = outPlane
    product.outWidth = bandPixels
    for first in stride(from: 0, to: geometry.outHeight, by: rows) {
      let range = first..<min(first + rows, geometry.outHeight)
      let start = group.filters.lowerBound * outPlane + first * geometry.outWidth
      group.units.units.withUnsafeBufferPointer { units in
        kernels.convolveBlocked(
          product, isPlanar: false, units: units, dy + start * channelBlock, weights: weights,
          epilogue, into: cells, rows: 0..<1, columns: 0..<range.count * geometry.outWidth,
          scratch: offsets)
      }
      for block in 0..<group.blocks.count {
        kernels.foldBlocked(
          geometry, cells + block * bandPixels * channelBlock,
          tapStride: group.blocks.count * bandPixels * channelBlock, rows: range,
          to: dx + block * geometry.height * geometry.width * channelBlock)
      }
    }
  }
}

extension ConvolutionGeometry {
  /// The blocks of filters that read some blocks of channels.
  fileprivate func filterBlocks(of blocks: Range<Int>) -> Range<Int> {
    let last = min(blocks.upperBound * channelBlock, channels) - 1
    let first = blocks.lowerBound * channelBlock / groupChannels * groupFilters
    let end = (last / groupChannels + 1) * groupFilters
    return first / channelBlock..<(end + channelBlock - 1) / channelBlock
  }
}
