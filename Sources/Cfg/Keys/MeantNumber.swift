/// What somebody meant by a value that Darknet's `atoi` and `atof` do not read whole.
///
/// Only what can mean one thing is here: advice that guesses changes a network.
struct MeantNumber {
  private let text: String
  private let kind: NumberKind

  init(_ text: some StringProtocol, _ kind: NumberKind) {
    self.text = Self.plain(String(text))
    self.kind = kind
  }

  /// The number as a cfg has it; nil where nobody can tell.
  var number: String? {
    if kind.scan(text).isNumber { return text }
    return whole ?? withoutGroups ?? multiple ?? decimal ?? withoutUnit
  }

  /// 1e3 and 16.0 mean whole numbers, which `atoi` does not see.
  private var whole: String? {
    let real = ScannedNumber.float(text)
    guard kind != .real, real.isNumber, real.value.magnitude < 1e9,
      real.value == real.value.rounded()
    else { return nil }
    return numberText(real.value)
  }

  /// 5,000 and 5_000 mean 5000, where 5,000 cannot be a fraction.
  private var withoutGroups: String? {
    // Most texts have none of these, and patterns are slow.
    guard text.utf8.contains(where: { ",_'".utf8.contains($0) }) else { return nil }
    if text.wholeMatch(of: #/[+-]?[0-9]{1,3}(_[0-9]{3}|'[0-9]{3})+/#) != nil {
      return text.filter { $0 != "_" && $0 != "'" }
    }
    let groups = #/[+-]?[1-9][0-9]{0,2}(,[0-9]{3})+/#
    guard text.wholeMatch(of: groups) != nil, kind != .real || text.count(where: { $0 == "," }) > 1
    else { return nil }
    return text.filter { $0 != "," }
  }

  /// 10k means 10000, and 1M a million.
  private var multiple: String? {
    let factors: [Character: Double] = ["k": 1e3, "K": 1e3, "M": 1e6]
    guard let factor = text.last.flatMap({ factors[$0] }) else { return nil }
    let real = ScannedNumber.float(text.dropLast())
    let product = real.value * factor
    guard real.isNumber, product.magnitude < 1e9, product == product.rounded() else { return nil }
    return numberText(product)
  }

  /// 0,001 means 0.001, and 70% 0.7. 5,000 may be 5 or 5000.
  private var decimal: String? {
    guard kind == .real else { return nil }
    if text.utf8.contains(UInt8(ascii: ",")),
      text.wholeMatch(of: #/[+-]?(0?,[0-9]+|[0-9]+,([0-9]{1,2}|[0-9]{4,}))/#) != nil
    {
      return text.replacing(",", with: ".")
    }
    let share = ScannedNumber.float(text.dropLast())
    guard text.last == "%", share.isNumber else { return nil }
    return numberText(share.value / 100)
  }

  /// 96px means 96.
  private var withoutUnit: String? {
    let units = ["px", "pixels", "pixel"]
    guard let unit = units.first(where: { text.lowercased().hasSuffix($0) }) else { return nil }
    let number = text.dropLast(unit.count)
    return kind.scan(number).isNumber ? String(number) : nil
  }

  // MARK: Words

  /// What a word means for a switch.
  static func flag(_ text: String) -> Bool? {
    switch plain(text).lowercased() {
    case "yes", "true", "on", "enabled", "enable", "y", "t": true
    case "no", "false", "off", "none", "disabled", "disable", "null", "n", "f": false
    default: nil
    }
  }

  // MARK: Characters

  /// The same text without quotes around it, with the digits and signs of ASCII.
  static func plain(_ text: String) -> String {
    var scalars = text.unicodeScalars.map(ascii)
    let quotes: Set<Unicode.Scalar> = ["\"", "'", "`"]
    if scalars.count > 2, let first = scalars.first, quotes.contains(first), scalars.last == first {
      scalars = Array(scalars.dropFirst().dropLast())
    }
    return String(String.UnicodeScalarView(scalars))
  }

  private static func ascii(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar {
    case "\u{2212}", "\u{2010}", "\u{2011}", "\u{2012}", "\u{2013}", "\u{FF0D}", "\u{FE63}": "-"
    case "\u{FF0B}": "+"
    case "\u{FF0E}", "\u{66B}": "."
    case "\u{201C}", "\u{201D}", "\u{201E}", "\u{FF02}": "\""
    case "\u{2018}", "\u{2019}", "\u{FF07}": "'"
    default: digit(scalar) ?? scalar
    }
  }

  /// The digit of ASCII with the value of one of another script.
  private static func digit(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    guard scalar.value > 0x7F, scalar.properties.numericType == .decimal,
      let value = scalar.properties.numericValue
    else { return nil }
    return Unicode.Scalar(UInt8(ascii: "0") + UInt8(value))
  }
}
