/// Boxes of one class in a tree over their numbers, so that the one that agrees best with another is
/// found without asking all of them.
///
/// Of boxes that agree equally well the one that comes first in the trace is taken.
struct BoxTree {
  /// A box that agrees, and how far the two overlap.
  struct Match {
    let index: Int
    let overlap: Float

    func isBetter(than other: Match?) -> Bool {
      guard let other else { return true }
      return overlap > other.overlap || overlap == other.overlap && index < other.index
    }
  }

  private struct Node {
    let bounds: BoxBounds
    let places: Range<Int>
    /// The least index of a box below it that is not taken; `Int.max` where all are.
    var first: Int
    /// Nil for a leaf.
    var children: (left: Int, right: Int)?
  }

  private static let leafSize = 8

  private let boxes: [Trace.Found]
  private let tolerance: Tolerance
  /// Whether the boxes have no area, so that they overlap nothing.
  private let isFlat: Bool
  /// The indices of the boxes in the order of the leaves, and where each is in that order.
  private var order: [Int]
  private var isTaken: [Bool]
  private var placeOf: [Int: Int] = [:]
  private var nodes: [Node] = []
  /// How many nodes and boxes were looked at.
  private(set) var steps = 0

  /// - Parameter indices: which of the boxes are in the tree.
  init(_ boxes: [Trace.Found], _ indices: [Int], isFlat: Bool, _ tolerance: Tolerance) {
    (self.boxes, self.isFlat, self.tolerance) = (boxes, isFlat, tolerance)
    order = indices
    isTaken = Array(repeating: false, count: indices.count)
    if !indices.isEmpty { add(indices.indices) }
    for (place, index) in order.enumerated() { placeOf[index] = place }
  }

  // MARK: Making

  /// - Returns: the number of the node.
  @discardableResult
  private mutating func add(_ places: Range<Int>) -> Int {
    let bounds = BoxBounds(order[places].map { boxes[$0] })
    let number = nodes.count
    nodes.append(
      Node(bounds: bounds, places: places, first: order[places].min() ?? .max, children: nil))
    guard places.count > Self.leafSize else { return number }
    let side = bounds.longestSide
    order[places].sort {
      let (one, other) = (BoxBounds.numbers(boxes[$0])[side], BoxBounds.numbers(boxes[$1])[side])
      return one == other ? $0 < $1 : one < other
    }
    let middle = places.lowerBound + places.count / 2
    let left = add(places.lowerBound..<middle)
    nodes[number].children = (left, add(middle..<places.upperBound))
    return number
  }

  // MARK: Searching

  /// The better one of `best` and the best box of the tree.
  mutating func best(for wanted: Trace.Found, besides best: Match?) -> Match? {
    var best = best
    if !nodes.isEmpty { search(0, wanted, &best) }
    return best
  }

  private mutating func search(_ number: Int, _ wanted: Trace.Found, _ best: inout Match?) {
    steps += 1
    let node = nodes[number]
    guard node.first != .max, node.bounds.mayHold(wanted.prob, tolerance) else { return }
    if node.bounds.isOnePlace {
      searchOnePlace(node, wanted, &best)
    } else if isPromising(node, wanted, best) {
      searchParts(node, wanted, &best)
    }
  }

  /// All boxes of the node lie in one place, and overlap the wanted one equally.
  private mutating func searchOnePlace(
    _ node: Node, _ wanted: Trace.Found, _ best: inout Match?
  ) {
    let first = boxes[node.first]
    let match = Match(index: node.first, overlap: first.iou(wanted))
    guard match.isBetter(than: best), first.isPlaced(as: wanted, tolerance) else { return }
    if node.bounds.holdsOnly(wanted.prob, tolerance) {
      best = match
    } else {
      searchParts(node, wanted, &best)
    }
  }

  private func isPromising(_ node: Node, _ wanted: Trace.Found, _ best: Match?) -> Bool {
    guard isFlat else {
      let most = node.bounds.mostOverlap(wanted.box)
      return most >= Double(max(tolerance.iou, best?.overlap ?? 0))
    }
    let isFirst = Match(index: node.first, overlap: 0).isBetter(than: best)
    return isFirst && (tolerance.iou <= 0 || node.bounds.mayBeNear(wanted, tolerance))
  }

  private mutating func searchParts(_ node: Node, _ wanted: Trace.Found, _ best: inout Match?) {
    if let (left, right) = node.children {
      let isRightFirst = isBefore(nodes[right], nodes[left], wanted)
      search(isRightFirst ? right : left, wanted, &best)
      search(isRightFirst ? left : right, wanted, &best)
      return
    }
    for place in node.places where !isTaken[place] {
      steps += 1
      let (index, box) = (order[place], boxes[order[place]])
      let match = Match(index: index, overlap: box.iou(wanted))
      if match.isBetter(than: best), box.agrees(with: wanted, tolerance) { best = match }
    }
  }

  /// Whether the best box is more likely in `one` than in `other`.
  private func isBefore(_ one: Node, _ other: Node, _ wanted: Trace.Found) -> Bool {
    let overlaps = (
      one.bounds.mostOverlap(wanted.box), other.bounds.mostOverlap(wanted.box)
    )
    return isFlat || overlaps.0 == overlaps.1
      ? one.first < other.first : overlaps.0 > overlaps.1
  }

  // MARK: Taking

  /// Takes a box out; true where it was in the tree.
  mutating func take(_ index: Int) -> Bool {
    guard let place = placeOf[index] else { return false }
    isTaken[place] = true
    update(0, without: place)
    return true
  }

  private mutating func update(_ number: Int, without place: Int) {
    let node = nodes[number]
    guard let (left, right) = node.children else {
      nodes[number].first =
        node.places.lazy.filter { [isTaken] in !isTaken[$0] }
        .map { [order] in order[$0] }.min() ?? .max
      return
    }
    update(nodes[left].places.contains(place) ? left : right, without: place)
    nodes[number].first = min(nodes[left].first, nodes[right].first)
  }
}
