/// Choices that a seed and the number of a case fix: SplitMix64.
struct Random: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64, case number: Int) {
    state = seed &* 0xD129_42F0_4F17_91C5 &+ UInt64(truncatingIfNeeded: number)
    _ = next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func int(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &self) }
  mutating func chance(_ share: Double) -> Bool { .random(in: 0..<1, using: &self) < share }
  mutating func byte() -> UInt8 { UInt8(truncatingIfNeeded: next()) }
  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in byte() } }

  /// One of the elements, of which there must be some.
  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[int(0...elements.count - 1)]
  }
}

extension Random {
  /// Changes, inserts, removes, repeats or cuts off some bytes.
  mutating func addNoise(to bytes: inout [UInt8], changes: ClosedRange<Int> = 1...6) {
    for _ in 0..<int(changes) {
      guard !bytes.isEmpty else { return }
      let place = int(0...bytes.count - 1)
      let length = min(int(1...16), bytes.count - place)
      switch int(0...7) {
      case 0: bytes[place] ^= 1 << UInt8(int(0...7))
      case 1: bytes[place] = byte()
      case 2: bytes[place] = pick([0, 1, 0x7F, 0x80, 0xFE, 0xFF])
      case 3: bytes.insert(contentsOf: self.bytes(int(1...8)), at: place)
      case 4: bytes.removeSubrange(place..<place + length)
      case 5: bytes.insert(contentsOf: bytes[place..<place + length], at: int(0...bytes.count))
      case 6: for i in place..<place + length { bytes[i] = pick([0, 0xFF]) }
      default: if chance(0.2) { bytes.removeSubrange(place...) }
      }
    }
  }
}
