public import PenumbraCfg
public import PenumbraEngine

extension Region: LossLayer {
  public func makeLoss(_ section: CfgFile.Section, net: CfgFile.Section) throws -> any Loss {
    var keys = KeyValues(section, Self.spec)
    let loss = RegionLoss(
      anchors: anchors, classes: classes, parents: tree?.parents, groups: tree?.groups ?? [],
      threshold: keys.float("thresh"), matchesAnchors: keys.flag("bias_match"),
      learnsOverlap: keys.flag("rescore"), usesFocalLoss: keys.flag("focal_loss"),
      objectFactor: keys.float("object_scale"), noObjectFactor: keys.float("noobject_scale"),
      classFactor: keys.float("class_scale"), boxFactor: keys.float("coord_scale"),
      map: try map?.classes())
    try keys.check()
    return loss
  }
}

/// The loss of `[region]`: in the cell of an object the anchor of its shape learns it, all other
/// boxes learn that there is nothing.
///
/// Source: Darknet `region_layer.c` (`forward_region_layer`).
struct RegionLoss: Loss {
  /// In cells.
  let anchors: [(width: Float, height: Float)]
  let classes: Int
  /// Of each class in the hierarchy; nil without one.
  let parents: [Int]?
  /// How many siblings each group of the hierarchy has.
  let groups: [Int]
  /// Boxes that overlap a truth by more are not pushed to 0.
  let threshold: Float
  let matchesAnchors: Bool
  let learnsOverlap: Bool
  let usesFocalLoss: Bool
  let objectFactor: Float
  let noObjectFactor: Float
  let classFactor: Float
  let boxFactor: Float
  let map: [Int]?

  /// The images in which all boxes are drawn to their anchors.
  private static let warmUp = 12_800

  func compute(_ call: LossCall) -> LossParts {
    let truths = Truths(call.example.boxes, classes: classes, map: map)
    call.gradient.update(repeating: 0, count: call.shape.count)
    var parts = LossParts()
    for cell in 0..<call.shape.planeCount {
      for anchor in anchors.indices { learnBackground(call, truths, cell, anchor) }
    }
    for index in truths.boxes.indices { learn(call, truths, index, &parts) }
    sum(call, &parts)
    return parts
  }

  // MARK: Places

  private var record: Int { classes + 5 }

  /// A box's numbers in the output, which stands pixel by pixel.
  private func values(_ call: LossCall, _ cell: Int, _ anchor: Int) -> UnsafePointer<Float> {
    call.output + (cell * anchors.count + anchor) * record
  }

  /// A number's place in the gradient, which stands plane by plane.
  private func place(_ call: LossCall, _ cell: Int, _ anchor: Int, _ number: Int) -> Int {
    (anchor * record + number) * call.shape.planeCount + cell
  }

  private func box(_ call: LossCall, _ cell: Int, _ anchor: Int) -> Box {
    let (v, shape) = (values(call, cell, anchor), call.shape)
    return Box(
      x: (Float(cell % shape.width) + logistic(v[0])) / Float(shape.width),
      y: (Float(cell / shape.width) + logistic(v[1])) / Float(shape.height),
      width: exponential(v[2]) * anchors[anchor].width / Float(shape.width),
      height: exponential(v[3]) * anchors[anchor].height / Float(shape.height))
  }

  // MARK: What boxes learn

  private func learnBackground(_ call: LossCall, _ truths: Truths, _ cell: Int, _ anchor: Int) {
    let objectness = values(call, cell, anchor)[4]
    let box = box(call, cell, anchor)
    var best: Float = 0
    for truth in truths.boxes { best = max(best, box.iou(truth)) }
    if best <= threshold {
      call.gradient[place(call, cell, anchor, 4)] =
        noObjectFactor * objectness * objectness * (1 - objectness)
    }
    guard call.seen < Self.warmUp else { return }
    let shape = call.shape
    let target = Box(
      x: (Float(cell % shape.width) + 0.5) / Float(shape.width),
      y: (Float(cell / shape.width) + 0.5) / Float(shape.height),
      width: anchors[anchor].width / Float(shape.width),
      height: anchors[anchor].height / Float(shape.height))
    learnBox(call, target, cell, anchor, factor: 0.01)
  }

