import PenumbraCompute
import PenumbraEngine

/// The loss of `[yolo]` and `[Gaussian_yolo]`.
///
/// Every box learns that there is nothing, unless it overlaps an object already; in the cell of an
/// object, the anchor of its shape learns the object.
///
/// Source: Darknet `yolo_layer.c` (`forward_yolo_layer`), `gaussian_yolo_layer.c`; where this
/// differs is said in `docs/training.md`.
struct AnchorLoss: Loss {
  let head: AnchorHead
  let options: AnchorLossOptions

  func compute(_ call: LossCall) -> LossParts {
    call.gradient.update(repeating: 0, count: call.shape.count)
    let truths = Truths(call.example.boxes, classes: head.classes, map: options.map)
    var pass = AnchorPass(
      out: AnchorOutput(
        head: head, output: call.output, gradient: call.gradient, shape: call.shape,
        network: call.network),
      options: options, truths: truths)
    pass.learnBackground()
    pass.learnTruths()
    pass.shareAmongClasses()
    let parts = pass.parts()
    if options.factor != 1 {
      for i in 0..<call.shape.count { call.gradient[i] *= options.factor }
    }
    return parts
  }
}

/// The boxes of an image that a loss can use.
struct Truths {
  var boxes: [Box] = []
  var classes: [Int] = []

  /// Leaves out classes that the network does not know, empty boxes, and centres outside the image.
  init(_ labels: [LabelledBox], classes count: Int, map: [Int]? = nil) {
    for label in labels {
      var classIndex = label.classIndex
      if let map {
        guard map.indices.contains(classIndex) else { continue }
        classIndex = map[classIndex]
      }
      let box = label.box
      guard (0..<count).contains(classIndex), box.width > 0, box.height > 0, box.width.isFinite,
        box.height.isFinite, 0...1 ~= box.x, 0...1 ~= box.y
      else { continue }
      boxes.append(box)
      classes.append(classIndex)
    }
  }
}

/// One image's way through the loss.
struct AnchorPass {
  let out: AnchorOutput
  let options: AnchorLossOptions
  let truths: Truths
  /// Where an anchor learns a box, as anchor times cells plus cell; some more than once.
  private var learning: [Int] = []
  private var summary = LossParts()
  /// Of 1 less the overlap of each box that is learnt.
  private var lack = 0.0

  init(out: AnchorOutput, options: AnchorLossOptions, truths: Truths) {
    self.out = out
    self.options = options
    self.truths = truths
    learning.reserveCapacity(4 * truths.boxes.count)
  }

  private var head: AnchorHead { out.head }

  // MARK: Passes

  /// Every box's objectness goes to 0, unless the box overlaps a truth.
  mutating func learnBackground() {
    let cells = out.plane
    withUnsafeTemporaryAllocation(
      of: Float.self, capacity: AnchorOverlaps.scratch(cells: cells)
    ) { scratch in
      let overlaps = AnchorOverlaps(scratch: scratch.baseAddress!, cells: cells)
      for anchor in head.mask.indices {
        let start = out.offset(anchor, head.planes.objectness, 0)
        let (objectness, gradient) = (out.output + start, out.gradient + start)
        let factor = options.objectnessFactor
        for cell in 0..<cells { gradient[cell] = factor * objectness[cell] }
        guard !truths.boxes.isEmpty else { continue }
        overlaps.decode(anchor, out)
        truths.boxes.withUnsafeBufferPointer { overlaps.compare(with: $0) }
        for cell in 0..<cells { judge(anchor, cell, overlap: overlaps.best[cell]) }
      }
    }
  }

  /// What a box that overlaps a truth learns instead of background.
  @inline(__always)
  private mutating func judge(_ anchor: Int, _ cell: Int, overlap: Float) {
    if overlap > options.ignoreThreshold, seesSomething(anchor, cell) {
      let place = out.offset(anchor, head.planes.objectness, cell)
      out.gradient[place] =
        options.learnsOverlap
        ? min(
          out.gradient[place],
          options.objectnessFactor * (out.output[place] - overlap)) : 0
    }
    if overlap > options.truthThreshold { learnFound(anchor, cell, overlap: overlap) }
  }

  /// Whether some class is likely, whatever the objectness.
  private func seesSomething(_ anchor: Int, _ cell: Int) -> Bool {
    var place = out.offset(anchor, head.planes.classes, cell)
    for _ in 0..<head.classes {
      if out.output[place] > 0.25 { return true }
      place += out.plane
    }
    return false
  }

