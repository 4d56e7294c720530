public import PenumbraCfg
import PenumbraSupport

extension Augmentation {
  /// The parameters of a cfg.
  ///
  /// - Parameters:
  ///   - net: the `[net]` section.
  ///   - head: the last `[yolo]`, `[Gaussian_yolo]` or `[region]` section, whose `jitter`, `resize`
  ///     and `max` count; nil for a classifier.
  /// - Throws: every value that cannot be meant.
  public init(net: CfgFile.Section, head: CfgFile.Section? = nil) throws(CfgError) {
    self.init()
    var net = NumberReader(net)
    flip = net.int("flip", 1) != 0
    hue = net.number("hue", 0, in: 0...1)
    saturation = net.number("saturation", 1, in: 0.001...1000)
    exposure = net.number("exposure", 1, in: 0.001...1000)
    mix = Self.mix(&net)
    mosaicBound = net.int("mosaic_bound", 0) != 0
    blur = net.int("blur", 0, in: 0...1001)
    gaussianNoise = min(net.int("gaussian_noise", 0, in: 0...255), 127)
    letterBox = net.int("letter_box", 0) != 0
    angle = net.number("angle", 0, in: -360...360)
    aspect = net.number("aspect", 1, in: 0.01...100)
    labelSmoothing = net.number("label_smooth_eps", 0, in: 0...0.999)
    shortSide = Self.shortSide(&net)
    guard let head else {
      try net.check()
      return
    }
    var keys = NumberReader(head)
    jitter = keys.number("jitter", 0.2, in: 0...10)
    resize = keys.number("resize", 1, in: 0.01...100)
    maxBoxes = keys.int("max", 200, in: 1...1_000_000)
    try net.check(with: keys)
  }

  /// `mixup` is 1 to 4 by itself; `cutmix` and `mosaic` overrule it.
  private static func mix(_ net: inout NumberReader) -> Mix {
    let (cutmix, mosaic) = (net.int("cutmix", 0) != 0, net.int("mosaic", 0) != 0)
    if cutmix && mosaic { return .cutmixOrMosaic }
    if cutmix { return .cutmix }
    if mosaic { return .mosaic }
    let cases: [Mix] = [.none, .mixup, .cutmix, .mosaic, .cutmixOrMosaic]
    return cases[net.int("mixup", 0, in: 0...4)]
  }

  private static func shortSide(_ net: inout NumberReader) -> ClosedRange<Double> {
    let width = net.int("width", 416, in: 1...65536)
    let height = net.int("height", 416, in: 1...65536)
    let side = Double(max(width, height))
    let least = net.number("min_crop", Double(width), in: 1...1e6)
    let most = net.number("max_crop", Double(2 * width), in: 1...1e6)
    guard least <= most else {
      if net.has("max_crop") {
        net.report("max_crop", expected: "at least 'min_crop', \(cfgNumber(least))")
      } else {
        net.report(
          "min_crop", expected: "at most 'max_crop', which is \(cfgNumber(most)) by default")
      }
      return 1...1
    }
    return least / side...most / side
  }
}

/// Reads numbers of a section as Darknet does, as far as they go, and collects what is out of range.
struct NumberReader {
  private let section: CfgFile.Section
  private var problems: [Diagnostic] = []

  init(_ section: CfgFile.Section) { self.section = section }

  func has(_ key: String) -> Bool { section.entry(key) != nil }

  mutating func number(
    _ key: String, _ fallback: Double, in range: ClosedRange<Double>, expected: String? = nil,
    where isUsable: (Double) -> Bool = { _ in true }
  ) -> Double {
    guard let text = section.entry(key)?.value else { return fallback }
    if let value = Self.leadingNumber(text), range.contains(value), isUsable(value) { return value }
    report(key, expected: expected ?? Self.text(range))
    return fallback
  }

  mutating func int(
    _ key: String, _ fallback: Int, in range: ClosedRange<Int> = -1_000_000...1_000_000
  ) -> Int {
    guard let text = section.entry(key)?.value else { return fallback }
    if let value = Self.leadingNumber(text), let whole = Int(exactly: value.rounded(.towardZero)),
      range.contains(whole)
    {
      return whole
    }
    report(key, expected: Self.text(Double(range.lowerBound)...Double(range.upperBound)))
    return fallback
  }

  /// Reports the value of a key.
  mutating func report(_ key: String, expected: String) {
    guard let entry = section.entry(key) else { return }
    let isNumber = Self.leadingNumber(entry.value) != nil
    let problem = Problem(
      isNumber ? .outOfRange : .notANumber, .error,
      "'\(key)' is '\(entry.value.foreignToken)', expected \(expected)",
      help: "write such a number, or remove the line")
    problems.append(
      Diagnostic(problem, at: entry.valueLocation, sourceLine: entry.sourceLine))
  }

  /// - Throws: everything that was reported here, and of another section.
  func check(with other: NumberReader? = nil) throws(CfgError) {
    let found = problems + (other?.problems ?? [])
    if !found.isEmpty { throw CfgError(found) }
  }

  private static func text(_ range: ClosedRange<Double>) -> String {
    "\(cfgNumber(range.lowerBound)) to \(cfgNumber(range.upperBound))"
  }

  /// The longest beginning that is a number.
  private static func leadingNumber(_ text: String) -> Double? {
    let scalars = text.prefix { "+-.0123456789eE".contains($0) }
    for length in stride(from: min(scalars.count, 40), to: 0, by: -1) {
      if let value = Double(scalars.prefix(length)), value.isFinite { return value }
    }
    return nil
  }
}

/// A number without needless decimals.
func cfgNumber(_ value: Double) -> String {
  value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
}
