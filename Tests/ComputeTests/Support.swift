import PenumbraCompute

/// The instruction sets of this machine, each of which must agree with the reference.
let everyTier = InstructionSet.allCases.filter { isa in
  isa.isSupported && Kernels(upTo: isa).instructionSet == isa
}

/// Floats between guard values, off any alignment, so that a kernel that reads or writes too far is
/// found out.
struct Guarded {
  private static let canary: Float = -7.25e33
  private static let margin = 67
  private var storage: [Float]
  private let offset: Int
  let count: Int

  /// - Parameter offset: the floats by which the first one is off the margin.
  init(_ values: [Float], offset: Int = 0) {
    count = values.count
    self.offset = Self.margin + offset
    let guards = [Float](repeating: Self.canary, count: Self.margin)
    storage = guards + [Float](repeating: Self.canary, count: offset) + values + guards
  }

  init(count: Int, offset: Int = 0) {
    self.init([Float](repeating: .signalingNaN, count: count), offset: offset)
  }

  mutating func withPointer<Result>(_ body: (UnsafeMutablePointer<Float>) -> Result) -> Result {
    storage.withUnsafeMutableBufferPointer { body($0.baseAddress! + offset) }
  }

  var values: [Float] { Array(storage[offset..<offset + count]) }

  var isIntact: Bool {
    storage[..<offset].allSatisfy { $0 == Self.canary }
      && storage[(offset + count)...].allSatisfy { $0 == Self.canary }
  }
}

/// The largest |got - expected| beyond `absolute + relative * |expected|`; NaN must meet NaN.
func excess(
  _ got: [Float], _ expected: [Float], absolute: Float = 0, relative: Float = 0
) -> Float {
  zip(got, expected).reduce(0) { worst, pair in
    let (g, e) = pair
    if g == e || g.isNaN && e.isNaN { return worst }
    let over = abs(g - e) - absolute - relative * abs(e)
    return over.isNaN ? .infinity : max(worst, over)
  }
}

/// Random floats in [-scale, scale).
func noise(_ count: Int, seed: UInt64 = 1, scale: Float = 1) -> [Float] {
  SplitMix(seed: seed).floats(count).map { ($0 * 2 - 1) * scale }
}
