package import PenumbraCompute

/// A 3x3 convolution by Winograd's F(4x4, 3x3): 36 products for 16 outputs instead of 144.
///
/// First the input of some tiles is transformed; then each unit of filters makes their outputs from
/// it, in one pass: products, transform back, what follows. Either a thread carries a block of tiles
/// through alone, or all threads share one and divide channels, then filters.
struct WinogradConvolution: PackingKernel {
  /// Weights are packed for these.
  private let kernels = Kernels.current
  /// What multiplies narrower numbers than floats, if anything does.
  private let reduced: ReducedKernels?
  let format: NumberFormat
  private let geometry: ConvolutionGeometry
  var epilogue: PackedEpilogue
  private let weights: WinogradWeights
  private let cut: WinogradCut

  init(
    _ convolution: Convolution, _ epilogue: PackedEpilogue, keepsTransformed: Bool,
    _ weights: Weights
  ) throws(PlanError) {
    geometry = convolution.geometry
    self.epilogue = epilogue
    reduced = convolution.products.format.reducedKernels
    format = reduced == nil ? .fp32 : convolution.products.format
    let wordChannels = reduced?.wordChannels ?? 1
    cut = WinogradCut(geometry, kernels.shape, wordChannels: wordChannels)
    self.weights = try WinogradWeights(
      convolution, kernels, scales: epilogue.scales,
      keepsTransformed: keepsTransformed || wordChannels > 1,
      wordChannels: wordChannels, weights)
  }

  var algorithm: String? {
    "winograd 4x4" + (format == .fp32 ? "" : " \(format.rawValue)")
      + (weights.areTransformed ? ", weights transformed" : "")
      + (epilogue.isPooled ? ", pooled" : "")
  }

  var packedBytes: Int { weights.packedBytes + epilogue.packedBytes }

  // MARK: Scratch

  private var depth: Int { geometry.channels.rounded(upTo: kernels.wide) }
  /// Words of a wide register of channels.
  private var wideWords: Int { kernels.wide / (reduced?.wordChannels ?? 1) }
  /// Words from one point of the input to the next.
  private var stride: Int { inputParts * wideWords * cut.room + Int(WINOGRAD_GAP) }
  private var inputBytes: Int { 4 * Int(WINOGRAD_POINTS) * stride }
  private var partBytes: Int {
    let filters = Int(weights.units[0].width) * channelBlock
    return 4 * winograd_scratch(cut.part, filters, weights.areTransformed)
  }

  var threadScratchBytes: Int { partBytes + (cut.isPrivate ? inputBytes : 0) }
  var sharedScratchBytes: Int { cut.isPrivate ? 0 : inputBytes }

  // MARK: Execution

  func run(_ call: borrowing KernelCall) {
    if cut.isPrivate { runPrivately(call) } else { runTogether(call) }
  }

  private func runPrivately(_ call: borrowing KernelCall) {
    let (inputs, output) = (call.inputs, call.output)
    let scratch = call.scratch
    call.parallel(call.batch * cut.blocks) { index, thread in
      let (n, tiles) = (index / cut.blocks, cut.block(index % cut.blocks))
      let own = scratch.floats(thread)
      let v = own + partBytes / 4
      for part in 0..<inputParts { transform(inputs[0].image(n), part, tiles, v) }
      let epilogue = epilogue.values(inputs, n)
      for unit in weights.units.indices {
        finish(unit, tiles, of: tiles, v, own, epilogue, output.image(n))
      }
    }
  }

  private func runTogether(_ call: borrowing KernelCall) {
    let (inputs, output) = (call.inputs, call.output)
    let scratch = call.scratch
    let v = call.sharedScratch.assumingMemoryBound(to: Float.self)
    for n in 0..<call.batch {
      let epilogue = epilogue.values(inputs, n)
      for block in 0..<cut.blocks {
        let tiles = cut.block(block)
        call.parallel(inputParts) { part, _ in transform(inputs[0].image(n), part, tiles, v) }
        let parts = (tiles.count + cut.part - 1) / cut.part
        call.parallel(weights.units.count * parts) { index, thread in
          let first = tiles.lowerBound + index % parts * cut.part
          let some = first..<min(first + cut.part, tiles.upperBound)
          finish(
            index / parts, some, of: tiles, v, scratch.floats(thread), epilogue, output.image(n))
        }
      }
    }
  }

  private var inputParts: Int { depth / kernels.wide }

