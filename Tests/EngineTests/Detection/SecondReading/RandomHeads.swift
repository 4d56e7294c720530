import TestSupport

/// A network of up to four heads with random keys, as a cfg and as the second reading sees it.
struct RandomHeads {
  var generator: SeededGenerator
  private(set) var cfg = ""
  private(set) var reading: SecondReading

  init(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let strides = [4, 8, 16].prefix(generator.int(1...3))
    // Some sizes are no multiple of the stride, so that the grid is not either.
    let (width, height) = (generator.int(9...40), generator.int(9...40))
    let picture = Self.picture(&generator, width, height)
    reading = SecondReading(
      heads: [], netWidth: width, netHeight: height, imageWidth: picture.width,
      imageHeight: picture.height, letter: generator.chance(0.6),
      thresh: generator.pick([0, 0.001, 0.005, 0.1, 0.24, 0.25, 0.5, 0.9, 1]),
      nms: generator.chance(0.05) ? nil : generator.pick([0, 0.2, 0.4, 0.45, 0.45, 0.6, 0.9, 1]),
      nmsKind: generator.chance(0.15)
        ? generator.pick(["default", "greedynms", "diounms", "cornersnms"]) : nil)
    self.generator = generator
    addNetwork(Array(strides))
  }

  /// Equal to the network, wide, tall, one pixel thin, square, or any.
  private static func picture(
    _ generator: inout SeededGenerator, _ width: Int, _ height: Int
  ) -> (width: Int, height: Int) {
    switch generator.int(0...6) {
    case 0: (width, height)
    case 1: (generator.int(200...2000), generator.int(2...40))
    case 2: (generator.int(2...40), generator.int(200...2000))
    case 3: generator.chance(0.5) ? (1, generator.int(1...300)) : (generator.int(1...300), 1)
    case 4:
      {
        let side = generator.int(1...500)
        return (side, side)
      }()
    case 5: (width * 3, height * 3)
    default: (generator.int(1...800), generator.int(1...800))
    }
  }

  private mutating func addNetwork(_ strides: [Int]) {
    let letter = generator.chance(0.5) ? "letter_box=\(reading.letter ? 1 : 0)\n" : ""
    cfg = "[net]\nwidth=\(reading.netWidth)\nheight=\(reading.netHeight)\nchannels=1\n\(letter)"
    let classes = generator.int(1...6)
    var previous = 1
    for stride in strides {
      let kind = generator.pick([SecondReading.Kind.yolo, .yolo, .yolo, .gaussian, .region])
      add(kind, classes, stride: stride / previous)
      previous = stride
    }
    if generator.chance(0.15) { addGrid(classes) }
    // A network may be of `[detection]` alone, too.
    if generator.chance(0.05) {
      let net = cfg.prefix(upTo: cfg.firstRange(of: "[conv")?.lowerBound ?? cfg.endIndex)
      (cfg, reading.heads) = (String(net), [])
      addGrid(classes)
    }
  }

  private mutating func add(_ kind: SecondReading.Kind, _ classes: Int, stride: Int) {
    let (beforeWidth, beforeHeight) =
      reading.heads.last.map { ($0.width, $0.height) } ?? (reading.netWidth, reading.netHeight)
    var head = SecondReading.Head(
      kind: kind, classes: classes, width: (beforeWidth - 1) / stride + 1,
      height: (beforeHeight - 1) / stride + 1, anchors: [], mask: [])
    let num = generator.int(1...4)
    let largest: Float = kind == .region ? 4 : 40
    head.anchors = (0..<2 * num).map { _ in
      // Round numbers make ties.
      generator.chance(0.5)
        ? Float(generator.int(1...Int(largest))) : .random(in: 0.3...largest, using: &generator)
    }
    head.mask = Array((0..<num).shuffled(using: &generator).prefix(generator.int(1...num)))
    var keys =
      "classes=\(classes)\nnum=\(num)\nanchors=\(head.anchors.map { "\($0)" }.joined(separator: ","))\n"
    let planes: Int
    switch kind {
    case .region:
      head.mask = Array(0..<num)
      head.classFix = generator.pick([0, 0, -1])
      keys += "classfix=\(head.classFix)\n"
      planes = num * (5 + classes)
    case .gaussian:
      head.point = generator.pick(["center", "left_top", "right_bottom"])
      keys += "yolo_point=\(head.point)\n" + suppressionKeys(&head)
      planes = head.mask.count * (9 + classes)
    default:
      head.newCoordinates = generator.chance(0.4)
      keys += "new_coords=\(head.newCoordinates ? 1 : 0)\n" + suppressionKeys(&head)
      planes = head.mask.count * (5 + classes)
    }
    let section = kind == .gaussian ? "Gaussian_yolo" : kind.rawValue
    cfg +=
      "[convolutional]\nfilters=\(planes)\nsize=1\nstride=\(stride)\nactivation=linear\n"
      + "[\(section)]\n\(keys)"
    head.output = values(of: head)
    reading.heads.append(head)
  }

