extension FuzzTarget {
  /// One of the inputs with changes that the seed fixes: by the format's structure where the target
  /// knows it, of bytes, or both. For machines without libFuzzer.
  package func changed(_ inputs: [[UInt8]], seed: UInt64) -> [UInt8] {
    var choices = Choices(seed: seed)
    var bytes = choices.pick(inputs)
    if let mutate, choices.chance(0.8) { bytes = mutate(bytes, &choices) }
    if mutate == nil || choices.chance(0.2) { choices.addNoise(to: &bytes, words: dictionary) }
    return bytes
  }
}

extension Choices {
  /// Changes, inserts, removes, repeats or cuts off some bytes, or inserts a word.
  mutating func addNoise(to bytes: inout [UInt8], words: [String]) {
    for _ in 0..<int(1...6) {
      guard !bytes.isEmpty else { return }
      let place = int(0...bytes.count - 1)
      let length = min(int(1...16), bytes.count - place)
      switch int(0...8) {
      case 0: bytes[place] ^= 1 << UInt8(int(0...7))
      case 1: bytes[place] = byte()
      case 2: bytes[place] = pick([0, 1, 0x7F, 0x80, 0xFE, 0xFF])
      case 3: bytes.insert(contentsOf: self.bytes(int(1...8)), at: place)
      case 4: bytes.removeSubrange(place..<place + length)
      case 5: bytes.insert(contentsOf: bytes[place..<place + length], at: int(0...bytes.count))
      case 6: for i in place..<place + length { bytes[i] = pick([0, 0xFF]) }
      case 7: if !words.isEmpty { bytes.insert(contentsOf: Array(pick(words).utf8), at: place) }
      default: if chance(0.2) { bytes.removeSubrange(place...) }
      }
    }
  }
}
