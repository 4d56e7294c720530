public import PenumbraCfg

/// `[detection]` (YOLOv1): boxes of a fixed grid, from a connected layer.
///
/// - Shape: a flat vector: classes of every cell, then confidences, then boxes.
/// - Source: Darknet `detection_layer.c`.
public struct DetectionGrid: DetectionHead {
  public static let spec = SectionSpec(
    "detection", "A YOLOv1 head: the boxes of a fixed grid.",
    keys: [side, num, classes, coords, softmax, sqrt] + TrainingKeys.detection)

  static let side = Key("side", default: 7, in: 1...1024, "Cells along each side of the grid.")
  static let num = Key("num", default: 1, in: 1...1024, "Boxes of a cell.")
  static let classes = Key("classes", default: 1, in: 1...100_000, "Classes told apart.")
  static let coords = Key(
    "coords", default: 1, in: 1...4, "Coordinates of a box; only 4 makes sense.")
  static let softmax = Key("softmax", default: false, "The classes of a cell sum to 1.")
  static let sqrt = Key("sqrt", default: false, "Sizes are stored as square roots.")

  public let inputs: [Input]
  public let output: Shape
  public let classes: Int
  public var channelsPerClass: Int { side * side }
  public let suppression: Suppression? = nil
  /// Source: Darknet `network.c` (`fill_network_boxes`), which corrects every head but this one.
  public let undoesLetterbox = false
  package let side: Int
  /// Of a cell.
  package let boxes: Int
  package let usesSoftmax: Bool
  /// Whether sizes are stored as square roots.
  package let squares: Bool

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    side = section.read(Self.side)
    boxes = section.read(Self.num)
    classes = section.read(Self.classes)
    usesSoftmax = section.read(Self.softmax)
    squares = section.read(Self.sqrt)
    let coordinates = section.read(Self.coords)
    if coordinates != 4 {
      section.report(
        .coordinates(coordinates, stated: section.has(Self.coords)), at: Self.coords)
    }
    let expected = side * side * (5 * boxes + classes)
    let found = upstream.previous.shape.count
    guard found == expected else {
      let formula = "\(side) x \(side) cells x (5 x \(boxes) boxes + \(classes) classes)"
      let problem = Problem.gridSize(expected: expected, formula: formula, found: found)
      guard let output = upstream.previousNode?.section.entry("output") else {
        throw section.error(problem)
      }
      throw CfgError([
        Diagnostic(problem, at: output.valueLocation, sourceLine: output.sourceLine)
      ])
    }
    inputs = [upstream.previous]
    output = .vector(found)
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    let cells = usesSoftmax ? side * side : 0
    return program.emit(SoftmaxCells(cells: cells, classes: classes), inputs, output)
  }

  /// Source: Darknet `detection_layer.c` (`get_detection_detections`).
  public func candidates(
    in values: UnsafePointer<Float>, network: Shape, threshold: Float,
    into candidates: inout [Candidate]
  ) {
    let cells = side * side
    for cell in 0..<cells {
      for b in 0..<boxes {
        let objectness = values[cells * classes + cell * boxes + b]
        let v = values + cells * (classes + boxes) + (cell * boxes + b) * 4
        let size = squares ? (v[2] * v[2], v[3] * v[3]) : (v[2], v[3])
        let probabilities = (0..<classes).map { k in
          let probability = objectness * values[cell * classes + k]
          return probability > threshold ? probability : 0
        }
        let box = Box(
          x: (v[0] + Float(cell % side)) / Float(side),
          y: (v[1] + Float(cell / side)) / Float(side), width: size.0, height: size.1)
        candidates.append(
          Candidate(box: box, objectness: objectness, probabilities: probabilities))
      }
    }
  }
}
