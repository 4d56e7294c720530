import PenumbraCompute

/// The gradient of a convolution's weights: sums over images and pixels of output gradients times
/// input cells.
///
/// The weights are cut into chunks whose sums stay in a processor's own cache; where that makes too
/// few tasks, the images' rows are cut into parts as well, whose sums are added in order. Both follow
/// from the shapes alone.
struct WeightGradient: Sendable {
  private let kernels = Kernels.current
  /// Of a single row where windows are single pixels.
  private let geometry: ConvolutionGeometry
  private let isPlanar: Bool
  private let units: [FilterUnit]
  private let chunks: [Chunk]
  /// Floats of all chunks' sums.
  private let sumCount: Int
  private let parts: Int
  private let bands: GradientBands

  /// Some weights: all blocks of channels of some units, or some blocks of one unit.
  private struct Chunk {
    let units: Range<Int>
    /// Counted from the units' first block; nil is all of them.
    let blocks: Range<Int>?
    /// Where its sums start among those of all.
    let offset: Int
    let count: Int
  }

  private static let chunkBytes = 256 << 10
  private static let wantedTasks = 16
  /// Output gradients of a unit that stay in the innermost cache.
  private static let bandBytes = 24 << 10

  init(_ geometry: ConvolutionGeometry, isPlanar: Bool) {
    let geometry = geometry.asRow
    let widths = kernels.unitWidths
    let units = FilterUnits(geometry, lanes: isPlanar ? 1 : channelBlock, widths: widths).units
    self.geometry = geometry
    self.isPlanar = isPlanar
    self.units = units
    var (chunks, offset): ([Chunk], Int) = ([], 0)
    func append(_ units: Range<Int>, _ blocks: Range<Int>?, count: Int) {
      chunks.append(Chunk(units: units, blocks: blocks, offset: offset, count: count))
      offset += count.rounded(upTo: 16)
    }
    let most = Self.chunkBytes / 4
    var first = 0
    while first < units.count {
      let blockFloats = Self.blockFloats(units[first], geometry, isPlanar, kernels.wide)
      let blocks = isPlanar ? 1 : Int(units[first].blockCount)
      if blocks * blockFloats > most {
        let some = max(1, most / blockFloats)
        let pieces = (blocks + some - 1) / some
        for piece in 0..<pieces {
          let range = piece * blocks / pieces..<(piece + 1) * blocks / pieces
          append(first..<first + 1, range, count: range.count * blockFloats)
        }
        first += 1
        continue
      }
      var (end, count) = (first, 0)
      while end < units.count {
        let blocks = isPlanar ? 1 : Int(units[end].blockCount)
        let more = blocks * Self.blockFloats(units[end], geometry, isPlanar, kernels.wide)
        guard count + more <= most else { break }
        (end, count) = (end + 1, count + more)
      }
      append(first..<end, nil, count: count)
      first = end
    }
    self.chunks = chunks
    sumCount = offset
    parts = (Self.wantedTasks + chunks.count - 1) / chunks.count
    bands = GradientBands(
      geometry, pixels: Self.bandBytes / (4 * channelBlock * (widths.first ?? 1)))
  }

  /// Floats of the sums of a unit and one block of channels, or all planes.
  private static func blockFloats(
    _ unit: FilterUnit, _ geometry: ConvolutionGeometry, _ isPlanar: Bool, _ wide: Int
  ) -> Int {
    let channels = isPlanar ? geometry.channels : channelBlock
    return channels * geometry.size * geometry.size * lanes(unit, wide)
  }

  private static func lanes(_ unit: FilterUnit, _ wide: Int) -> Int {
    (Int(unit.width) * channelBlock).rounded(upTo: wide)
  }

  var threadScratchBytes: Int { parts > 1 ? 0 : 4 * (chunks.map(\.count).max() ?? 0) }
  var sharedScratchBytes: Int { parts > 1 ? 4 * parts * sumCount : 0 }