  /// - Parameter part: which wide register of channels.
  private func transform(
    _ image: UnsafePointer<Float>, _ part: Int, _ tiles: Range<Int>,
    _ v: UnsafeMutablePointer<Float>
  ) {
    let block = part * kernels.wide / channelBlock
    let v = v + part * cut.room * wideWords
    if let reduced {
      reduced.winogradInput(geometry, image, block: block, tiles: tiles, into: v, stride: stride)
    } else {
      kernels.winogradInput(geometry, image, block: block, tiles: tiles, into: v, stride: stride)
    }
  }

  /// One unit's outputs at `tiles`, some of those of `block` that `v` has.
  private func finish(
    _ unit: Int, _ tiles: Range<Int>, of block: Range<Int>, _ v: UnsafePointer<Float>,
    _ scratch: UnsafeMutablePointer<Float>, _ epilogue: BlockedEpilogue,
    _ output: UnsafeMutablePointer<Float>
  ) {
    weights.units.withUnsafeBufferPointer { units in
      let part = WinogradPart(
        unit: units.baseAddress! + unit,
        v: v + (tiles.lowerBound - block.lowerBound) * wideWords, stride: stride,
        room: cut.room, tile: tiles.lowerBound, count: tiles.count,
        weights: weights.base + units[unit].weights, transformed: weights.areTransformed,
        scratch: scratch)
      if let reduced {
        reduced.winogradFilters(geometry, part, epilogue, into: output)
      } else {
        kernels.winogradFilters(geometry, part, epilogue, into: output)
      }
    }
  }
}

// MARK: How the work is cut

/// How the tiles of a Winograd convolution are divided, by the shapes alone.
struct WinogradCut: Sendable {
  /// Tiles in all.
  let tiles: Int
  /// Tiles whose input is transformed at a time, and how many times that is.
  let room: Int
  let blocks: Int
  /// Tiles that a unit of filters passes over at a time.
  let part: Int
  /// Whether each block belongs to one thread.
  let isPrivate: Bool

  /// Coefficients of a private block, so that they stay in a processor's own cache.
  private static let privateBytes = 512 << 10
  /// Those of a shared one: a part of the cache that processors share.
  private static let sharedBytes = 8 << 20
  /// Tiles of a private block at least: weights are read once a block.
  private static let leastTiles = 20
  /// Private blocks at least, so that there is work for several threads.
  private static let leastBlocks = 8
  /// Tiles whose outputs' coefficients stay in a processor's own cache.
  private static let partTiles = 84
  /// Parts of a shared block that there should be.
  private static let wantedParts = 8

  /// - Parameter wordChannels: channels in the memory of a float.
  init(_ geometry: ConvolutionGeometry, _ shape: KernelShape, wordChannels: Int = 1) {
    tiles = (geometry.outHeight + 3) / 4 * ((geometry.outWidth + 3) / 4)
    let bytes =
      4 * Int(WINOGRAD_POINTS) * geometry.channels.rounded(upTo: shape.wide) / wordChannels
    isPrivate =
      tiles >= Self.leastTiles * Self.leastBlocks && bytes * Self.leastTiles <= Self.privateBytes
    if isPrivate {
      let most = Self.privateBytes / bytes
      // A multiple of four keeps two or four threads equally busy.
      let wanted = max((tiles + most - 1) / most, Self.leastBlocks).rounded(upTo: 4)
      room = (tiles + wanted - 1) / wanted
      part = room
    } else {
      let wanted = max(1, (tiles * bytes + Self.sharedBytes - 1) / Self.sharedBytes)
      room = (tiles + wanted - 1) / wanted
      let filters = geometry.filters.rounded(upTo: shape.wide)
      let units = (filters + shape.unitFilters - 1) / shape.unitFilters
      let parts = max(
        (room + Self.partTiles - 1) / Self.partTiles,
        min((Self.wantedParts + units - 1) / units, room / Self.leastTiles))
      part = (room + max(parts, 1) - 1) / max(parts, 1)
    }
    blocks = (tiles + room - 1) / room
  }

  func block(_ index: Int) -> Range<Int> { index * room..<min((index + 1) * room, tiles) }
}

/// What the kernels of an instruction set compute at a time.
package struct KernelShape: Hashable, Sendable {
  /// Channels of a register.
  var wide: Int
  /// Filters of the largest unit.
  var unitFilters: Int

  package init(wide: Int, unitFilters: Int) {
    self.wide = wide
    self.unitFilters = unitFilters
  }
}

extension Kernels {
  package var shape: KernelShape {
    KernelShape(wide: wide, unitFilters: (unitWidths.first ?? 1) * channelBlock)
  }
}

extension Int {
  /// The next multiple of `unit` that is not below.
  func rounded(upTo unit: Int) -> Int { (self + unit - 1) / unit * unit }
}