  /// A box that overlaps a truth by more than `truth_thresh` learns it, wherever it stands.
  private mutating func learnFound(_ anchor: Int, _ cell: Int, overlap: Float) {
    let box = out.box(anchor, cell)
    let overlaps = truths.boxes.map(box.iou)
    guard let truth = overlaps.indices.max(by: { overlaps[$0] < overlaps[$1] }) else { return }
    let place = out.offset(anchor, head.planes.objectness, cell)
    let goal = options.learnsOverlap ? overlap * overlap : 1
    out.gradient[place] = options.objectnessFactor * (out.output[place] - goal)
    learnClassAndBox(truth, anchor, cell)
    guard options.learnsOverlap else { return }
    let classIndex = truths.classes[truth]
    let score = out.offset(anchor, head.planes.classes + classIndex, cell)
    out.gradient[score] =
      options.multiplier(classIndex) * options.classFactor * (out.output[score] - goal)
  }

  /// Every truth is learnt in its cell by the anchor of its shape, and by others of nearly its shape.
  mutating func learnTruths() {
    for (truth, box) in truths.boxes.enumerated() {
      let point = head.point(of: box)
      let column = min(max(Int(point.x * Float(out.shape.width)), 0), out.shape.width - 1)
      let row = min(max(Int(point.y * Float(out.shape.height)), 0), out.shape.height - 1)
      let cell = row * out.shape.width + column
      let best = head.bestAnchor(for: box, network: out.network)
      let shape = Box(x: 0, y: 0, width: box.width, height: box.height)
      for (anchor, index) in head.mask.enumerated() {
        let fits =
          index == best
          || options.shapeThreshold < 1
            && options.shapeMeasure.measure(head.anchorBox(index, out.network), shape)
              > options.shapeThreshold
        if fits { learn(truth, anchor, cell) }
      }
    }
  }

  private mutating func learn(_ truth: Int, _ anchor: Int, _ cell: Int) {
    let place = out.offset(anchor, head.planes.objectness, cell)
    if !options.learnsOverlap || out.gradient[place] == 0 {
      out.gradient[place] =
        options.multiplier(truths.classes[truth]) * options.objectnessFactor
        * (out.output[place] - 1)
    }
    learnClassAndBox(truth, anchor, cell)
  }

  private mutating func learnClassAndBox(_ truth: Int, _ anchor: Int, _ cell: Int) {
    let (box, classIndex) = (truths.boxes[truth], truths.classes[truth])
    let prediction = out.box(anchor, cell)
    let iou = prediction.iou(box)
    summary.positives += 1
    summary.overlap += Double(iou)
    lack += 1 - Double(options.boxLoss == .giou ? Overlap.giou.measure(prediction, box) : iou)
    learning.append(anchor * out.plane + cell)
    AnchorBoxGradient(out: out, options: options).add(
      box, prediction, multiplier: options.multiplier(classIndex), anchor, cell)
    let first = out.offset(anchor, head.planes.classes, cell)
    ClassGradient(
      scores: out.output + first, gradient: out.gradient + first, stride: out.plane,
      count: head.classes
    ).learn(
      classIndex, targets: options.targets, factor: options.classFactor,
      multiplier: options.multiplier(classIndex), isFocal: options.usesFocalLoss)
  }

  /// A box that learns several truths learns their mean.
  mutating func shareAmongClasses() {
    learning.sort()
    var last = -1
    learning.removeAll { place in
      defer { last = place }
      return place == last
    }
    guard options.shapeThreshold < 1 else { return }
    for place in learning {
      let (anchor, cell) = place.quotientAndRemainder(dividingBy: out.plane)
      guard out.gradient[out.offset(anchor, head.planes.objectness, cell)] != 0 else { continue }
      let first = out.offset(anchor, head.planes.classes, cell)
      var rising = 0
      for c in 0..<head.classes where out.gradient[first + c * out.plane] < 0 { rising += 1 }
      guard rising > 1 else { continue }
      for p in [head.planes.x, head.planes.y, head.planes.width, head.planes.height] {
        out.gradient[out.offset(anchor, p, cell)] /= Float(rising)
      }
    }
  }

  // MARK: Sums

  /// What is reported, once all was learnt.
  func parts() -> LossParts {
    var parts = summary
    for anchor in head.mask.indices {
      parts.objectness += squares(out.offset(anchor, head.planes.objectness, 0), 1, out.plane)
    }
    for place in learning {
      let (anchor, cell) = place.quotientAndRemainder(dividingBy: out.plane)
      parts.classification += squares(
        out.offset(anchor, head.planes.classes, cell), out.plane, head.classes)
      if options.boxLoss == nil {
        parts.box += squares(out.offset(anchor, 0, cell), out.plane, head.planes.objectness)
      }
    }
    if options.boxLoss != nil {
      parts.objectness *= Double(options.objectnessFactor)
      parts.classification *= Double(options.objectnessFactor)
      parts.box =
        parts.positives > 0 ? Double(options.boxFactor) * lack / Double(parts.positives) : 0
    }
    parts.total = parts.box + parts.objectness + parts.classification
    return parts
  }

  private func squares(_ start: Int, _ stride: Int, _ count: Int) -> Double {
    var sum = 0.0
    for i in 0..<count {
      let value = Double(out.gradient[start + i * stride])
      sum += value * value
    }
    return sum
  }
}
