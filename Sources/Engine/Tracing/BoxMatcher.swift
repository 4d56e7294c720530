/// The boxes of a trace, to find for each box of another trace the one that agrees best.
package struct BoxMatcher {
  private let boxes: [Trace.Found]
  private let tolerance: Tolerance
  private var isTaken: [Bool]
  private var trees: [Int: [BoxTree]] = [:]

  package init(_ boxes: [Trace.Found], _ tolerance: Tolerance) {
    (self.boxes, self.tolerance) = (boxes, tolerance)
    isTaken = Array(repeating: false, count: boxes.count)
    for (name, indices) in Dictionary(grouping: boxes.indices, by: { boxes[$0].class }) {
      trees[name] = [false, true].map { isFlat in
        let indices = indices.filter { boxes[$0].isFlat == isFlat }
        return BoxTree(boxes, indices, isFlat: isFlat, tolerance)
      }
    }
  }

  /// The box that agrees with one and overlaps it most, the first one of several; it is taken out.
  package mutating func take(_ wanted: Trace.Found) -> Trace.Found? {
    guard let count = trees[wanted.class]?.count else { return nil }
    var best: BoxTree.Match?
    for tree in 0..<count {
      best = trees[wanted.class]?[tree].best(for: wanted, besides: best)
    }
    guard let best else { return nil }
    for tree in 0..<count where trees[wanted.class]?[tree].take(best.index) == true { break }
    isTaken[best.index] = true
    return boxes[best.index]
  }

  /// The boxes that nobody has taken, in their order.
  package var rest: [Trace.Found] { boxes.indices.filter { !isTaken[$0] }.map { boxes[$0] } }

  /// How many steps the searches have taken.
  package var steps: Int { trees.values.reduce(0) { $0 + $1.reduce(0) { $0 + $1.steps } } }
}

extension Trace.Found {
  var box: Box { Box(x: x, y: y, width: w, height: h) }

  package func iou(_ other: Self) -> Float { box.iou(other.box) }

  /// Whether two boxes are the same within tolerance.
  package func agrees(with other: Self, _ tolerance: Tolerance) -> Bool {
    self.class == other.class && abs(prob - other.prob) <= tolerance.probability
      && isPlaced(as: other, tolerance)
  }

  /// Whether two boxes lie in the same place within tolerance.
  func isPlaced(as other: Self, _ tolerance: Tolerance) -> Bool {
    iou(other) >= tolerance.iou || isFlat && isNear(other, tolerance)
  }

  /// Whether the box has no area, so that it overlaps nothing.
  var isFlat: Bool { w <= 0 || h <= 0 }

  /// The same rule for boxes that overlap nothing: every edge as near as the IoU asks.
  private func isNear(_ other: Self, _ tolerance: Tolerance) -> Bool {
    zip([x, y, w, h], [other.x, other.y, other.w, other.h]).allSatisfy { mine, theirs in
      abs(mine - theirs) <= Self.allowedDistance(mine, theirs, tolerance)
    }
  }

  static func allowedDistance(_ mine: Float, _ theirs: Float, _ tolerance: Tolerance) -> Float {
    1e-4 + (1 - tolerance.iou) * max(abs(mine), abs(theirs))
  }
}
