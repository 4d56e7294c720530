/// A detection as `detector map` records it.
struct DarknetRecord {
  let classIndex: Int
  let confidence: Double
  /// Unique over all images.
  let truth: Int?
  let overlap: Double
  /// Whether no earlier record of the image has its truth.
  let isFound: Bool
  /// Whether it overlaps a difficult truth and nothing else.
  let isLeftOut: Bool

  static func records(
    of image: EvaluatedImage, _ truths: [Truth], firstTruth: Int, iou: Double, threshold: Double
  ) -> [DarknetRecord] {
    let leftOut = TruthsByClass(image.truths.filter { $0.isCrowd || $0.isDifficult })
    let counting = TruthsByClass(truths)
    var earlier: Set<Int> = []
    return image.detections.inDarknetOrder.map { detection in
      var (best, overlap) = (Int?.none, iou)
      for (index, truth) in counting.near(detection) {
        let candidate = detection.rect.overlap(truth.rect)
        if candidate > overlap { (best, overlap) = (index, candidate) }
      }
      let isLeftOut =
        best == nil
        && leftOut.near(detection).contains { _, truth in
          detection.rect.overlap(truth.rect, isCrowd: truth.isCrowd) > iou
        }
      return DarknetRecord(
        classIndex: detection.classIndex, confidence: detection.confidence,
        truth: best.map { firstTruth + $0 }, overlap: best == nil ? 0 : overlap,
        isFound: best.map { earlier.insert($0).inserted } ?? false, isLeftOut: isLeftOut)
    }
  }
}

/// Truths of an image, to be found by class and place.
private struct TruthsByClass {
  private let truths: [Truth]
  private let groups: [Int: (members: [Int], index: RectIndex)]

  init(_ truths: [Truth]) {
    self.truths = truths
    groups = Dictionary(grouping: truths.indices) { truths[$0].classIndex }.mapValues { members in
      (members, RectIndex(members.lazy.map { truths[$0].rect }))
    }
  }

  /// Those of the class that the detection can overlap, in their order.
  func near(_ detection: ScoredRect) -> some Sequence<(Int, Truth)> {
    let group = groups[detection.classIndex]
    let places = group?.index.indices(near: detection.rect) ?? []
    return places.lazy.map { place in
      let index = group?.members[place] ?? 0
      return (index, truths[index])
    }
  }
}

extension [ScoredRect] {
  /// Boxes as Darknet's suppression leaves them: by their confidence in the last class, those equal
  /// there (mostly at nothing) by the class before, and so on; a box's classes ascending.
  ///
  /// Where that order was not recorded, what was suppressed for one class and kept for another is
  /// unknown and counts as nothing.
  fileprivate var inDarknetOrder: [ScoredRect] {
    let orders = compactMap(\.order)
    guard orders.count < count else {
      return [(ScoredRect, Int)](zip(self, orders))
        .stablySorted { ($0.1, $0.0.classIndex) < ($1.1, $1.0.classIndex) }.map(\.0)
    }
    var (boxes, places) = ([[ScoredRect]](), [PixelRect: Int]())
    for detection in stablySorted(by: { $0.confidence > $1.confidence }) {
      let place = places[detection.rect] ?? boxes.count
      if place == boxes.count { boxes.append([]) }
      places[detection.rect] = place
      boxes[place].append(detection)
    }
    let ranked = boxes.map { box in
      let classes = box.stablySorted { $0.classIndex > $1.classIndex }
      // The end makes a box with a further class precede one without.
      return (classes, key: classes.map { ($0.classIndex, $0.confidence) } + [(-1, 0.0)])
    }
    return ranked.stablySorted { a, b in a.key.lexicographicallyPrecedes(b.key) { $0 > $1 } }
      .flatMap { $0.0.reversed() }
  }
}