  /// The keys of `[yolo]` and `[Gaussian_yolo]`; some have no say in detection.
  private mutating func suppressionKeys(_ head: inout SecondReading.Head) -> String {
    var keys = "mask=\(head.mask.map { "\($0)" }.joined(separator: ","))\n"
    if generator.chance(0.8) {
      let corners = head.kind == .gaussian ? ["cornersnms"] : []
      head.nmsKind = generator.pick(["default", "greedynms", "diounms"] + corners)
      keys += "nms_kind=\(head.nmsKind)\n"
    }
    if generator.chance(0.5) {
      head.beta = generator.pick([0, 0.1, 0.5, 0.6, 1, 2, 3.7])
      keys += "beta_nms=\(head.beta)\n"
    }
    if generator.chance(0.5) { keys += "scale_x_y=\(generator.pick([1, 1.05, 1.2, 2]))\n" }
    if generator.chance(0.3) { keys += "iou_thresh=\(generator.pick([0.2, 0.213, 1]))\n" }
    return keys
  }

  private mutating func addGrid(_ classes: Int) {
    var head = SecondReading.Head(
      kind: .detection, classes: classes, width: generator.int(1...6), height: 0, anchors: [],
      mask: [])
    head.height = head.width
    head.num = generator.int(1...3)
    head.squareRoots = generator.chance(0.5)
    let count = head.width * head.width * (5 * head.num + classes)
    cfg +=
      "[connected]\noutput=\(count)\nactivation=linear\n[detection]\nclasses=\(classes)\n"
      + "side=\(head.width)\nnum=\(head.num)\ncoords=4\nsqrt=\(head.squareRoots ? 1 : 0)\n"
    head.output = values(of: head)
    reading.heads.append(head)
  }

  // MARK: Outputs

  /// What a head's activations could have given; half of the cases round it, so that there are ties.
  private mutating func values(of head: SecondReading.Head) -> [Float] {
    let steps: Float? = generator.chance(0.5) ? nil : generator.pick([2, 5, 20])
    let plane = head.width * head.height
    func rounded(_ x: Float) -> Float { steps.map { (x * $0).rounded() / $0 } ?? x }
    let entries: [ClosedRange<Float>]
    switch head.kind {
    case .yolo:
      let size: ClosedRange<Float> = head.newCoordinates ? -0.2...1 : -2...2
      entries = [-0.1...1.1, -0.1...1.1, size, size, 0...1]
    case .gaussian:
      entries = [0...1, 0...0.5, 0...1, 0...0.5, -2...2, 0...0.5, -2...2, 0...0.5, 0...1]
    case .region: entries = [-3...3, -3...3, -2...2, -2...2, 0...1]
    case .detection:
      let counts = (plane * head.classes, plane * head.num, plane * head.num * 4)
      return (0..<counts.0 + counts.1 + counts.2).map { place in
        rounded(.random(in: place < counts.0 + counts.1 ? 0...1 : -0.1...1, using: &generator))
      }
    }
    let record = entries.count + head.classes
    let anchors = head.mask.count
    return (0..<plane * anchors * record).map { place in
      let entry = head.kind == .region ? place % record : place / plane % record
      let range = entry < entries.count ? entries[entry] : 0...1
      return rounded(.random(in: range, using: &generator))
    }
  }
}
