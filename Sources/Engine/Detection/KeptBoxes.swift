/// The boxes that suppression has kept so far, which a further box must not overlap.
///
/// With many boxes a grid finds the few that can overlap; the measure then decides, so that the
/// result is that of comparing all of them.
struct KeptBoxes {
  private let boxes: [Box]
  private let suppression: Suppression
  private let threshold: Float
  private var kept: [Int] = []
  private var grid: BoxGrid?
  /// How many pairs were measured.
  private(set) var comparisons = 0

  /// - Parameter boxes: all that can be kept, by the index that `admits` takes.
  init(_ boxes: [Box], _ suppression: Suppression, _ threshold: Float, leastForGrid: Int) {
    self.boxes = boxes
    self.suppression = suppression
    self.threshold = threshold
    // Below 0 even boxes far apart suppress each other.
    grid = boxes.count >= leastForGrid && threshold >= 0 ? BoxGrid(boxes, threshold) : nil
  }

  mutating func removeAll() {
    grid?.remove(kept)
    kept.removeAll(keepingCapacity: true)
  }

  /// Keeps a box that overlaps none of those kept before.
  ///
  /// - Returns: whether it was kept.
  mutating func admits(_ index: Int) -> Bool {
    guard !isOverlapped(index) else { return false }
    kept.append(index)
    grid?.insert(index)
    return true
  }

  private mutating func isOverlapped(_ index: Int) -> Bool {
    let (box, boxes, suppression, threshold) = (boxes[index], boxes, suppression, threshold)
    var count = 0
    defer { comparisons += count }
    func overlaps(_ other: Int) -> Bool {
      count += 1
      return suppression.overlaps(boxes[other], box, threshold)
    }
    return grid?.contains(near: index, among: kept, where: overlaps)
      ?? kept.contains(where: overlaps)
  }
}
