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

  /// - Parameter scales: the factors of batch normalisation.
  init(
    _ convolution: Convolution, _ kernels: Kernels, scales: [Float]?, keepsTransformed: Bool,
    _ weights: Weights
  ) throws(PlanError) {
    let geometry = convolution.geometry
    let depth = geometry.channels.rounded(upTo: kernels.wide)
    let (units, count) = Self.units(geometry, kernels, areTransformed: keepsTransformed)
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
          kernels.winogradWeights(
            columns, channels: depth, filters: width, into: packed,
            stride: depth * width + Int(WINOGRAD_GAP))
        }
      }
    }
  }

  /// Bytes that transformed weights take beyond what the weights take as they are.
  static func keptBytes(_ geometry: ConvolutionGeometry, _ kernels: Kernels) -> Int {
    4 * units(geometry, kernels, areTransformed: true).count
      - 4 * units(geometry, kernels, areTransformed: false).count
  }

  /// Registers of filters, two where there are two, and where the weights of each pair start.
  private static func units(
    _ geometry: ConvolutionGeometry, _ kernels: Kernels, areTransformed: Bool
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
        ? Int(WINOGRAD_POINTS) * (depth * width + Int(WINOGRAD_GAP)) : 9 * depth * width
      first += width
    }
    return (units, count)
  }
}
