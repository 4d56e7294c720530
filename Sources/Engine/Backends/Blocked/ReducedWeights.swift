import PenumbraCompute

extension PackedFloats {
  /// The weights of a direct convolution in the order in which tiles read them, words of one or
  /// several neighbouring channels: [blocks][size][size][words][filters].
  ///
  /// - Parameters:
  ///   - lanes: channels of a block.
  ///   - wordChannels: channels of a word.
  ///   - element: what stands for a weight.
  static func words<Element: BitwiseCopyable>(
    _ convolution: Convolution, _ units: FilterUnits, _ weights: Weights, lanes: Int,
    wordChannels: Int, _ element: (_ filter: Int, _ value: Float) -> Element
  ) throws(PlanError) -> PackedFloats {
    let geometry = convolution.geometry
    let (taps, depth) = (geometry.size * geometry.size, geometry.channels / geometry.groups)
    let words = lanes / wordChannels
    return try convolution.withWeights(weights) { raw throws(PlanError) in
      try PackedFloats(count: units.weightCount, parts: units.units.count) { part, base in
        let unit = units.units[part]
        let width = Int(unit.width) * channelBlock
        let elements = UnsafeMutableRawPointer(base).assumingMemoryBound(to: Element.self)
        units.eachFilter(of: unit, geometry, lanes: lanes) { filter, channel, block, lane, column in
          let from = raw + (filter * depth + channel) * taps
          let word = unit.weights + (block * taps * words + lane / wordChannels) * width + column
          let to = elements + word * wordChannels + lane % wordChannels
          for tap in 0..<taps {
            to[tap * words * width * wordChannels] = element(filter, from[tap])
          }
        }
      }
    }
  }
}

/// The upper half of a float, rounded to the nearest, ties to even.
func bfloat16(_ value: Float) -> UInt16 {
  let bits = value.bitPattern
  guard !value.isNaN else { return UInt16(bits >> 16) | 0x40 }
  return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
}

/// How a convolution's floats become bytes and its sums floats again.
///
/// Inputs are x = (u - zero) / inverse with u in 0...255, over the calibrated range and zero itself;
/// weights are w = q · scale[filter] with q in -127...127, the largest of each filter at the end. What
/// the zero point adds to a sum is the same at every pixel, outside the image as well, and is taken
/// off before the products.
struct PackedQuantization: Sendable {
  private let starts: PackedFloats
  private let scales: PackedFloats
  private let inverse: Float
  private let zero: Int32
  private let weightFactors: [Float]

  init(
    _ convolution: Convolution, _ range: ValueRange, _ epilogue: PackedEpilogue, _ weights: Weights
  ) throws(PlanError) {
    let geometry = convolution.geometry
    let count = geometry.channels / geometry.groups * geometry.size * geometry.size
    let (low, high) = (min(range.low, 0), max(range.high, 0))
    let step = high > low ? max((high - low) / 255, .leastNormalMagnitude) : 1
    let (inverse, zero) = (1 / step, Int32(min(max(0, (-low / step).rounded()), 255)))
    var factors: [Float] = []
    var (starts, scales): ([Int32], [Float]) = ([], [])
    convolution.withWeights(weights) { raw in
      for filter in 0..<geometry.filters {
        let scale = epilogue.scales?[filter] ?? 1
        let values = UnsafeBufferPointer(start: raw + filter * count, count: count)
        let largest = values.reduce(Float(0)) { max($0, abs($1 * scale)) }
        let unit = largest > 0 && largest.isFinite ? largest / 127 : 1
        let factor = scale / unit
        factors.append(factor)
        let sum = values.reduce(Int32(0)) { $0 + Int32(Self.byte($1 * factor)) }
        starts.append(-zero * sum)
        scales.append(unit * step)
      }
    }
    let padded = geometry.filters + 4 * channelBlock
    self.starts = try PackedFloats(count: padded) { _, base in
      for (filter, start) in starts.enumerated() {
        base[filter] = Float(bitPattern: UInt32(bitPattern: start))
      }
    }
    self.scales = try PackedFloats(count: padded) { _, base in
      for (filter, scale) in scales.enumerated() { base[filter] = scale }
    }
    weightFactors = factors
    self.inverse = inverse
    self.zero = zero
  }

  /// The byte that stands for a weight.
  func weight(_ value: Float, _ filter: Int) -> Int8 { Self.byte(value * weightFactors[filter]) }

  private static func byte(_ value: Float) -> Int8 {
    guard !value.isNaN else { return 0 }
    return Int8(min(max(value.rounded(.toNearestOrEven), -127), 127))
  }

  var values: KernelQuantization {
    KernelQuantization(
      inverse: inverse, zero: zero,
      starts: UnsafeRawPointer(starts.base).assumingMemoryBound(to: Int32.self),
      scales: scales.base)
  }
}
