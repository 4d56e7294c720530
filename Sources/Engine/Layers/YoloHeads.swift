public import PenumbraCfg

/// The keys that `[yolo]` and `[Gaussian_yolo]` share, and what follows from them.
struct AnchorKeys: Sendable {
  static let classes = Key("classes", default: 20, in: 1...100_000, "Classes told apart.")
  static let num = Key(
    "num", default: 1, in: 1...10_000, "Anchors in 'anchors', all heads together.")
  static let mask = Key<[Int]?>(
    "mask", defaultText: "0 to num - 1", in: -1_000_000...1_000_000,
    "Which of the anchors this head uses.")
  static let anchors = Key<[Float]?>(
    "anchors", defaultText: "0.5 each", in: 0...1e6,
    "Widths and heights of the anchors, in pixels of the network's input.",
    quirk: "Missing ones are 0.5; what goes beyond 'num' is ignored.")
  static let scaleXY = Key<Float>(
    "scale_x_y", default: 1, in: -100...100,
    "Widens the range of a box's centre beyond its cell: v becomes s v - (s - 1) / 2.")
  static let beta = Key("beta_nms", default: 0.6, in: 0...100, "Exponent of diounms.")

  static var all: [any KeyDescription] { [classes, num, mask, anchors, scaleXY, beta] }

  let input: Input
  let classes: Int
  /// Width and height of each anchor of this head, in pixels of the network's input.
  let anchors: [(width: Float, height: Float)]
  let scaleXY: Float
  let beta: Float

  /// - Parameter coordinates: planes of an anchor besides its classes.
  init(_ section: inout SectionReader, upstream: Upstream, planes coordinates: Int) throws(CfgError)
  {
    classes = section.read(Self.classes)
    scaleXY = section.read(Self.scaleXY)
    beta = section.read(Self.beta)
    let num = section.read(Self.num)
    let mask = Self.validMask(&section, num: num)
    let numbers = section.read(Self.anchors) ?? []
    if numbers.count % 2 != 0 || numbers.count < 2 * num {
      section.report(.anchorCount(numbers.count, num: num), at: Self.anchors)
    } else if numbers.count > 2 * num {
      section.report(.surplusAnchors(numbers.count, num: num), at: Self.anchors)
    }
    func number(_ i: Int) -> Float { i < numbers.count ? numbers[i] : 0.5 }
    anchors = mask.map { (number(2 * $0), number(2 * $0 + 1)) }
    input = try upstream.previousImage(for: section)
    try checkHeadSize(
      &section, upstream, expected: anchors.count * (classes + coordinates),
      formula: "(classes + \(coordinates)) x \(anchors.count) anchors")
  }

  private static func validMask(_ section: inout SectionReader, num: Int) -> [Int] {
    guard let mask = section.read(mask) else { return Array(0..<num) }
    for (element, anchor) in mask.enumerated() where !(0..<num).contains(anchor) {
      section.report(.maskOutOfRange(anchor, num: num), at: Self.mask, element: element)
    }
    return mask.map { min(max($0, 0), num - 1) }
  }
}

/// Reports a head whose input has the wrong number of channels, at the `filters` that decide it.
func checkHeadSize(
  _ section: inout SectionReader, _ upstream: Upstream, expected: Int, formula: String
) throws(CfgError) {
  let found = upstream.previous.shape.channels
  guard found != expected else { return }
  let problem = Problem(
    .headSize, .error,
    "[\(section.spec.name)] in line \(section.section.location.line) needs \(expected) channels"
      + " = \(formula), found \(found)",
    help: "write filters=\(expected) here, or correct 'classes', 'mask' or 'num' of the head")
  guard let filters = upstream.previousNode?.section.entry("filters") else {
    throw section.error(problem)
  }
  throw CfgError([Diagnostic(problem, at: filters.valueLocation, sourceLine: filters.sourceLine)])
}

/// `[yolo]`: boxes by anchors, three pyramid scales in most networks.
///
/// - Shape: unchanged. Each anchor of the mask has x, y, w, h, objectness, then the classes.
/// - Source: Darknet `yolo_layer.c`.
public struct Yolo: DetectionHead {
  public static let spec = SectionSpec(
    "yolo", "A YOLOv3 head: boxes by anchors, with objectness and independent classes.",
    keys: AnchorKeys.all + [newCoordinates, suppressionKind] + TrainingKeys.yolo)