  /// Adds the gradient to `gradient`, in the order of the weights file.
  func run(
    _ call: borrowing BackwardCall, input: Tensor, outputGradient: Tensor,
    to gradient: UnsafeMutablePointer<Float>
  ) {
    let batch = call.batch
    if parts == 1 {
      let scratch = call.scratch
      call.parallel(chunks.count) { index, thread in
        let sums = scratch.floats(thread)
        sum(chunks[index], bands.part(0, of: 1, batch), input, outputGradient, into: sums)
        eachUnit(of: chunks[index]) { unit, blocks, offset, _ in
          add(sums + offset, of: unit, blocks: blocks, to: gradient)
        }
      }
      return
    }
    let shared = call.sharedScratch.assumingMemoryBound(to: Float.self)
    call.parallel(parts * chunks.count) { index, _ in
      let (part, chunk) = (index / chunks.count, chunks[index % chunks.count])
      sum(
        chunk, bands.part(part, of: parts, batch), input, outputGradient,
        into: shared + part * sumCount + chunk.offset)
    }
    call.parallel(units.count) { index, _ in
      for chunk in chunks where chunk.units.contains(index) {
        eachUnit(of: chunk) { unit, blocks, offset, count in
          guard unit == index else { return }
          let sums = shared + chunk.offset + offset
          for part in 1..<parts {
            kernels.add(sums, sums + part * sumCount, into: sums, count: count)
          }
          add(sums, of: unit, blocks: blocks, to: gradient)
        }
      }
    }
  }

  private func eachUnit(
    of chunk: Chunk,
    _ body: (_ unit: Int, _ blocks: Range<Int>, _ offset: Int, _ count: Int) -> Void
  ) {
    var offset = 0
    for unit in chunk.units {
      let blocks = chunk.blocks ?? 0..<(isPlanar ? 1 : Int(units[unit].blockCount))
      let count =
        blocks.count * Self.blockFloats(units[unit], geometry, isPlanar, kernels.wide)
      body(unit, blocks, offset, count)
      offset += count
    }
  }

  private func sum(
    _ chunk: Chunk, _ range: Range<Int>, _ input: Tensor, _ outputGradient: Tensor,
    into sums: UnsafeMutablePointer<Float>
  ) {
    sums.update(repeating: 0, count: chunk.count)
    for band in range {
      let (image, rows, columns) = bands[band]
      eachUnit(of: chunk) { unit, blocks, offset, _ in
        let part = GradientPart(
          row: rows.lowerBound, rowEnd: rows.upperBound, column: columns.lowerBound,
          columnEnd: columns.upperBound, block: blocks.lowerBound, blockEnd: blocks.upperBound)
        kernels.weightGradient(
          geometry, isPlanar: isPlanar, units[unit], input.image(image),
          outputGradient.image(image), part, to: sums + offset)
      }
    }
  }

  /// Adds a unit's sums to the gradients of the weights there are: those within a filter's group.
  private func add(
    _ sums: UnsafePointer<Float>, of index: Int, blocks: Range<Int>,
    to gradient: UnsafeMutablePointer<Float>
  ) {
    let (unit, taps) = (units[index], geometry.size * geometry.size)
    let (depth, filters) = (geometry.groupChannels, geometry.groupFilters)
    let lanes = Self.lanes(unit, kernels.wide)
    let first = Int(unit.outputBlock) * channelBlock
    let end = min(first + Int(unit.width) * channelBlock, geometry.filters)
    let start = isPlanar ? 0 : (Int(unit.firstBlock) + blocks.lowerBound) * channelBlock
    let channels =
      isPlanar ? 0..<geometry.channels : start..<start + blocks.count * channelBlock
    var filter = first
    while filter < end {
      let group = filter / filters
      let next = min((group + 1) * filters, end)
      let some = channels.clamped(to: group * depth..<(group + 1) * depth)
      Kernels.addFilters(
        sums + (some.lowerBound - start) * taps * lanes + filter - first, rows: next - filter,
        columns: some.count * taps, lanes: lanes,
        to: gradient + (filter * depth + some.lowerBound - group * depth) * taps,
        stride: depth * taps)
      filter = next
    }
  }
}

