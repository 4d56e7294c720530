/// A seeded source of numbers in [0, 1), reachable at any position: the rule by which the golden
/// cases make weights and inputs.
///
/// - Source: SplitMix64 (Steele, Lea and Flood, 2014), the upper 24 bits of each output.
package struct SplitMix: Hashable, Sendable {
  package let seed: UInt64

  package init(seed: UInt64) { self.seed = seed }

  /// The 64 bits behind number `k`.
  package func bits(_ k: Int) -> UInt64 {
    var z = seed &+ (UInt64(truncatingIfNeeded: k) &+ 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Number `k`, a multiple of 2⁻²⁴.
  package func u(_ k: Int) -> Double { Double(bits(k) >> 40) * 0x1p-24 }

  /// Numbers `first ..< first + count` as floats.
  package func floats(_ count: Int, from first: Int = 0) -> [Float] {
    (first..<first + count).map { Float(u($0)) }
  }
}
