/// The truths and detections of one class in one image, with every overlap: what matching works on.
struct ClassInImage: Sendable {
  /// The most confident first; equal ones in the order they came in.
  let detections: [ScoredRect]
  let truths: [Truth]
  /// Of detection d and truth g at `d * truths.count + g`.
  private let overlaps: [Double]

  init(detections: [ScoredRect], truths: [Truth]) {
    self.detections = detections.stablySorted { $0.confidence > $1.confidence }
    self.truths = truths
    overlaps = self.detections.flatMap { detection in
      truths.map { detection.rect.overlap($0.rect, isCrowd: $0.isCrowd) }
    }
  }

  func overlap(_ detection: Int, _ truth: Int) -> Double {
    overlaps[detection * truths.count + truth]
  }

  /// What became of a detection.
  struct Match: Hashable {
    /// The truth it was matched with.
    let truth: Int?
    /// Whether that truth counts for nothing.
    let isIgnored: Bool
  }

  /// Matches the detections, the most confident first, each with the truth it overlaps most among those
  /// still free. Truths that are ignored come last, and a crowd can be matched many times.
  ///
  /// - Parameters:
  ///   - threshold: the overlap that makes a match.
  ///   - limit: only so many detections, the first.
  ///   - isIgnored: which truths count for nothing.
  /// - Returns: one for each detection within the limit.
  /// - Source: `evaluateImg` of pycocotools' `cocoeval.py`.
  func matches(threshold: Double, limit: Int = .max, isIgnored: [Bool]) -> [Match] {
    let order = truths.indices.filter { !isIgnored[$0] } + truths.indices.filter { isIgnored[$0] }
    var isTaken = Array(repeating: false, count: truths.count)
    return detections.indices.prefix(limit).map { detection in
      var (best, match) = (min(threshold, 1 - 1e-10), Int?.none)
      for truth in order where !isTaken[truth] || truths[truth].isCrowd {
        if let match, !isIgnored[match], isIgnored[truth] { break }
        let overlap = overlap(detection, truth)
        if overlap >= best { (best, match) = (overlap, truth) }
      }
      guard let match else { return Match(truth: nil, isIgnored: false) }
      isTaken[match] = true
      return Match(truth: match, isIgnored: isIgnored[match])
    }
  }
}

extension [EvaluatedImage] {
  /// For each class, the images where it is or was found, in the order of their ids.
  func byClass(_ classes: Int) -> [[ClassInImage]] {
    var groups = [[ClassInImage]](repeating: [], count: classes)
    for image in sorted(by: { $0.id < $1.id }) {
      let truths = Dictionary(grouping: image.truths, by: \.classIndex)
      let detections = Dictionary(grouping: image.detections, by: \.classIndex)
      for index in Set(truths.keys).union(detections.keys) {
        groups[index].append(
          ClassInImage(detections: detections[index] ?? [], truths: truths[index] ?? []))
      }
    }
    return groups
  }
}

extension Array {
  /// Sorted so that equal elements keep their order.
  func stablySorted(by precedes: (Element, Element) -> Bool) -> [Element] {
    enumerated().sorted { a, b in
      precedes(a.element, b.element)
        || (!precedes(b.element, a.element) && a.offset < b.offset)
    }.map(\.element)
  }
}
