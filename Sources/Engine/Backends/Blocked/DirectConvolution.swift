import PenumbraCompute

/// A convolution as sums over the blocked input itself, tile by tile of pixels and filters; strips of
/// rows are copied with zeros around them where windows reach beyond the image.
struct DirectConvolution: Kernel {
  /// Weights are packed for these.
  private let kernels = Kernels.current
  private let geometry: ConvolutionGeometry
  private let isPlanar: Bool
  private let epilogue: PackedEpilogue
  private let units: FilterUnits
  private let weights: PackedFloats
  private let tasks: Tasks

  /// How the work is cut, by the shapes alone.
  private struct Tasks {
    /// Rows of a strip; columns of one, where the image is a single row.
    var rows: Int
    var columns: Int
    var units: Int
    var strips: Int
    var unitGroups: Int
    var count: Int { strips * unitGroups }
  }

  /// Input of a strip, so that it stays in a processor's own cache while filters pass over it.
  private static let stripBytes = 256 << 10
  /// Products of a task worth handing out: some tens of microseconds.
  private static let taskProducts = 2_000_000

  init(
    _ convolution: Convolution, _ epilogue: PackedEpilogue, isPlanar: Bool, _ weights: Weights
  ) throws(PlanError) {
    var geometry = convolution.geometry
    if geometry.size == 1, geometry.strideX == 1, geometry.strideY == 1, !geometry.needsHalo,
      geometry.height == geometry.outHeight, geometry.width == geometry.outWidth
    {
      geometry.width *= geometry.height
      geometry.outWidth = geometry.width
      (geometry.height, geometry.outHeight) = (1, 1)
    }
    self.geometry = geometry
    self.isPlanar = isPlanar
    self.epilogue = epilogue
    let lanes = isPlanar ? 1 : channelBlock
    let units = FilterUnits(geometry, lanes: lanes, widths: kernels.unitWidths)
    self.units = units
    tasks = Self.tasks(geometry, units)

    let taps = geometry.size * geometry.size
    self.weights = try convolution.withWeights(weights) { raw throws(PlanError) in
      try PackedFloats(count: units.weightCount, parts: units.units.count) { part, base in
        let unit = units.units[part]
        let width = Int(unit.width) * channelBlock
        let depth = geometry.channels / geometry.groups
        units.eachFilter(of: unit, geometry, lanes: lanes) { filter, channel, block, lane, column in
          let from = raw + (filter * depth + channel) * taps
          let to = base + unit.weights + (block * taps * lanes + lane) * width + column
          let scale = epilogue.scales?[filter] ?? 1
          for tap in 0..<taps { to[tap * lanes * width] = from[tap] * scale }
        }
      }
    }
  }

  private static func tasks(_ geometry: ConvolutionGeometry, _ units: FilterUnits) -> Tasks {
    let isRow = geometry.outHeight == 1
    let extent = isRow ? geometry.outWidth : geometry.outHeight
    let inputBytes = geometry.channels * geometry.height * geometry.width * 4
    let products = units.weightCount * geometry.outHeight * geometry.outWidth
    let wanted = min(max(products / taskProducts, 1), 48)

    let most = units.weightCount * 4 > 1 << 20 ? 4 * stripBytes : stripBytes
    var strips = (inputBytes + most - 1) / most
    var groups = 1
    if strips < wanted {
      if units.weightCount * 4 > inputBytes {
        groups = min(units.units.count, (wanted + strips - 1) / strips)
      } else {
        strips = wanted
      }
    }
    // Not less than a row or some tiles of pixels.
    let least = isRow ? 24 : geometry.size > 1 ? 2 : 1
    strips = max(1, min(strips, extent / least))
    let size = (extent + strips - 1) / strips
    let groupUnits = (units.units.count + groups - 1) / groups
    return Tasks(
      rows: isRow ? 1 : size, columns: isRow ? size : geometry.outWidth, units: groupUnits,
      strips: (extent + size - 1) / size,
      unitGroups: (units.units.count + groupUnits - 1) / groupUnits)
  }

