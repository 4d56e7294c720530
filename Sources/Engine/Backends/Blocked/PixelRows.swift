import PenumbraCompute

/// A pixelwise convolution that computes some rows of some of its filters at a time, by products of
/// floats or of bfloat16.
struct PixelRows: Sendable {
  private let kernels = Kernels.current
  private let reduced: ReducedKernels?
  /// Of a single row, as long as the most pixels that are asked for.
  private let geometry: ConvolutionGeometry
  private let epilogue: PackedEpilogue
  private let units: FilterUnits
  private let weights: PackedFloats

  /// Input channels up to which numbers are converted, again for every few filters, in less time
  /// than turns save.
  private static let mostConvertedChannels = 4 * channelBlock

  static func suits(_ convolution: Convolution) -> Bool {
    guard convolution.products.format.reducedKernels != nil else { return true }
    return convolution.products.format == .bf16
      && convolution.geometry.channels <= mostConvertedChannels
  }

  init(_ convolution: Convolution, mostPixels: Int, _ weights: Weights) throws(PlanError) {
    let epilogue = try PackedEpilogue(convolution, nil, weights)
    self.epilogue = epilogue
    var row = convolution.geometry.asRow
    row.outWidth = mostPixels
    geometry = row
    let reduced = convolution.products.format.reducedKernels
    self.reduced = reduced
    let wordChannels = reduced?.wordChannels ?? 1
    let units = FilterUnits(
      row, lanes: channelBlock, widths: kernels.unitWidths, cellWords: channelBlock / wordChannels)
    self.units = units
    func pack<Element: BitwiseCopyable>(
      _ element: @escaping (_ value: Float) -> Element
    ) throws(PlanError) -> PackedFloats {
      try .words(convolution, units, weights, lanes: channelBlock, wordChannels: wordChannels) {
        filter, value in element(value * (epilogue.scales?[filter] ?? 1))
      }
    }
    self.weights = try reduced == nil ? pack { $0 } : pack { bfloat16($0) }
  }

  var format: NumberFormat { reduced == nil ? .fp32 : .bf16 }
  var algorithm: String { reduced == nil ? "direct 1x1" : "direct bf16" }

  private var blocks: Int { (geometry.channels + channelBlock - 1) / channelBlock }
  private var offsetBytes: Int { (blocks * 4 + 63) / 64 * 64 }

  var scratchBytes: Int {
    guard let reduced else { return offsetBytes }
    let elements = blocks * channelBlock * geometry.outWidth
    return offsetBytes + (elements * reduced.elementBytes + 63) / 64 * 64
  }

  /// `count` pixels from `x` on, a pixel of the first block of an input, of the filters in `blocks`,
  /// to `y`, the place of the first of them in a tensor of `geometry`'s size.
  func compute(
    _ x: UnsafePointer<Float>, count: Int, blocks filters: Range<Int>, _ epilogue: BlockedEpilogue,
    into y: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer
  ) {
    units.units.withUnsafeBufferPointer { all in
      let from = all.firstIndex { $0.outputBlock >= filters.lowerBound } ?? all.count
      let to = all.firstIndex { $0.outputBlock >= filters.upperBound } ?? all.count
      let units = UnsafeBufferPointer(rebasing: all[from..<to])
      guard let reduced else {
        return kernels.convolveBlocked(
          geometry, isPlanar: false, units: units, x, weights: weights.base, epilogue, into: y,
          rows: 0..<1, columns: 0..<count, scratch: scratch)
      }
      let elements = scratch + offsetBytes
      reduced.convert(
        geometry, x, nil, blocks: 0..<blocks, rows: 0..<1, columns: 0..<count, into: elements)
      reduced.convolve(
        geometry, units: units, strip: elements, nil, weights: weights.base, epilogue, into: y,
        rows: 0..<1, columns: 0..<count, offsets: scratch)
    }
  }

  func values(_ inputs: UnsafePointer<Tensor>, _ n: Int) -> BlockedEpilogue {
    epilogue.values(inputs, n)
  }
}