  static let newCoordinates = Key(
    "new_coords", default: false,
    "Sizes are (2 v)^2 instead of e^v times the anchor, and the layer before is logistic already.")
  static let suppressionKind = Key<String?>(
    "nms_kind", defaultText: "default",
    "How overlaps are measured when boxes are suppressed: default, greedynms or diounms.",
    quirk: "greedynms is DIoU with exponent 0.6. The last head decides. Unknown words mean default."
  )

  public let inputs: [Input]
  public let output: Shape
  public let classes: Int
  public var channelsPerClass: Int { keys.anchors.count }
  public let suppression: Suppression
  private let keys: AnchorKeys
  private let usesNewCoordinates: Bool

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    usesNewCoordinates = section.read(Self.newCoordinates)
    let kind = readSuppression(
      Self.suppressionKind, &section, allowed: [.standard, .greedy, .distance])
    keys = try AnchorKeys(&section, upstream: upstream, planes: 5)
    classes = keys.classes
    suppression = Suppression(kind: kind, beta: keys.beta)
    inputs = [keys.input]
    output = keys.input.shape
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    let shift = -0.5 * (keys.scaleXY - 1)
    let activates = !usesNewCoordinates
    let center = ActivateHeadPlanes.Rule(
      isLogistic: activates, scale: keys.scaleXY, shift: shift)
    let raw = ActivateHeadPlanes.Rule(isLogistic: false)
    let score = ActivateHeadPlanes.Rule(isLogistic: activates)
    let planes = [center, center, raw, raw, score] + Array(repeating: score, count: classes)
    return program.emit(ActivateHeadPlanes(planes: planes), inputs, output)
  }

  /// Source: Darknet `yolo_layer.c` (`get_yolo_box`, `get_yolo_detections`).
  public func candidates(
    in values: UnsafePointer<Float>, network: Shape, threshold: Float,
    into candidates: inout [Candidate]
  ) {
    let plane = output.planeCount
    for cell in 0..<plane {
      let (row, column) = (cell / output.width, cell % output.width)
      for (index, anchor) in keys.anchors.enumerated() {
        let v = values + index * (classes + 5) * plane + cell
        let objectness = v[4 * plane]
        guard objectness > threshold else { continue }
        let size = (size(v[2 * plane], anchor.width), size(v[3 * plane], anchor.height))
        let box = Box(
          x: (Float(column) + v[0]) / Float(output.width),
          y: (Float(row) + v[plane]) / Float(output.height),
          width: size.0 / Float(network.width), height: size.1 / Float(network.height))
        let probabilities = (0..<classes).map { k in
          let probability = objectness * v[(5 + k) * plane]
          return probability > threshold ? probability : 0
        }
        candidates.append(
          Candidate(box: box, objectness: objectness, probabilities: probabilities))
      }
    }
  }

  /// A side in pixels of the network's input.
  private func size(_ v: Float, _ anchor: Float) -> Float {
    usesNewCoordinates ? v * v * 4 * anchor : Float(exponential(Double(v)) * Double(anchor))
  }
}

/// `[Gaussian_yolo]`: as `[yolo]`, with an uncertainty beside each coordinate.
///
/// - Shape: unchanged. Each anchor has x, σx, y, σy, w, σw, h, σh, objectness, then the classes.
/// - Source: Darknet `gaussian_yolo_layer.c`.
public struct GaussianYolo: DetectionHead {
  public static let spec = SectionSpec(
    "Gaussian_yolo", "A YOLOv3 head whose boxes come with their uncertainty.",
    keys: AnchorKeys.all + [point, suppressionKind] + TrainingKeys.gaussianYolo)

  static let point = Key(
    "yolo_point", oneOf: ["center", "left_top", "right_bottom"], defaultText: "center",
    "Which point of the box x and y mean.")
  static let suppressionKind = Key<String?>(
    "nms_kind", defaultText: "default",
    "How overlaps are measured: default, greedynms, diounms or cornersnms.",
    quirk: "Unknown words mean default; cornersnms measures by IoU.")

