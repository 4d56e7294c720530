public import PenumbraCfg
public import PenumbraEngine

extension DetectionGrid: LossLayer {
  public func makeLoss(_ section: CfgFile.Section, net: CfgFile.Section) throws -> any Loss {
    var keys = KeyValues(section, Self.spec)
    let loss = DetectionGridLoss(
      side: side, boxes: boxes, classes: classes, squares: squares,
      learnsOverlap: keys.flag("rescore"), isForced: keys.flag("forced"),
      objectFactor: keys.float("object_scale"), noObjectFactor: keys.float("noobject_scale"),
      classFactor: keys.float("class_scale"), boxFactor: keys.float("coord_scale"))
    try keys.check()
    return loss
  }
}

/// The loss of `[detection]`: squared errors. In a cell with an object the classes learn, and of its
/// boxes the one that fits best.
///
/// Source: Darknet `detection_layer.c` (`forward_detection_layer`).
struct DetectionGridLoss: Loss {
  let side: Int
  /// Of a cell.
  let boxes: Int
  let classes: Int
  /// Whether sizes are stored as square roots.
  let squares: Bool
  let learnsOverlap: Bool
  /// Whether large objects are always learnt by a cell's first box and small ones by its second.
  let isForced: Bool
  let objectFactor: Float
  let noObjectFactor: Float
  let classFactor: Float
  let boxFactor: Float

  func compute(_ call: LossCall) -> LossParts {
    let truths = Truths(call.example.boxes, classes: classes)
    call.gradient.update(repeating: 0, count: call.shape.count)
    var parts = LossParts()
    let confidences = side * side * classes
    for i in confidences..<confidences + side * side * boxes {
      call.gradient[i] = noObjectFactor * call.output[i]
    }
    var taken = [Bool](repeating: false, count: side * side)
    for (index, truth) in truths.boxes.enumerated() {
      let column = min(Int(truth.x * Float(side)), side - 1)
      let row = min(Int(truth.y * Float(side)), side - 1)
      let cell = row * side + column
      // A cell learns one object: the first in it.
      guard !taken[cell] else { continue }
      taken[cell] = true
      learn(call, truth, truths.classes[index], cell, &parts)
    }
    sum(call, &parts)
    return parts
  }

  private func learn(
    _ call: LossCall, _ truth: Box, _ right: Int, _ cell: Int, _ parts: inout LossParts
  ) {
    for c in 0..<classes {
      let place = cell * classes + c
      call.gradient[place] = classFactor * (call.output[place] - (c == right ? 1 : 0))
    }
    let chosen = responsible(call, truth, cell)
    let iou = box(call, cell, chosen).iou(truth)
    let confidence = side * side * classes + cell * boxes + chosen
    call.gradient[confidence] =
      objectFactor * (call.output[confidence] - (learnsOverlap ? iou : 1))
    let place = boxPlace(cell, chosen)
    let goals = SIMD4(
      truth.x * Float(side) - Float(cell % side), truth.y * Float(side) - Float(cell / side),
      squares ? truth.width.squareRoot() : truth.width,
      squares ? truth.height.squareRoot() : truth.height)
    for i in 0..<4 {
      call.gradient[place + i] = boxFactor * (call.output[place + i] - goals[i])
    }
    parts.positives += 1
    parts.overlap += Double(iou)
  }

  /// The box that overlaps a truth best; where none does, the one whose numbers are nearest.
  private func responsible(_ call: LossCall, _ truth: Box, _ cell: Int) -> Int {
    if isForced, boxes > 1 { return truth.width * truth.height < 0.1 ? 1 : 0 }
    var best = (index: 0, iou: Float(0), distance: Float.infinity)
    for index in 0..<boxes {
      let box = box(call, cell, index)
      let iou = box.iou(truth)
      if iou > best.iou { best = (index, iou, 0) }
      let distance = distance(box, truth)
      if best.iou == 0, distance < best.distance { best = (index, 0, distance) }
    }
    return best.index
  }

  private func distance(_ a: Box, _ b: Box) -> Float {
    let (x, y) = (a.x - b.x, a.y - b.y)
    let (width, height) = (a.width - b.width, a.height - b.height)
    return x * x + y * y + width * width + height * height
  }

  private func boxPlace(_ cell: Int, _ index: Int) -> Int {
    side * side * (classes + boxes) + (cell * boxes + index) * 4
  }

  private func box(_ call: LossCall, _ cell: Int, _ index: Int) -> Box {
    let v = call.output + boxPlace(cell, index)
    return Box(
      x: (v[0] + Float(cell % side)) / Float(side), y: (v[1] + Float(cell / side)) / Float(side),
      width: squares ? v[2] * v[2] : v[2], height: squares ? v[3] * v[3] : v[3])
  }

  /// Darknet's cost: the sum of the gradient's squares.
  private func sum(_ call: LossCall, _ parts: inout LossParts) {
    let cells = side * side
    func squares(_ range: Range<Int>) -> Double {
      range.reduce(0.0) { $0 + Double(call.gradient[$1]) * Double(call.gradient[$1]) }
    }
    parts.classification = squares(0..<cells * classes)
    parts.objectness = squares(cells * classes..<cells * (classes + boxes))
    parts.box = squares(cells * (classes + boxes)..<cells * (classes + 5 * boxes))
    parts.total = parts.box + parts.objectness + parts.classification
  }
}
