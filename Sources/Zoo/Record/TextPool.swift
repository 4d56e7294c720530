/// Texts that a record holds once, each named by a hash, so that networks share them and a new one
/// renames none.
struct TextPool {
  private(set) var texts: [String: String] = [:]

  /// The name of a text, which is added when it is new.
  mutating func name(of text: String) -> String {
    var name = Self.hash(text)
    var salt = 0
    // Two texts of one hash are rare; the later one takes the next.
    while let other = texts[name], other != text {
      salt += 1
      name = Self.hash("\(salt) \(text)")
    }
    texts[name] = text
    return name
  }

  /// Five letters and digits of the text's FNV-1a hash.
  private static func hash(_ text: String) -> String {
    let hash = text.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    let digits = String((hash ^ hash >> 29) % 60_466_176, radix: 36)
    return String(repeating: "0", count: 5 - digits.count) + digits
  }
}
