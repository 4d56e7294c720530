public import PenumbraCfg

/// The keys that `[yolo]` and `[Gaussian_yolo]` share, and what follows from them.
package struct AnchorKeys: Sendable {
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
  package let classes: Int
  /// Width and height of each anchor of this head, in pixels of the network's input.
  package let anchors: [(width: Float, height: Float)]
  /// The anchors of all heads together, and which of them this head uses.
  package let allAnchors: [(width: Float, height: Float)]
  package let mask: [Int]
  package let scaleXY: Float
  /// The classes of labels, where they are not those of the network.
  package let map: ClassMap?
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
    if !Self.areUsable(Self.anchors, numbers, section) {
      // What is wrong with the list was said already.
    } else if numbers.count % 2 != 0 || numbers.count < 2 * num {
      section.report(.anchorCount(numbers.count, num: num), at: Self.anchors)
    } else if numbers.count > 2 * num {
      section.report(.surplusAnchors(numbers.count, num: num), at: Self.anchors)
    }
    func number(_ i: Int) -> Float { i < numbers.count ? numbers[i] : 0.5 }
    let all = (0..<num).map { (width: number(2 * $0), height: number(2 * $0 + 1)) }
    allAnchors = all
    self.mask = mask
    map = ClassMap.read(TrainingKeys.map, classes: classes, &section, upstream)
    anchors = mask.map { all[$0] }
    input = try upstream.previousImage(for: section)
    try checkHeadSize(
      &section, upstream, anchors: anchors.count, classes: classes, coordinates: coordinates,
      anchorKey: section.has(Self.mask) ? "mask" : "num")
    checkCounters(&section)
  }

  /// False for a list that was given and could not be read.
  static func areUsable(_ key: Key<[Float]?>, _ numbers: [Float], _ section: SectionReader) -> Bool
  {
    !numbers.isEmpty || !section.has(key)
  }

  private func checkCounters(_ section: inout SectionReader) {
    guard let counters = section.read(TrainingKeys.counters), counters.count != classes else {
      return
    }
    section.report(.counterCount(counters.count, classes: classes), at: TrainingKeys.counters)
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
///
/// - Parameters:
///   - coordinates: planes of an anchor besides its classes.
///   - anchorKey: the key that decides how many anchors there are.
func checkHeadSize(
  _ section: inout SectionReader, _ upstream: Upstream, anchors: Int, classes: Int,
  coordinates: Int, anchorKey: String
) throws(CfgError) {
  let found = upstream.previous.shape.channels
  let expected = saturatingProduct(anchors, classes + coordinates)
  guard found != expected else { return }
  let filters = upstream.previousNode?.section.entry("filters")
  let fitting = found % anchors == 0 ? found / anchors - coordinates : 0
  let problem = Problem.headSize(
    section.spec.name, line: section.section.location.line, expected: expected,
    formula: "(classes=\(classes) + \(coordinates)) x \(anchors) anchors of '\(anchorKey)'",
    found: found, isAtFilters: filters != nil, fittingClasses: fitting > 0 ? fitting : nil)
  guard let filters else { throw section.error(problem) }
  throw CfgError([Diagnostic(problem, at: filters.valueLocation, sourceLine: filters.sourceLine)])
}

/// Warns of an activation before a head that its own would be applied on top of, or that it lacks.
func checkActivation(
  before head: String, _ upstream: Upstream, isLogistic: Bool, _ section: inout SectionReader
) {
  guard let node = upstream.previousNode, let convolution = node.layer as? Convolutional,
    let entry = node.section.entry(Convolutional.activation.name)
  else { return }
  let found = convolution.activation.name
  guard found != (isLogistic ? "logistic" : "linear") else { return }
  section.report(
    .headActivation(
      head, expected: isLogistic ? "logistic" : "linear", found: found,
      because: isLogistic
        ? "with new_coords=1 the head applies none of its own" : "the head applies its own"),
    at: entry)
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
    "nms_kind", oneOf: ["default", "greedynms", "diounms"], defaultText: "default",
    unknown: "default", "How overlaps are measured when boxes are suppressed.",
    quirk: "greedynms is DIoU with exponent 0.6. The last head decides.")

  public let inputs: [Input]
  public let output: Shape
  public let classes: Int
  public var channelsPerClass: Int { keys.anchors.count }
  public let suppression: Suppression?
  package let keys: AnchorKeys
  package let usesNewCoordinates: Bool

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    usesNewCoordinates = section.read(Self.newCoordinates)
    let kind =
      section.read(Self.suppressionKind).flatMap(Suppression.Kind.init(rawValue:)) ?? .standard
    keys = try AnchorKeys(&section, upstream: upstream, planes: 5)
    checkActivation(before: "yolo", upstream, isLogistic: usesNewCoordinates, &section)
    Self.checkEmbedding(&section, upstream)
    classes = keys.classes
    suppression = Suppression(kind: kind, beta: keys.beta)
    inputs = [keys.input]
    output = keys.input.shape
  }

  /// The embeddings matter to tracking alone, so that a wrong layer is no error.
  private static func checkEmbedding(_ section: inout SectionReader, _ upstream: Upstream) {
    guard let reference = section.read(TrainingKeys.embedding), reference != 999_999 else { return }
    let layer = reference < 0 ? upstream.index + reference : reference
    guard !upstream.nodes.indices.contains(layer) else { return }
    section.report(
      .badReference(
        "embedding_layer", reference: reference, layer: layer, own: upstream.index,
        severity: .warning),
      at: TrainingKeys.embedding)
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
        let box = Box(
          x: (Float(column) + v[0]) / Float(output.width),
          y: (Float(row) + v[plane]) / Float(output.height),
          width: size(v[2 * plane], anchor.width, network.width),
          height: size(v[3 * plane], anchor.height, network.height))
        let probabilities = (0..<classes).map { k in
          let probability = objectness * v[(5 + k) * plane]
          return probability > threshold ? probability : 0
        }
        candidates.append(
          Candidate(box: box, objectness: objectness, probabilities: probabilities))
      }
    }
  }

  /// A side as a fraction of the network's input; as in C, an exponential makes all of it double.
  private func size(_ v: Float, _ anchor: Float, _ side: Int) -> Float {
    usesNewCoordinates
      ? v * v * 4 * anchor / Float(side)
      : Float(exponential(Double(v)) * Double(anchor) / Double(side))
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
    unknown: "center", "Which point of the box x and y mean.")
  static let suppressionKind = Key<String?>(
    "nms_kind", oneOf: ["default", "greedynms", "diounms", "cornersnms"], defaultText: "default",
    unknown: "default", "How overlaps are measured when boxes are suppressed.",
    quirk: "cornersnms measures by IoU. The last head decides.")

  public let inputs: [Input]
  public let output: Shape
  public let classes: Int
  public var channelsPerClass: Int { keys.anchors.count }
  public let suppression: Suppression?
  package let keys: AnchorKeys
  /// How far the centre lies from the point, in box sizes.
  package let offset: Float

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    switch section.read(Self.point) {
    case "left_top": offset = 0.5
    case "right_bottom": offset = -0.5
    default: offset = 0
    }
    let kind =
      section.read(Self.suppressionKind).flatMap(Suppression.Kind.init(rawValue:)) ?? .standard
    keys = try AnchorKeys(&section, upstream: upstream, planes: 9)
    checkActivation(before: "Gaussian_yolo", upstream, isLogistic: false, &section)
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
