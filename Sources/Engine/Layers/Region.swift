public import PenumbraCfg

/// `[region]` (YOLOv2): boxes by anchors in one grid.
///
/// - Shape: unchanged, but the elements stand pixel by pixel (height, width, channel).
/// - Source: Darknet `region_layer.c`.
public struct Region: DetectionHead {
  public static let spec = SectionSpec(
    "region", "A YOLOv2 head: boxes by anchors in one grid.",
    keys: [coords, classes, num, softmax, anchors, tree, map, classFix] + TrainingKeys.region)

  static let coords = Key("coords", default: 4, in: 4...4, "Coordinates of a box.")
  static let classes = Key("classes", default: 20, in: 1...100_000, "Classes told apart.")
  static let num = Key("num", default: 1, in: 1...10_000, "Anchors.")
  static let softmax = Key(
    "softmax", default: false, "The classes of a box sum to 1; without it they stay raw.")
  static let anchors = Key<[Float]?>(
    "anchors", defaultText: "0.5 each", in: 0...1e6,
    "Widths and heights of the anchors, in cells of the grid.")
  static let tree = Key<String?>("tree", "File of a class hierarchy (YOLO9000).")
  static let map = Key<String?>(
    "map", "File that maps the classes of a data set's labels to those of the tree.", .training)
  static let classFix = Key(
    "classfix", default: 0, in: -1...2, "-1: an objectness below 0.5 counts as 0.")

  public let inputs: [Input]
  public let output: Shape
  public let classes: Int
  public var channelsPerClass: Int { anchors.count }
  public let suppression: Suppression? = Suppression()
  /// Widths and heights, in cells.
  package let anchors: [(width: Float, height: Float)]
  package let usesSoftmax: Bool
  private let dropsUnlikely: Bool
  package let tree: ClassTree?
  /// The classes of labels, where they are not those of the network.
  package let map: ClassMap?

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    _ = section.read(Self.coords)
    classes = section.read(Self.classes)
    usesSoftmax = section.read(Self.softmax)
    dropsUnlikely = section.read(Self.classFix) == -1
    tree = ClassTree.read(Self.tree, &section, upstream)
    map = ClassMap.read(Self.map, classes: classes, &section, upstream)
    if let tree, tree.parents.count != classes {
      section.report(
        .treeSize(classes: classes, found: tree.parents.count), at: Self.tree)
    }
    let num = section.read(Self.num)
    let numbers = section.read(Self.anchors) ?? []
    if !AnchorKeys.areUsable(Self.anchors, numbers, section) {
    } else if numbers.count < 2 * num {
      section.report(.anchorCount(numbers.count, num: num), at: Self.anchors)
    } else if numbers.count > 2 * num {
      section.report(.surplusAnchors(numbers.count, num: num), at: Self.anchors)
    }
    func number(_ i: Int) -> Float { i < numbers.count ? numbers[i] : 0.5 }
    anchors = (0..<num).map { (number(2 * $0), number(2 * $0 + 1)) }
    let input = try upstream.previousImage(for: section)
    try checkHeadSize(
      &section, upstream, anchors: num, classes: classes, coordinates: 5, anchorKey: "num")
    checkActivation(before: section.spec.name, upstream, isLogistic: false, &section)
    inputs = [input]
    output = input.shape
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    let groups = tree?.groups ?? (usesSoftmax ? [classes] : [])
    return program.emit(
      ActivateRegion(coordinates: 4, classes: classes, softmaxGroups: groups), inputs, output)
  }

  /// Source: Darknet `region_layer.c` (`get_region_box`, `get_region_detections`).
  public func candidates(
    in values: UnsafePointer<Float>, network: Shape, threshold: Float,
    into candidates: inout [Candidate]
  ) {
    let record = classes + 5
    for cell in 0..<output.planeCount {
      let (row, column) = (cell / output.width, cell % output.width)
      for (index, anchor) in anchors.enumerated() {
        let v = values + (cell * anchors.count + index) * record
        var objectness = v[4]
        if dropsUnlikely, objectness < 0.5 { objectness = 0 }
        let probabilities = probabilities(v + 5, objectness: objectness, threshold: threshold)
        guard probabilities.contains(where: { $0 > 0 }) else { continue }
        let box = Box(
          x: (Float(column) + logistic(v[0])) / Float(output.width),
          y: (Float(row) + logistic(v[1])) / Float(output.height),
          width: Float(exponential(Double(v[2])) * Double(anchor.width) / Double(output.width)),
          height: Float(exponential(Double(v[3])) * Double(anchor.height) / Double(output.height)))
        // Darknet sets the objectness of every box to 1 here; the product is what counts.
        candidates.append(Candidate(box: box, objectness: 1, probabilities: probabilities))
      }
    }
  }

  private func probabilities(_ scores: UnsafePointer<Float>, objectness: Float, threshold: Float)
    -> [Float]
  {
    var scores = Array(UnsafeBufferPointer(start: scores, count: classes))
    guard let tree else {
      return scores.map { objectness * $0 > threshold ? objectness * $0 : 0 }
    }
    scores.withUnsafeMutableBufferPointer { tree.multiplyDown($0.baseAddress!) }
    var probabilities = Array(repeating: Float(0), count: classes)
    if objectness > threshold, let deepest = scores.lastIndex(where: { $0 > 0.5 }) {
      probabilities[deepest] = scores[deepest]
    }
    return probabilities
  }
}
