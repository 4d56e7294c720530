import PenumbraEngine
public import PenumbraImaging

/// Examples for a classifier, changed at random: turned, scaled, cut, mirrored, coloured, mixed.
///
/// An example follows from the seed and its number alone. Each epoch sees every picture once, in a
/// new order. Darknet draws once a batch whether pictures are mixed; here it is drawn for each.
/// - Source: Darknet `data.c` (`load_data_augment`), `image.c` (`random_augment_image`,
///   `rotate_crop_image`).
public struct AugmentedClasses: ExampleSource {
  public let classes: Int
  public let augmentation: Augmentation
  public let seed: UInt64
  private let examples: ExamplePictures<ClassificationItem>

  /// - Parameter channels: of the network's input, 3 or 1.
  /// - Precondition: the data set has items.
  public init(
    _ data: ClassificationDataSet, _ augmentation: Augmentation, seed: UInt64, channels: Int = 3,
    orientation: OrientationMode = .apply, policy: FaultPolicy = .skip, memoryBytes: Int = 1 << 30
  ) {
    classes = data.classNames.count
    self.augmentation = augmentation
    self.seed = seed
    examples = ExamplePictures(
      data, shuffleSeed: seed, channels: channels, orientation: orientation, policy: policy,
      memoryBytes: memoryBytes)
  }

  /// Examples of one epoch.
  public var count: Int { examples.count }
  /// The decoded pictures, with what could not be read.
  public var pictures: PictureStore { examples.store }

  public func example(_ number: Int, width: Int, height: Int) throws -> Example {
    var dice = Dice(seed: seed, number: number)
    let first = examples.index(number)
    var canvas = PictureCanvas(width: width, height: height, channels: pictures.options.channels)
    var shares = [Float](repeating: 0, count: classes)
    let whole = PixelArea(columns: 0..<width, rows: 0..<height)
    var parts: [(source: Int, area: PixelArea, weight: Double)] = [(first, whole, 1)]
    let mix = mix(&dice)
    switch mix {
    case .mixup: parts = [(first, whole, 0.5), (dice.int(0...count - 1), whole, 0.5)]
    case .cutmix: parts = cutmix(first, width, height, &dice)
    case .mosaic: parts = mosaic(first, width, height, &dice)
    case .none, .cutmixOrMosaic: break
    }
    for (part, piece) in parts.enumerated() {
      let isBlended = mix == .mixup
      let label = try draw(
        piece.source, number, part: part + 1, piece.area, weight: isBlended ? piece.weight : 1,
        adds: isBlended && part > 0, on: &canvas)
      shares[label] += Float(piece.weight)
    }
    finish(&canvas, &dice)
    return Example(
      image: canvas.image, classShares: smoothed(shares, by: augmentation.labelSmoothing))
  }

  private func mix(_ dice: inout Dice) -> Augmentation.Mix {
    let (isMixed, isCutmix) = (dice.chance(oneIn: 2), dice.chance(oneIn: 2))
    guard isMixed else { return .none }
    guard augmentation.mix == .cutmixOrMosaic else { return augmentation.mix }
    return isCutmix ? .cutmix : .mosaic
  }

  /// A rectangle with sides of three to eight tenths, from a second picture.
  private func cutmix(_ first: Int, _ width: Int, _ height: Int, _ dice: inout Dice)
    -> [(source: Int, area: PixelArea, weight: Double)]
  {
    func side(_ size: Int, _ dice: inout Dice) -> Range<Int> {
      let low = max(1, size * 3 / 10)
      let length = dice.int(low...max(low, size * 8 / 10))
      let start = dice.int(0...size - length)
      return start..<start + length
    }
    let patch = PixelArea(columns: side(width, &dice), rows: side(height, &dice))
    let share = Double(patch.columns.count * patch.rows.count) / Double(width * height)
    let whole = PixelArea(columns: 0..<width, rows: 0..<height)
    return [(first, whole, 1 - share), (dice.int(0...count - 1), patch, share)]
  }

  private func mosaic(_ first: Int, _ width: Int, _ height: Int, _ dice: inout Dice)
    -> [(source: Int, area: PixelArea, weight: Double)]
  {
    let layout = MosaicLayout(width: width, height: height, &dice)
    return (0..<4).map { quadrant in
      let area = layout.area(quadrant)
      let share = Double(area.columns.count * area.rows.count) / Double(width * height)
      return (quadrant == 0 ? first : dice.int(0...count - 1), area, share)
    }
  }

  /// Draws one picture; gives its class.
  private func draw(
    _ index: Int, _ number: Int, part: Int, _ area: PixelArea, weight: Double, adds: Bool,
    on canvas: inout PictureCanvas
  ) throws -> Int {
    let (item, picture) = try examples.usable(from: index)
    var dice = Dice(seed: seed, number: number, part: part)
    let map = TurnedCut(
      width: picture.bitmap.width, height: picture.bitmap.height, augmentation,
      inputWidth: canvas.image.width, inputHeight: canvas.image.height, &dice
    ).map
    canvas.draw(
      picture, map, ColourChange(augmentation, &dice), area: area, fill: [0, 0, 0],
      weight: Float(weight), adds: adds)
    return item.classIndex
  }

  private func finish(_ canvas: inout PictureCanvas, _ dice: inout Dice) {
    if augmentation.blur > 0, dice.chance(oneIn: 4) {
      canvas.blur(kernel: augmentation.blur == 1 ? 17 : augmentation.blur / 2 * 2 + 1)
    }
    if augmentation.gaussianNoise > 0, dice.chance(oneIn: 2) {
      canvas.addNoise(deviation: Float(augmentation.gaussianNoise) / 255, seed: dice.bits())
    }
  }
}

/// Targets moved away from 0 and 1: a share of each goes to the other classes.
///
/// Source: Darknet `data.c` (`smooth_data`).
func smoothed(_ shares: [Float], by smoothing: Double) -> [Float] {
  guard smoothing > 0, shares.count > 1 else { return shares }
  let smoothing = Float(smoothing)
  return shares.map { $0 * (1 - smoothing) + (1 - $0) * smoothing / Float(shares.count - 1) }
}