  public let inputs: [Input]
  public let output: Shape
  public let classes: Int
  public var channelsPerClass: Int { keys.anchors.count }
  public let suppression: Suppression
  private let keys: AnchorKeys
  /// How far the centre lies from the point, in box sizes.
  private let offset: Float

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    switch section.read(Self.point) {
    case "left_top": offset = 0.5
    case "right_bottom": offset = -0.5
    default: offset = 0
    }
    let kind = readSuppression(Self.suppressionKind, &section, allowed: Suppression.Kind.allCases)
    keys = try AnchorKeys(&section, upstream: upstream, planes: 9)
    classes = keys.classes
    suppression = Suppression(kind: kind, beta: keys.beta)
    inputs = [keys.input]
    output = keys.input.shape
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    let score = ActivateHeadPlanes.Rule(isLogistic: true)
    let raw = ActivateHeadPlanes.Rule(isLogistic: false)
    let center = ActivateHeadPlanes.Rule(
      isLogistic: true, scale: keys.scaleXY, shift: -0.5 * (keys.scaleXY - 1))
    let planes =
      [center, score, center, score, raw, score, raw, score, score]
      + Array(repeating: score, count: classes)
    return program.emit(ActivateHeadPlanes(planes: planes), inputs, output)
  }

  /// Source: Darknet `gaussian_yolo_layer.c` (`get_gaussian_yolo_box`, `get_gaussian_yolo_detections`).
  public func candidates(
    in values: UnsafePointer<Float>, network: Shape, threshold: Float,
    into candidates: inout [Candidate]
  ) {
    let plane = output.planeCount
    for cell in 0..<plane {
      let (row, column) = (cell / output.width, cell % output.width)
      for (index, anchor) in keys.anchors.enumerated() {
        let v = values + index * (classes + 9) * plane + cell
        let objectness = v[8 * plane]
        guard objectness > threshold else { continue }
        let width = exponential(Double(v[4 * plane])) * Double(anchor.width) / Double(network.width)
        let height =
          exponential(Double(v[6 * plane])) * Double(anchor.height) / Double(network.height)
        let box = Box(
          x: (Float(column) + v[0]) / Float(output.width) + offset * Float(width),
          y: (Float(row) + v[2 * plane]) / Float(output.height) + offset * Float(height),
          width: Float(width), height: Float(height))
        let uncertainty = (v[plane] + v[3 * plane] + v[5 * plane] + v[7 * plane]) / 4
        let probabilities = (0..<classes).map { k in
          let probability = objectness * v[(9 + k) * plane] * (1 - uncertainty)
          return probability > threshold ? probability : 0
        }
        candidates.append(
          Candidate(box: box, objectness: objectness, probabilities: probabilities))
      }
    }
  }
}

/// Darknet takes any word it does not know for `default`, without a message.
private func readSuppression(
  _ key: Key<String?>, _ section: inout SectionReader, allowed: [Suppression.Kind]
) -> Suppression.Kind {
  guard let word = section.read(key) else { return .standard }
  if let kind = Suppression.Kind(rawValue: word), allowed.contains(kind) { return kind }
  section.report(
    .notOneOf(
      "nms_kind", found: word, known: allowed.map(\.rawValue), fallback: "default",
      severity: .warning),
    at: key)
  return .standard
}

extension Problem {
  fileprivate static func maskOutOfRange(_ anchor: Int, num: Int) -> Problem {
    Problem(
      .maskOutOfRange, .error, "the mask names anchor \(anchor), but num=\(num)",
      help: "use 0 to \(num - 1), or raise 'num' and add anchors")
  }

  fileprivate static func anchorCount(_ count: Int, num: Int) -> Problem {
    Problem(
      .anchorCount, .warning,
      "num=\(num) anchors need \(2 * num) numbers, found \(count); Darknet takes 0.5 for the rest",
      help: "write a width and a height for each anchor")
  }

  fileprivate static func surplusAnchors(_ count: Int, num: Int) -> Problem {
    Problem(
      .anchorCount, .note,
      "num=\(num) anchors need \(2 * num) numbers, found \(count); the rest is ignored",
      help: "write num=\(count / 2) if all are meant")
  }
}