  var threadScratchBytes: Int {
    let lanes = isPlanar ? 1 : channelBlock
    let blocks = (geometry.channels + lanes - 1) / lanes
    let table = (blocks * geometry.size * geometry.size + 15) / 16 * 64
    guard geometry.needsHalo else { return table }
    let reach = (geometry.size - 1) * geometry.dilation + 1
    let rows = (tasks.rows - 1) * geometry.strideY + reach
    let width = (geometry.outWidth - 1) * geometry.strideX + reach
    return table + blocks * rows * width * lanes * 4
  }

  func run(_ call: borrowing KernelCall) {
    let (inputs, output) = (call.inputs, call.output)
    let scratch = (
      base: call.threadScratch(0), bytes: call.threadScratch(1) - call.threadScratch(0)
    )
    units.units.withUnsafeBufferPointer { units in
      call.parallel(call.batch * tasks.count) { index, thread in
        let (n, task) = (index / tasks.count, index % tasks.count)
        let (strip, group) = (task % tasks.strips, task / tasks.strips)
        let isRow = geometry.outHeight == 1
        let rows = isRow ? 0..<1 : Self.part(strip, tasks.rows, geometry.outHeight)
        let columns =
          isRow ? Self.part(strip, tasks.columns, geometry.outWidth) : 0..<geometry.outWidth
        kernels.convolveBlocked(
          geometry, isPlanar: isPlanar,
          units: UnsafeBufferPointer(rebasing: units[Self.part(group, tasks.units, units.count)]),
          inputs[0].image(n), weights: weights.base, epilogue.values(inputs, n),
          into: output.image(n), rows: rows, columns: columns,
          scratch: scratch.base + thread * scratch.bytes)
      }
    }
  }

  /// Part `index` of 0..<count in parts of `size`.
  private static func part(_ index: Int, _ size: Int, _ count: Int) -> Range<Int> {
    index * size..<min((index + 1) * size, count)
  }
}

/// A convolution with one filter a channel: each block by itself, register by register.
struct DepthwiseConvolution: Kernel {
  private let kernels = Kernels.current
  private let geometry: ConvolutionGeometry
  private let epilogue: PackedEpilogue
  private let weights: PackedFloats
  private let rows: Int

  /// Products of a task worth handing out.
  private static let taskProducts = 200_000

  init(_ convolution: Convolution, _ epilogue: PackedEpilogue, _ weights: Weights)
    throws(PlanError)
  {
    let geometry = convolution.geometry
    self.geometry = geometry
    self.epilogue = epilogue
    let taps = geometry.size * geometry.size
    let perRow = taps * geometry.outWidth * channelBlock
    rows = max(1, min(geometry.outHeight, Self.taskProducts / max(perRow, 1)))
    let blocks = (geometry.channels + channelBlock - 1) / channelBlock
    self.weights = try convolution.withWeights(weights) { raw throws(PlanError) in
      try PackedFloats(count: blocks * taps * channelBlock) { _, base in
        for filter in 0..<geometry.filters {
          let scale = epilogue.scales?[filter] ?? 1
          let to = base + filter / channelBlock * taps * channelBlock + filter % channelBlock
          for tap in 0..<taps { to[tap * channelBlock] = raw[filter * taps + tap] * scale }
        }
      }
    }
  }

  func run(_ call: borrowing KernelCall) {
    let (inputs, output) = (call.inputs, call.output)
    let blocks = (geometry.channels + channelBlock - 1) / channelBlock
    let strips = (geometry.outHeight + rows - 1) / rows
    call.parallel(call.batch * blocks * strips) { index, _ in
      let (n, task) = (index / (blocks * strips), index % (blocks * strips))
      let first = task % strips * rows
      kernels.depthwiseBlocked(
        geometry, inputs[0].image(n), weights: weights.base, epilogue.values(inputs, n),
        into: output.image(n), block: task / strips,
        rows: first..<min(first + rows, geometry.outHeight))
    }
  }
}