  private func learn(_ call: LossCall, _ truths: Truths, _ index: Int, _ parts: inout LossParts) {
    let (truth, shape) = (truths.boxes[index], call.shape)
    let column = min(Int(truth.x * Float(shape.width)), shape.width - 1)
    let row = min(Int(truth.y * Float(shape.height)), shape.height - 1)
    let cell = row * shape.width + column
    let anchor = bestAnchor(call, truth, cell)
    let iou = box(call, cell, anchor).iou(truth)
    learnBox(call, truth, cell, anchor, factor: boxFactor)
    let objectness = values(call, cell, anchor)[4]
    call.gradient[place(call, cell, anchor, 4)] =
      objectFactor * (objectness - (learnsOverlap ? iou : 1)) * objectness * (1 - objectness)
    learnClass(call, truths.classes[index], cell, anchor)
    parts.positives += 1
    parts.overlap += Double(iou)
  }

  private func bestAnchor(_ call: LossCall, _ truth: Box, _ cell: Int) -> Int {
    let shape = Box(x: 0, y: 0, width: truth.width, height: truth.height)
    var best = (anchor: 0, iou: Float(0))
    for anchor in anchors.indices {
      var candidate = box(call, cell, anchor)
      if matchesAnchors {
        candidate.width = anchors[anchor].width / Float(call.shape.width)
        candidate.height = anchors[anchor].height / Float(call.shape.height)
      }
      (candidate.x, candidate.y) = (0, 0)
      let iou = candidate.iou(shape)
      if iou > best.iou { best = (anchor, iou) }
    }
    return best.anchor
  }

  private func learnBox(
    _ call: LossCall, _ truth: Box, _ cell: Int, _ anchor: Int, factor: Float
  ) {
    let (v, shape) = (values(call, cell, anchor), call.shape)
    let (x, y) = (logistic(v[0]), logistic(v[1]))
    let goalX = truth.x * Float(shape.width) - Float(cell % shape.width)
    let goalY = truth.y * Float(shape.height) - Float(cell / shape.width)
    let width = logarithm(truth.width * Float(shape.width) / anchors[anchor].width)
    let height = logarithm(truth.height * Float(shape.height) / anchors[anchor].height)
    set(call, cell, anchor, 0, factor * (x - goalX) * x * (1 - x))
    set(call, cell, anchor, 1, factor * (y - goalY) * y * (1 - y))
    set(call, cell, anchor, 2, factor * (v[2] - width))
    set(call, cell, anchor, 3, factor * (v[3] - height))
  }

  /// An anchor without a size has no logarithm to learn.
  private func set(_ call: LossCall, _ cell: Int, _ anchor: Int, _ number: Int, _ value: Float) {
    if value.isFinite { call.gradient[place(call, cell, anchor, number)] = value }
  }

  private func learnClass(_ call: LossCall, _ right: Int, _ cell: Int, _ anchor: Int) {
    let scores = values(call, cell, anchor) + 5
    let (first, stride) = (place(call, cell, anchor, 5), call.shape.planeCount)
    guard let parents else {
      let weight =
        classFactor * (usesFocalLoss ? 0.5 * ClassGradient.focus(scores[right]) : 1)
      for c in 0..<classes {
        call.gradient[first + c * stride] = weight * (scores[c] - (c == right ? 1 : 0))
      }
      return
    }
    // The class among its siblings, then its parent among its own, up to the root.
    var member = right
    while member >= 0 {
      for c in siblings(of: member) {
        call.gradient[first + c * stride] = classFactor * (scores[c] - (c == member ? 1 : 0))
      }
      member = parents[member]
    }
  }

  private func siblings(of member: Int) -> Range<Int> {
    var start = 0
    for count in groups {
      if member < start + count { return start..<start + count }
      start += count
    }
    return start..<start
  }

  /// Darknet's cost: the sum of the gradient's squares.
  private func sum(_ call: LossCall, _ parts: inout LossParts) {
    let plane = call.shape.planeCount
    for channel in 0..<call.shape.channels {
      var squares = 0.0
      for cell in 0..<plane {
        let value = Double(call.gradient[channel * plane + cell])
        squares += value * value
      }
      switch channel % record {
      case 0...3: parts.box += squares
      case 4: parts.objectness += squares
      default: parts.classification += squares
      }
    }
    parts.total = parts.box + parts.objectness + parts.classification
  }
}
