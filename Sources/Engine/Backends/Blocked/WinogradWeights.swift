import PenumbraCompute

/// The weights of a Winograd convolution, unit by unit: transformed, or as they are, to be transformed
/// chunk by chunk in every run. Both give the same bits.
///
/// Transformed weights are four times as large. Where there are few tiles to use them on, it takes
/// longer to read them from memory than to transform them.
struct WinogradWeights: Sendable {
  let units: [FilterUnit]
  let areTransformed: Bool
  private let floats: PackedFloats

  var base: UnsafePointer<Float> { floats.base }
  var packedBytes: Int { 4 * floats.count }

  /// - Parameter scales: the factors of batch normalisation.
  init(
    _ convolution: Convolution, _ kernels: Kernels, scales: [Float]?, keepsTransformed: Bool,
    wordChannels: Int = 1, _ weights: Weights
  ) throws(PlanError) {
    let geometry = convolution.geometry
    let depth = geometry.channels.rounded(upTo: kernels.wide)
    let (units, count) = Self.units(
      geometry, kernels, areTransformed: keepsTransformed, wordChannels: wordChannels)
    self.units = units
    areTransformed = keepsTransformed
    floats = try convolution.withWeights(weights) { raw throws(PlanError) in
      try PackedFloats(count: count, parts: units.count) { part, base in
        let unit = units[part]
        let (width, first) = (Int(unit.width) * channelBlock, Int(unit.outputBlock) * channelBlock)
        let packed = base + unit.weights
        func pack(into columns: UnsafeMutablePointer<Float>) {
          Kernels.packFilters(
            raw + first * geometry.channels * 9, rows: min(width, geometry.filters - first),
            columns: geometry.channels * 9, scales: scales.map { $0[first...] }, into: columns,
            lanes: width)
        }
        guard keepsTransformed else { return pack(into: packed) }
        withUnsafeTemporaryAllocation(of: Float.self, capacity: depth * 9 * width) { columns in
          guard let columns = columns.baseAddress else { return }
          columns.initialize(repeating: 0, count: depth * 9 * width)
          pack(into: columns)
          let stride = depth * width + Int(WINOGRAD_GAP)
          guard wordChannels > 1 else {
            kernels.winogradWeights(
              columns, channels: depth, filters: width, into: packed, stride: stride)
            return
          }
          let count = Int(WINOGRAD_POINTS) * stride
          withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { points in
            guard let points = points.baseAddress else { return }
            kernels.winogradWeights(
              columns, channels: depth, filters: width, into: points, stride: stride)
            Self.round(points, channels: depth, filters: width, into: packed)
          }
        }
      }
    }
  }

  /// Coefficients as bfloat16, two channels a word.
  private static func round(
    _ points: UnsafePointer<Float>, channels: Int, filters: Int,
    into packed: UnsafeMutablePointer<Float>
  ) {
    for point in 0..<Int(WINOGRAD_POINTS) {
      let from = points + point * (channels * filters + Int(WINOGRAD_GAP))
      let to = packed + point * (channels / 2 * filters + Int(WINOGRAD_GAP))
      let elements = UnsafeMutableRawPointer(to).assumingMemoryBound(to: UInt16.self)
      for channel in 0..<channels {
        for filter in 0..<filters {
          elements[(channel / 2 * filters + filter) * 2 + channel % 2] = bfloat16(
            from[channel * filters + filter])
        }
      }
    }
  }

  /// Bytes that transformed weights take beyond what the weights take as they are.
  ///
  /// - Parameter wordChannels: channels in the memory of a float.
  static func keptBytes(
    _ geometry: ConvolutionGeometry, _ kernels: Kernels, wordChannels: Int = 1
  ) -> Int {
    let kept = units(geometry, kernels, areTransformed: true, wordChannels: wordChannels).count
    return 4 * kept - 4 * units(geometry, kernels, areTransformed: false).count / wordChannels
  }

  /// Registers of filters, two where there are two, and where the weights of each pair start.
  private static func units(
    _ geometry: ConvolutionGeometry, _ kernels: Kernels, areTransformed: Bool,
    wordChannels: Int = 1
  ) -> (units: [FilterUnit], count: Int) {
    let depth = geometry.channels.rounded(upTo: kernels.wide)
    let filters = geometry.filters.rounded(upTo: kernels.wide)
    var (units, count, first): ([FilterUnit], Int, Int) = ([], 0, 0)
    while first < filters {
      let width = min(kernels.shape.unitFilters, filters - first)
      units.append(
        FilterUnit(
          firstBlock: 0, blockCount: Int32(depth / channelBlock),
          outputBlock: Int32(first / channelBlock), width: Int32(width / channelBlock),
          weights: count))
      count +=
        areTransformed
        ? Int(WINOGRAD_POINTS) * (depth / wordChannels * width + Int(WINOGRAD_GAP))
        : 9 * depth * width
      first += width
    }
    return (units, count)
  }
}
