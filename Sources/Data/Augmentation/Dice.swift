import PenumbraCompute

/// Random numbers of one example: what they are follows from the seed and the example's number
/// alone.
struct Dice {
  private let stream: SplitMix
  private var position = 0

  /// - Parameter part: tells streams of one example apart.
  init(seed: UInt64, number: Int, part: Int = 0) {
    let ofNumber = SplitMix(seed: seed).bits(number)
    stream = SplitMix(seed: SplitMix(seed: ofNumber).bits(part))
  }

  mutating func bits() -> UInt64 {
    defer { position += 1 }
    return stream.bits(position)
  }

  /// In [0, 1).
  mutating func uniform() -> Double { Double(bits() >> 11) * 0x1p-53 }

  mutating func uniform(_ low: Double, _ high: Double) -> Double { low + uniform() * (high - low) }

  /// A whole number of the range.
  mutating func int(_ range: ClosedRange<Int>) -> Int {
    let width = UInt64(range.upperBound - range.lowerBound) + 1
    return range.lowerBound + Int(bits().multipliedFullWidth(by: width).high)
  }

  /// True one time in `odds`.
  mutating func chance(oneIn odds: Int) -> Bool { int(0...odds - 1) == 0 }

  /// A factor up to `scale`, or its inverse: Darknet's `rand_scale`.
  mutating func factor(_ scale: Double) -> Double {
    let value = uniform(1, scale)
    return chance(oneIn: 2) ? value : 1 / value
  }

  mutating func shuffle<Element>(_ elements: inout [Element]) {
    for i in elements.indices.dropFirst().reversed() { elements.swapAt(i, int(0...i)) }
  }
}

/// A shuffled order of `count` things of which any place can be asked for without making the rest.
///
/// - Source: a Feistel network over the next even number of bits, walked until it falls inside
///   (Black and Rogaway, 2002).
struct Permutation {
  private let count: Int
  private let halfBits: Int
  private let keys: SplitMix
  private static let rounds = 8

  /// - Precondition: `count` is positive.
  init(count: Int, seed: UInt64) {
    precondition(count > 0, "nothing to put in order")
    self.count = count
    let bits = max(2, Int.bitWidth - (count - 1).leadingZeroBitCount)
    halfBits = (bits + 1) / 2
    keys = SplitMix(seed: seed)
  }

  /// The thing at a place below `count`.
  subscript(_ place: Int) -> Int {
    var value = place
    repeat { value = encrypted(value) } while value >= count
    return value
  }

  private func encrypted(_ value: Int) -> Int {
    let mask = 1 << halfBits - 1
    var (left, right) = (value >> halfBits, value & mask)
    for round in 0..<Self.rounds {
      let key = keys.bits(round)
      let mixed = SplitMix(seed: key).bits(right)
      (left, right) = (right, left ^ Int(truncatingIfNeeded: mixed >> 20) & mask)
    }
    return left << halfBits | right
  }
}
