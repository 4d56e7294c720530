public import PenumbraCfg

extension Augmentation {
  /// The parameters of a cfg.
  ///
  /// - Parameters:
  ///   - net: the `[net]` section.
  ///   - head: the last `[yolo]`, `[Gaussian_yolo]` or `[region]` section, whose `jitter`, `resize`
  ///     and `max` count; nil for a classifier.
  /// - Throws: `DataError.Reason.badAugmentation` for a value that cannot be meant.
  public init(net: CfgFile.Section, head: CfgFile.Section? = nil) throws(DataError) {
    self.init()
    let net = NumberReader(net)
    flip = try net.int("flip", 1) != 0
    hue = try net.number("hue", 0, in: 0...1)
    saturation = try net.number("saturation", 1, in: 0.001...1000)
    exposure = try net.number("exposure", 1, in: 0.001...1000)
    mix = try Self.mix(net)
    mosaicBound = try net.int("mosaic_bound", 0) != 0
    blur = try net.int("blur", 0, in: 0...1001)
    gaussianNoise = min(try net.int("gaussian_noise", 0, in: 0...255), 127)
    letterBox = try net.int("letter_box", 0) != 0
    angle = try net.number("angle", 0, in: -360...360)
    aspect = try net.number("aspect", 1, in: 0.01...100)
    labelSmoothing = try net.number("label_smooth_eps", 0, in: 0...0.999)
    shortSide = try Self.shortSide(net)
    guard let head else { return }
    let keys = NumberReader(head)
    jitter = try keys.number("jitter", 0.2, in: 0...10)
    resize = try keys.number("resize", 1, in: 0.01...100)
    maxBoxes = try keys.int("max", 200, in: 1...1_000_000)
  }

  /// `mixup` is 1 to 4 by itself; `cutmix` and `mosaic` overrule it.
  private static func mix(_ net: NumberReader) throws(DataError) -> Mix {
    let (cutmix, mosaic) = (try net.int("cutmix", 0) != 0, try net.int("mosaic", 0) != 0)
    if cutmix && mosaic { return .cutmixOrMosaic }
    if cutmix { return .cutmix }
    if mosaic { return .mosaic }
    let cases: [Mix] = [.none, .mixup, .cutmix, .mosaic, .cutmixOrMosaic]
    return cases[try net.int("mixup", 0, in: 0...4)]
  }

  private static func shortSide(_ net: NumberReader) throws(DataError) -> ClosedRange<Double> {
    let width = try net.int("width", 416, in: 1...65536)
    let height = try net.int("height", 416, in: 1...65536)
    let side = Double(max(width, height))
    let least = try net.number("min_crop", Double(width), in: 1...1e6) / side
    let most = try net.number("max_crop", Double(2 * width), in: 1...1e6) / side
    guard least <= most else {
      throw net.error("max_crop", expected: "at least 'min_crop'")
    }
    return least...most
  }
}

/// Reads numbers of a section as Darknet does, as far as they go, and refuses what is out of range.
struct NumberReader {
  private let section: CfgFile.Section

  init(_ section: CfgFile.Section) { self.section = section }

  func number(
    _ key: String, _ fallback: Double, in range: ClosedRange<Double>
  ) throws(DataError) -> Double {
    guard let text = section.entry(key)?.value else { return fallback }
    guard let value = Self.leadingNumber(text), range.contains(value) else {
      throw error(key, expected: "\(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  func int(
    _ key: String, _ fallback: Int, in range: ClosedRange<Int> = -1_000_000...1_000_000
  ) throws(DataError) -> Int {
    guard let text = section.entry(key)?.value else { return fallback }
    guard let value = Self.leadingNumber(text),
      let whole = Int(exactly: value.rounded(.towardZero)),
      range.contains(whole)
    else { throw error(key, expected: "\(range.lowerBound) to \(range.upperBound)") }
    return whole
  }

  func error(_ key: String, expected: String) -> DataError {
    let entry = section.entry(key)
    return DataError(
      .badAugmentation(
        key: key, line: entry?.valueLocation.line, value: entry?.value ?? "missing",
        expected: expected),
      file: section.location.file)
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
