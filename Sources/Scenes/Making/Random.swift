/// Random choices that follow from a seed.
///
/// - Source: SplitMix64 (Steele, Lea and Flood, 2014).
struct SceneRandom: RandomNumberGenerator {
  private var state: UInt64

  private init(state: UInt64) { self.state = state }

  /// The choices of one scene.
  init(seed: UInt64, index: Int) {
    state = scattered(scattered(seed) &+ UInt64(bitPattern: Int64(index)))
  }

  /// Choices that do not depend on how many are made elsewhere.
  func stream(_ number: UInt64) -> SceneRandom {
    SceneRandom(state: scattered(state ^ scattered(number)))
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return scattered(state)
  }

  /// 0 to 1, without 1.
  mutating func share() -> Float { Float(next() >> 40) * 0x1p-24 }

  mutating func uniform(_ range: ClosedRange<Float>) -> Float {
    range.lowerBound + share() * (range.upperBound - range.lowerBound)
  }

  mutating func integer(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.count))
  }

  mutating func chance(_ probability: Float) -> Bool { share() < probability }

  /// Mean 0, standard deviation 1, never beyond 3.5.
  mutating func normal() -> Float {
    var sum: Float = 0
    for _ in 0..<12 { sum += share() }
    return min(max(sum - 6, -3.5), 3.5)
  }

  mutating func angle() -> Float { share() * 2 * .pi }

  mutating func direction() -> SIMD2<Float> { unitVector(angle()) }

  /// An index, as often as its weight says.
  mutating func choice(_ weights: [Float]) -> Int {
    var rest = share() * weights.reduce(0, +)
    for (index, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return index }
    }
    return weights.count - 1
  }

  /// A colour between two.
  mutating func mix(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> SIMD3<Float> { a + (b - a) * share() }
}

/// The finalizer of SplitMix64: neighbours become strangers.
@inline(__always) func scattered(_ value: UInt64) -> UInt64 {
  var z = value
  z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  return z ^ (z >> 31)
}
