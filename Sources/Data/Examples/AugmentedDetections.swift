import PenumbraEngine
public import PenumbraImaging

/// Examples for a detector, changed at random: cut, resized, mirrored, coloured, mixed.
///
/// An example follows from the seed and its number alone. Each epoch sees every picture once, in a
/// new order; the partners of mixes are any pictures.
///
/// Where this differs from Darknet: a cut reaches over the rim into the picture's mean colour, as
/// in its OpenCV build, while hue turns around, as in its other build; blur is drawn for an
/// example, not for each picture of a mosaic; `mosaic` and `letter_box` go together.
/// - Source: Darknet `data.c` (`load_data_detection`).
public struct AugmentedDetections: ExampleSource {
  public let augmentation: Augmentation
  public let seed: UInt64
  private let examples: ExamplePictures<DetectionItem>

  /// - Parameter channels: of the network's input, 3 or 1.
  /// - Precondition: the data set has items.
  public init(
    _ data: DetectionDataSet, _ augmentation: Augmentation, seed: UInt64, channels: Int = 3,
    orientation: OrientationMode = .apply, policy: FaultPolicy = .skip, memoryBytes: Int = 1 << 30
  ) {
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
    let boxes: [LabelledBox]
    switch mix(&dice) {
    case .mixup: boxes = try drawMixup(first, number, &dice, on: &canvas)
    case .mosaic: boxes = try drawMosaic(first, number, &dice, on: &canvas)
    default: boxes = try draw(first, number, on: &canvas)
    }
    finish(&canvas, boxes, &dice)
    return Example(image: canvas.image, boxes: boxes)
  }

  /// What this example is made of; Darknet ignores `cutmix` for detectors.
  private func mix(_ dice: inout Dice) -> Augmentation.Mix {
    let isMixed = dice.chance(oneIn: 2)
    switch augmentation.mix {
    case .mixup where isMixed: return .mixup
    case .mosaic where isMixed, .cutmixOrMosaic where isMixed: return .mosaic
    default: return .none
    }
  }

  /// One picture, changed; `part` tells the pictures of a mix apart.
  private struct Draft {
    let picture: Picture
    let boxes: [LabelledBox]
    var cut: Cut
    let colour: ColourChange
    var dice: Dice
  }

  private func draft(_ index: Int, _ number: Int, part: Int, _ size: PictureCanvas) throws -> Draft
  {
    let (item, picture) = try examples.usable(from: index)
    var dice = Dice(seed: seed, number: number, part: part)
    let cut = Cut(
      width: picture.bitmap.width, height: picture.bitmap.height, augmentation,
      inputWidth: size.image.width, inputHeight: size.image.height, &dice)
    return Draft(
      picture: picture, boxes: item.boxes, cut: cut,
      colour: ColourChange(augmentation, &dice), dice: dice)
  }

  private func boxes(of draft: inout Draft, _ canvas: PictureCanvas) -> [LabelledBox] {
    draft.cut.boxes(
      draft.boxes, atMost: augmentation.maxBoxes, inputWidth: canvas.image.width,
      inputHeight: canvas.image.height, &draft.dice)
  }

  private func draw(
    _ index: Int, _ number: Int, part: Int = 1, weight: Float = 1, adds: Bool = false,
    on canvas: inout PictureCanvas
  ) throws -> [LabelledBox] {
    var draft = try draft(index, number, part: part, canvas)
    let map = draft.cut.map(inputWidth: canvas.image.width, inputHeight: canvas.image.height)
    canvas.draw(draft.picture, map, draft.colour, weight: weight, adds: adds)
    return boxes(of: &draft, canvas)
  }

  private func drawMixup(
    _ first: Int, _ number: Int, _ dice: inout Dice, on canvas: inout PictureCanvas
  ) throws -> [LabelledBox] {
    let second = dice.int(0...count - 1)
    let boxes = try draw(first, number, weight: 0.5, on: &canvas)
    return try boxes + draw(second, number, part: 2, weight: 0.5, adds: true, on: &canvas)
  }

  private func drawMosaic(
    _ first: Int, _ number: Int, _ dice: inout Dice, on canvas: inout PictureCanvas
  ) throws -> [LabelledBox] {
    let layout = MosaicLayout(width: canvas.image.width, height: canvas.image.height, &dice)
    let sources = [first] + (0..<3).map { _ in dice.int(0...count - 1) }
    var boxes: [LabelledBox] = []
    for (quadrant, source) in sources.enumerated() {
      var draft = try draft(source, number, part: 1 + quadrant, canvas)
      if dice.chance(oneIn: 2) { draft.cut = layout.cornered(draft.cut, quadrant) }
      let corner = layout.corner(draft.cut, quadrant)
      canvas.draw(
        draft.picture, draft.cut.map(inputWidth: layout.width, inputHeight: layout.height),
        draft.colour, area: layout.area(quadrant), corner: corner)
      boxes += layout.boxes(
        self.boxes(of: &draft, canvas), quadrant, corner: corner, isBound: augmentation.mosaicBound)
    }
    return boxes
  }

  /// Blur and noise, which come last.
  private func finish(_ canvas: inout PictureCanvas, _ boxes: [LabelledBox], _ dice: inout Dice) {
    if augmentation.blur > 0 {
      switch dice.int(0...2) {
      case 1: canvas.blur(kernel: 17, except: boxes.map { canvas.area(of: $0.box) })
      case 2 where augmentation.blur > 1: canvas.blur(kernel: augmentation.blur / 2 * 2 + 1)
      default: break
      }
    }
    if augmentation.gaussianNoise > 0, dice.chance(oneIn: 2) {
      canvas.addNoise(deviation: Float(augmentation.gaussianNoise) / 255, seed: dice.bits())
    }
  }
}

extension PictureCanvas {
  /// The pixels that a box touches.
  func area(of box: Box) -> PixelArea {
    let edges = BoxEdges(box).trimmed()
    let (w, h) = (Double(image.width), Double(image.height))
    return PixelArea(
      columns: Int(edges.left * w)..<Int((edges.right * w).rounded(.up)),
      rows: Int(edges.top * h)..<Int((edges.bottom * h).rounded(.up)))
  }
}
