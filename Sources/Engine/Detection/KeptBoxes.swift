/// The boxes that suppression has kept so far, which a further box must not overlap.
///
/// With many boxes a grid finds the few that can overlap; the measure then decides, so that the
/// result is that of comparing all of them.
struct KeptBoxes {
  private let boxes: [Box]
  private let measure: OverlapMeasure
  private var kept: [Box] = []
  private var grid: BoxGrid?
  /// How many pairs were compared.
  private(set) var comparisons = 0

  /// - Parameter boxes: all that can be kept, by the index that `admits` takes.
  init(_ boxes: [Box], _ measure: OverlapMeasure, leastForGrid: Int) {
    self.boxes = boxes
    self.measure = measure
    // Below 0 even boxes far apart suppress each other.
    grid = boxes.count >= leastForGrid && measure.threshold >= 0 ? BoxGrid(boxes, measure) : nil
  }

  mutating func removeAll() {
    grid?.removeAll()
    kept.removeAll(keepingCapacity: true)
  }

  /// Keeps a box that overlaps none of those kept before.
  ///
  /// - Returns: whether it was kept.
  mutating func admits(_ index: Int) -> Bool {
    let box = boxes[index]
    let isOverlapped =
      grid?.overlaps(index, box, &comparisons)
      ?? measure.overlaps(box, oneOf: kept, &comparisons)
    guard !isOverlapped else { return false }
    kept.append(box)
    grid?.insert(index, box)
    return true
  }
}

/// When two boxes overlap too much.
struct OverlapMeasure {
  let suppression: Suppression
  let threshold: Float

  /// Whether the measure of two boxes exceeds the threshold.
  func overlaps(_ a: Box, _ b: Box) -> Bool {
    // No measure exceeds IoU, and most of many boxes do not even meet.
    let iou = a.iou(b)
    guard iou > threshold else { return false }
    return switch suppression.kind {
    case .standard, .corners: true
    case .greedy: a.diou(b, iou: iou, exponent: 0.6) > threshold
    case .distance: a.diou(b, iou: iou, exponent: Double(suppression.beta)) > threshold
    }
  }

  func overlaps(_ box: Box, oneOf others: [Box], _ comparisons: inout Int) -> Bool {
    for other in others {
      comparisons += 1
      if overlaps(other, box) { return true }
    }
    return false
  }
}
