/// Numbers as C's `atoi` and `atof` read them: as far as they go.
///
/// Source: Darknet `option_list.c`, which converts without looking at what follows.
struct ScannedNumber {
  let value: Double
  /// Where the number ends; 0 where there is none.
  let length: Int
  let count: Int

  var isWhole: Bool { length == count }

  /// An optional sign and decimal digits.
  static func int(_ text: some StringProtocol) -> ScannedNumber {
    scan(Array(text.utf8), allowsFraction: false)
  }

  /// The same, with a fraction and an exponent.
  static func float(_ text: some StringProtocol) -> ScannedNumber {
    scan(Array(text.utf8), allowsFraction: true)
  }

  private static func scan(_ bytes: [UInt8], allowsFraction: Bool) -> ScannedNumber {
    var end = 0
    func isDigit(_ i: Int) -> Bool { i < bytes.count && (48...57).contains(bytes[i]) }
    if let first = bytes.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") { end = 1 }
    let start = end
    while isDigit(end) { end += 1 }
    var digits = end - start
    if allowsFraction {
      if end < bytes.count, bytes[end] == UInt8(ascii: "."), isDigit(end + 1) || digits > 0 {
        end += 1
        while isDigit(end) {
          end += 1
          digits += 1
        }
      }
      if digits > 0, end < bytes.count, bytes[end] | 0x20 == UInt8(ascii: "e") {
        var exponent = end + 1
        if exponent < bytes.count, bytes[exponent] == 43 || bytes[exponent] == 45 { exponent += 1 }
        if isDigit(exponent) {
          while isDigit(exponent) { exponent += 1 }
          end = exponent
        }
      }
    }
    guard digits > 0 else { return ScannedNumber(value: 0, length: 0, count: bytes.count) }
    var text = String(decoding: bytes[..<end], as: UTF8.self)
    if text.hasSuffix(".") { text.removeLast() }
    // Beyond the range of Double this is infinite, which no key's range admits.
    return ScannedNumber(value: Double(text) ?? .infinity, length: end, count: bytes.count)
  }
}
