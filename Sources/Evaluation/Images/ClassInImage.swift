/// The truths and detections of one class in one image: what matching works on.
///
/// Overlaps that are not 0 are kept where there are few of them, as nearly always; others are computed
/// when they are asked for, so that the memory is linear in the boxes whatever they are.
struct ClassInImage: Sendable {
  /// The most confident first; equal ones in the order they came in.
  let detections: [ScoredRect]
  let truths: [Truth]
  private let index: RectIndex
  /// The overlaps of the first detections, one after another, and where those of each begin.
  private let kept: [Overlap]
  private let starts: [Int]

  init(detections: [ScoredRect], truths: [Truth]) {
    self.detections = detections.stablySorted { $0.confidence > $1.confidence }
    self.truths = truths
    index = RectIndex(truths.lazy.map(\.rect))
    let limit = Self.keptPerBox * (detections.count + truths.count)
    var (kept, starts) = ([Overlap](), [0])
    for detection in self.detections where kept.count <= limit {
      kept += Self.overlaps(detection, truths, index)
      starts.append(kept.count)
    }
    (self.kept, self.starts) = (kept, starts)
  }

  /// How many overlaps are kept for each box, on average.
  private static let keptPerBox = 16

  /// A truth that a detection overlaps.
  struct Overlap {
    let truth: Int
    let value: Double
  }

  /// The truths that a detection overlaps, ascending.
  func overlaps(_ detection: Int) -> ArraySlice<Overlap> {
    guard detection + 1 < starts.count else {
      return Self.overlaps(detections[detection], truths, index)[...]
    }
    return kept[starts[detection]..<starts[detection + 1]]
  }

  private static func overlaps(
    _ detection: ScoredRect, _ truths: [Truth], _ index: RectIndex
  ) -> [Overlap] {
    index.indices(near: detection.rect).compactMap { truth in
      let value = detection.rect.overlap(truths[truth].rect, isCrowd: truths[truth].isCrowd)
      return value > 0 ? Overlap(truth: truth, value: value) : nil
    }
  }

  func overlap(_ detection: Int, _ truth: Int) -> Double {
    detections[detection].rect.overlap(truths[truth].rect, isCrowd: truths[truth].isCrowd)
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
  ///   - threshold: the overlap that makes a match, more than 0.
  ///   - limit: only so many detections, the first.
  ///   - isIgnored: which truths count for nothing.
  /// - Returns: one for each detection within the limit.
  /// - Source: `evaluateImg` of pycocotools' `cocoeval.py`.
  func matches(threshold: Double, limit: Int = .max, isIgnored: [Bool]) -> [Match] {
    var isTaken = Array(repeating: false, count: truths.count)
    return detections.indices.prefix(limit).map { detection in
      var (best, match) = (min(threshold, 1 - 1e-10), Int?.none)
      let overlaps = overlaps(detection)
      for ignored in [false, true] where match == nil {
        for overlap in overlaps where isIgnored[overlap.truth] == ignored {
          let isFree = !isTaken[overlap.truth] || truths[overlap.truth].isCrowd
          if isFree, overlap.value >= best { (best, match) = (overlap.value, overlap.truth) }
        }
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
