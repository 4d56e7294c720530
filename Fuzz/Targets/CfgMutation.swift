/// One change to the lines of a cfg.
struct CfgMutation {
  let seeds: CfgSeeds

  func apply(to lines: inout [String], _ choices: inout Choices) {
    guard lines.count > 1 else { return }
    let last = lines.count - 1
    let place = choices.int(0...last)
    switch choices.int(0...15) {
    case 0...4: changeValue(&lines, &choices)
    case 5: lines.remove(at: place)
    case 6: lines.insert(lines[place], at: choices.int(0...last))
    case 7: lines.swapAt(place, choices.int(0...last))
    case 8: lines[place] = "[\(choices.pick(seeds.sections))]"
    case 9: lines.insert("[\(choices.pick(seeds.sections))]", at: choices.int(1...last))
    case 10, 11:
      lines.insert("\(choices.pick(seeds.keys))=\(Self.value(&choices))", at: choices.int(1...last))
    case 12: changeKey(&lines, &choices)
    case 13: moveBlock(&lines, &choices)
    case 14: splice(&lines, &choices)
    default: if choices.chance(0.2) { lines.shuffle(using: &choices) }
    }
  }

  private func changeValue(_ lines: inout [String], _ choices: inout Choices) {
    let options = lines.indices.filter { lines[$0].contains("=") }
    guard !options.isEmpty else { return }
    let place = choices.pick(options)
    let key = lines[place].prefix { $0 != "=" }
    lines[place] = "\(key)=\(Self.value(&choices))"
  }

  private func changeKey(_ lines: inout [String], _ choices: inout Choices) {
    let options = lines.indices.filter { lines[$0].contains("=") }
    guard !options.isEmpty else { return }
    let place = choices.pick(options)
    let value = lines[place].drop { $0 != "=" }
    lines[place] = "\(choices.pick(seeds.keys))\(value)"
  }

  private func moveBlock(_ lines: inout [String], _ choices: inout Choices) {
    let start = choices.int(0...lines.count - 1)
    let end = min(lines.count, start + choices.int(1...12))
    let block = Array(lines[start..<end])
    if choices.chance(0.5) { lines.removeSubrange(start..<end) }
    for _ in 0..<choices.pick([1, 1, 2, 30]) {
      lines.insert(contentsOf: block, at: choices.int(0...lines.count))
    }
  }

  private func splice(_ lines: inout [String], _ choices: inout Choices) {
    let other = choices.pick(seeds.texts).split(whereSeparator: \.isNewline).map(String.init)
    let start = choices.int(0...other.count - 1)
    lines.insert(contentsOf: other[start...].prefix(20), at: choices.int(1...lines.count))
  }

  // MARK: Values

  /// Whole numbers at which arithmetic breaks.
  static func extremes(_ choices: inout Choices) -> Int {
    choices.pick([
      -1, 0, 1, 2, 3, 17, 255, 1024, 65535, 65536, 1 << 20, 1 << 24, 1 << 30, .max >> 32, 1 << 31,
      1 << 40, .max, .min,
    ])
  }

  static func value(_ choices: inout Choices) -> String {
    switch choices.int(0...9) {
    case 0...2: "\(choices.int(0...8))"
    case 3: "\(choices.int(-9...64))"
    case 4: "\(extremes(&choices))"
    case 5:
      (0..<choices.pick([1, 2, 3, 6, 40])).map { _ in "\(choices.int(-6...9))" }
        .joined(separator: ",")
    case 6:
      choices.pick([
        "0.5", "-0.5", "1e30", "-1e30", "1e400", "1e-30", "nan", "inf", "1e", ".", "-", "+", "0x10",
        "99999999999999999999", "1,", ",", ",,1", "1;2", "2#3", "1 2",
      ])
    case 7:
      choices.pick([
        "linear", "leaky", "mish", "swish", "relu6", "stair", "normalize_channels",
        "normalize_channels_softmax", "none", "softmax", "relu", "per_channel", "per_feature",
        "bypass", "block", "greedynms", "diounms", "nothing", "steps", "",
      ])
    case 8: String(decoding: choices.bytes(choices.int(1...12)), as: UTF8.self)
    default: "\(Double(choices.int(-400...400)) / 64)"
    }
  }
}
