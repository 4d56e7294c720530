import PenumbraCompute

/// A pixelwise convolution and one of small groups that reads it, four blocks of channels and some
/// rows at a time.
struct ExpandedConvolution: Kernel {
  /// Weights are packed for these.
  private let kernels = Kernels.current
  private let second: ConvolutionGeometry
  private let expansion: PixelRows
  private let epilogue: PackedEpilogue
  private let lanes: PackedLanes
  /// Blocks of what stands between.
  private let blocks: Int
  /// Columns that the second one computes at a time.
  private let band: Int
  /// Output rows that are computed in turns, and the rows between that they need.
  private let rows: Int
  private let rowsBetween: Int
  /// Output rows of a task.
  private let taskRows: Int

  /// As many as the widest unit of filters has.
  private static let groupBlocks = 4
  private static let bytesBetween = 256 << 10
  private static let wantedTasks = 8
  /// Because tasks compute the rows around theirs too.
  private static let leastTaskRows = 16

  /// Whether each block of the second one's filters reads the same block of the first one's.
  static func suits(_ first: ConvolutionGeometry, _ second: ConvolutionGeometry) -> Bool {
    first.groups == 1 && first.size == 1
      && first.strideX == 1 && first.strideY == 1 && !first.needsHalo && first.outWidth > 1
      && second.size > 1
      && GroupedConvolution.suits(second) && second.channels == second.filters
      && channelBlock % second.groupChannels == 0
  }

  init(
    _ expansion: Convolution, _ grouped: Convolution, _ weights: Weights
  ) throws(PlanError) {
    let second = grouped.geometry
    self.second = second
    epilogue = try PackedEpilogue(grouped, nil, weights)
    lanes = try PackedLanes(grouped, epilogue.scales, weights, wide: kernels.wide)
    band = GroupedConvolution.band(second, cellFloats: lanes.depth * kernels.wide)

    let reach = (second.size - 1) * second.dilation + 1
    let rowBytes = 4 * Self.groupBlocks * channelBlock * second.width
    let most = max(reach, Self.bytesBetween / rowBytes)
    rows = max(2, (most - reach) / second.strideY + 1).rounded(upTo: 2)
    rowsBetween = min(second.height, (rows - 1) * second.strideY + reach)
    blocks = (second.channels + channelBlock - 1) / channelBlock
    let groups = Self.groups(blocks)
    let cuts = max(
      1,
      min((Self.wantedTasks + groups - 1) / groups, second.outHeight / Self.leastTaskRows))
    taskRows = ((second.outHeight + cuts - 1) / cuts).rounded(upTo: 2)
    self.expansion = try PixelRows(expansion, mostPixels: rowsBetween * second.width, weights)
  }

  private static func groups(_ blocks: Int) -> Int { (blocks + groupBlocks - 1) / groupBlocks }

  var format: NumberFormat { expansion.format }
  var algorithm: String? { "\(expansion.algorithm), grouped \(second.windowText)" }

  // MARK: Scratch

  /// Floats of a row between, and of a block of them.
  private var rowFloats: Int { second.width * channelBlock }
  private var blockFloats: Int { rowsBetween * rowFloats }

  /// A row beyond the last one may be read, for sums that nobody wants.
  private var betweenBytes: Int {
    let floats = Self.groupBlocks * blockFloats + second.strideY * rowFloats
    return (floats * 4 + 63) / 64 * 64
  }

  var threadScratchBytes: Int {
    expansion.scratchBytes + betweenBytes
      + 4 * second.groupedScratchFloats(laneGroups, wide: kernels.wide)
  }

  // MARK: Execution

  private var laneGroups: LaneGroups { lanes.groups(band: band, blockFloats: blockFloats) }

  func run(_ call: borrowing KernelCall) {
    let (inputs, output) = (call.inputs, call.output)
    let groups = Self.groups(blocks)
    let cuts = (second.outHeight + taskRows - 1) / taskRows
    let scratch = call.scratch
    call.parallel(call.batch * groups * cuts) { index, thread in
      let (n, task) = (index / (groups * cuts), index % (groups * cuts))
      let start = task / groups * taskRows
      compute(
        group: task % groups, rows: start..<min(start + taskRows, second.outHeight), inputs, n,
        into: output.image(n), scratch: scratch.thread(thread))
    }
  }

  private func compute(
    group: Int, rows task: Range<Int>, _ inputs: UnsafePointer<Tensor>, _ n: Int,
    into output: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer
  ) {
    let between = (scratch + expansion.scratchBytes).assumingMemoryBound(to: Float.self)
    let reach = (second.size - 1) * second.dilation + 1
    var made = 0..<0
    for row in stride(from: task.lowerBound, to: task.upperBound, by: rows) {
      let end = min(row + rows, task.upperBound)
      let top = max(0, row * second.strideY - second.padding)
      let bottom = min(second.height, (end - 1) * second.strideY - second.padding + reach)
      made = keep(rowsFrom: top, of: made, in: between)
      if bottom > made.upperBound {
        expand(made.upperBound..<bottom, first: made.lowerBound, group, inputs, n, scratch)
        made = made.lowerBound..<bottom
      }
      let x = between - group * Self.groupBlocks * blockFloats - made.lowerBound * rowFloats
      let perUnit = kernels.wide / channelBlock
      let units = group * Self.groupBlocks / perUnit..<(group + 1) * Self.groupBlocks / perUnit
      for unit in units.clamped(to: lanes.units.indices) {
        kernels.convolveGrouped(
          second, laneGroups, lanes.units[unit], x, weights: lanes.weights.base,
          epilogue.values(inputs, n), into: output, rows: row..<end,
          scratch: scratch + expansion.scratchBytes + betweenBytes)
      }
    }
  }

  /// Moves the rows from `top` on to the start of each block; the others are forgotten.
  private func keep(
    rowsFrom top: Int, of made: Range<Int>, in between: UnsafeMutablePointer<Float>
  ) -> Range<Int> {
    guard made.contains(top) else { return top..<top }
    guard top > made.lowerBound else { return made }
    for block in 0..<Self.groupBlocks {
      let to = between + block * blockFloats
      to.update(
        from: to + (top - made.lowerBound) * rowFloats,
        count: (made.upperBound - top) * rowFloats)
    }
    return top..<made.upperBound
  }

  /// Computes `rows` of what stands between, whose memory starts with row `first`.
  private func expand(
    _ rows: Range<Int>, first start: Int, _ group: Int, _ inputs: UnsafePointer<Tensor>, _ n: Int,
    _ scratch: UnsafeMutableRawPointer
  ) {
    let blocks = group * Self.groupBlocks..<(group + 1) * Self.groupBlocks
    let between = (scratch + expansion.scratchBytes).assumingMemoryBound(to: Float.self)
    expansion.compute(
      inputs[0].image(n) + rows.lowerBound * rowFloats, count: rows.count * second.width,
      blocks: blocks, expansion.values(inputs, n),
      into: between - blocks.lowerBound * blockFloats + (rows.lowerBound - start) * rowFloats,
      scratch: scratch)
  }
}
