/// One change to the lines of a cfg.
struct CfgMutation {
  let corpus: Corpus

  func apply(to lines: inout [String], _ random: inout Random) {
    guard lines.count > 1 else { return }
    let last = lines.count - 1
    let place = random.int(0...last)
    switch random.int(0...15) {
    case 0...4: changeValue(&lines, &random)
    case 5: lines.remove(at: place)
    case 6: lines.insert(lines[place], at: random.int(0...last))
    case 7: lines.swapAt(place, random.int(0...last))
    case 8: lines[place] = "[\(random.pick(corpus.sections))]"
    case 9: lines.insert("[\(random.pick(corpus.sections))]", at: random.int(1...last))
    case 10, 11:
      lines.insert("\(random.pick(corpus.keys))=\(Self.value(&random))", at: random.int(1...last))
    case 12: changeKey(&lines, &random)
    case 13: moveBlock(&lines, &random)
    case 14: splice(&lines, &random)
    default: if random.chance(0.2) { lines.shuffle(using: &random) }
    }
  }

  private func changeValue(_ lines: inout [String], _ random: inout Random) {
    let options = lines.indices.filter { lines[$0].contains("=") }
    guard !options.isEmpty else { return }
    let place = random.pick(options)
    let key = lines[place].prefix { $0 != "=" }
    lines[place] = "\(key)=\(Self.value(&random))"
  }

  private func changeKey(_ lines: inout [String], _ random: inout Random) {
    let options = lines.indices.filter { lines[$0].contains("=") }
    guard !options.isEmpty else { return }
    let place = random.pick(options)
    let value = lines[place].drop { $0 != "=" }
    lines[place] = "\(random.pick(corpus.keys))\(value)"
  }

  private func moveBlock(_ lines: inout [String], _ random: inout Random) {
    let start = random.int(0...lines.count - 1)
    let end = min(lines.count, start + random.int(1...12))
    let block = Array(lines[start..<end])
    if random.chance(0.5) { lines.removeSubrange(start..<end) }
    for _ in 0..<random.pick([1, 1, 2, 30]) {
      lines.insert(contentsOf: block, at: random.int(0...lines.count))
    }
  }

  private func splice(_ lines: inout [String], _ random: inout Random) {
    let other = random.pick(corpus.texts).split(whereSeparator: \.isNewline).map(String.init)
    let start = random.int(0...other.count - 1)
    lines.insert(contentsOf: other[start...].prefix(20), at: random.int(1...lines.count))
  }

  // MARK: Values

  /// Whole numbers at which arithmetic breaks.
  static func extremes(_ random: inout Random) -> Int {
    random.pick([
      -1, 0, 1, 2, 3, 17, 255, 1024, 65535, 65536, 1 << 20, 1 << 24, 1 << 30, .max >> 32, 1 << 31,
      1 << 40, .max, .min,
    ])
  }

  static func value(_ random: inout Random) -> String {
    switch random.int(0...9) {
    case 0...2: "\(random.int(0...8))"
    case 3: "\(random.int(-9...64))"
    case 4: "\(extremes(&random))"
    case 5:
      (0..<random.pick([1, 2, 3, 6, 40])).map { _ in "\(random.int(-6...9))" }
        .joined(separator: ",")
    case 6:
      random.pick([
        "0.5", "-0.5", "1e30", "-1e30", "1e400", "1e-30", "nan", "inf", "1e", ".", "-", "+", "0x10",
        "99999999999999999999", "1,", ",", ",,1", "1;2", "2#3", "1 2",
      ])
    case 7:
      random.pick([
        "linear", "leaky", "mish", "swish", "relu6", "stair", "normalize_channels",
        "normalize_channels_softmax", "none", "softmax", "relu", "per_channel", "per_feature",
        "bypass", "block", "greedynms", "diounms", "nothing", "steps", "",
      ])
    case 8: String(decoding: random.bytes(random.int(1...12)), as: UTF8.self)
    default: "\(Double(random.int(-400...400)) / 64)"
    }
  }
}