/// The output cells of a mini-batch in bands of rows, or of a part of one row, image after image.
struct GradientBands: Sendable {
  private let rows: Int
  private let columns: Int
  private let rowBands: Int
  private let columnBands: Int
  private let height: Int
  private let width: Int

  /// - Parameter pixels: of a band, about.
  init(_ geometry: ConvolutionGeometry, pixels: Int) {
    (height, width) = (geometry.outHeight, geometry.outWidth)
    rows = max(1, min(pixels / width, height))
    rowBands = (height + rows - 1) / rows
    let pieces = width > 2 * pixels ? (width + pixels - 1) / pixels : 1
    columns = (width + pieces - 1) / pieces
    columnBands = (width + columns - 1) / columns
  }

  /// The bands of one of `parts` parts of `batch` images.
  func part(_ part: Int, of parts: Int, _ batch: Int) -> Range<Int> {
    let count = batch * rowBands * columnBands
    return part * count / parts..<(part + 1) * count / parts
  }

  subscript(index: Int) -> (image: Int, rows: Range<Int>, columns: Range<Int>) {
    let (band, column) = (index / columnBands, index % columnBands * columns)
    let row = band % rowBands * rows
    return (
      band / rowBands, row..<min(row + rows, height), column..<min(column + columns, width)
    )
  }
}

/// The gradient of a depthwise convolution's weights: lane by lane.
struct DepthwiseWeightGradient: Sendable {
  private let kernels = Kernels.current
  private let geometry: ConvolutionGeometry
  private let blocks: Int
  private let parts: Int
  private let bands: GradientBands

  private static let wantedTasks = 16
  private static let bandPixels = 256

  static func suits(_ geometry: ConvolutionGeometry) -> Bool {
    geometry.groups == geometry.channels && geometry.filters == geometry.channels
  }

  init(_ geometry: ConvolutionGeometry) {
    self.geometry = geometry
    blocks = (geometry.channels + channelBlock - 1) / channelBlock
    parts = (Self.wantedTasks + blocks - 1) / blocks
    bands = GradientBands(geometry, pixels: Self.bandPixels)
  }

  private var taps: Int { geometry.size * geometry.size }
  var sharedScratchBytes: Int { 4 * parts * blocks * taps * channelBlock }

  func run(
    _ call: borrowing BackwardCall, input: Tensor, outputGradient: Tensor,
    to gradient: UnsafeMutablePointer<Float>
  ) {
    let sums = call.sharedScratch.assumingMemoryBound(to: Float.self)
    let (batch, count) = (call.batch, taps * channelBlock)
    call.parallel(parts * blocks) { index, _ in
      let own = sums + index * count
      own.update(repeating: 0, count: count)
      let block = index % blocks
      for band in bands.part(index / blocks, of: parts, batch) {
        let (image, rows, columns) = bands[band]
        let part = GradientPart(
          row: rows.lowerBound, rowEnd: rows.upperBound, column: columns.lowerBound,
          columnEnd: columns.upperBound, block: 0, blockEnd: 1)
        kernels.depthwiseGradient(
          geometry, input.block(image, block), outputGradient.block(image, block), part, to: own)
      }
    }
    for block in 0..<blocks {
      for part in 0..<parts {
        let own = sums + (part * blocks + block) * count
        for lane in 0..<min(channelBlock, geometry.channels - block * channelBlock) {
          let filter = gradient + (block * channelBlock + lane) * taps
          for tap in 0..<taps { filter[tap] += own[tap * channelBlock + lane] }
        }
      }
    }
  }
}
