/// What came out in one image at the threshold.
public struct ImageOutcome: Hashable, Sendable {
  public let id: Int
  public let name: String
  /// Places in the image's lists. Truths that count for nothing are in none of them, nor are detections
  /// matched with those, nor detections below the threshold.
  public internal(set) var found: [Int] = []
  public internal(set) var falsePositives: [Int] = []
  public internal(set) var missed: [Int] = []

  /// Truths missed and boxes where none is.
  public var faults: Int { missed.count + falsePositives.count }
}

/// Which class was taken for which in one image.
///
/// Matches within classes come first, as they do everywhere else; what they leave is matched across
/// classes, the largest overlap first. So the diagonal holds the true positives.
struct ImageConfusion {
  private(set) var outcome: ImageOutcome
  /// Nil is the background.
  private(set) var pairs: [(truth: Int?, reported: Int?)] = []

  init(_ image: EvaluatedImage, iou: Double, threshold: Double) {
    outcome = ImageOutcome(id: image.id, name: image.name)
    let isIgnored = image.truths.map { $0.isCrowd || $0.isDifficult }
    let counting = image.detections.indices.filter {
      image.detections[$0].confidence > threshold
    }.stablySorted { image.detections[$0].confidence > image.detections[$1].confidence }
    var (free, left) = (Set(image.truths.indices.filter { !isIgnored[$0] }), [Int]())

    for (classIndex, detections) in Dictionary(
      grouping: counting, by: { image.detections[$0].classIndex }
    ).sorted(by: { $0.key < $1.key }) {
      let truths = image.truths.indices.filter { image.truths[$0].classIndex == classIndex }
      let pair = ClassInImage(
        detections: detections.map { image.detections[$0] },
        truths: truths.map { image.truths[$0] })
      let matches = pair.matches(threshold: iou, isIgnored: truths.map { isIgnored[$0] })
      for (detection, match) in zip(detections, matches) where !match.isIgnored {
        guard let truth = match.truth else {
          left.append(detection)
          continue
        }
        free.remove(truths[truth])
        outcome.found.append(detection)
        pairs.append((classIndex, classIndex))
      }
    }
    outcome.falsePositives = left.sorted()
    outcome.missed = free.sorted()
    matchAcrossClasses(image, iou: iou)
  }

  private mutating func matchAcrossClasses(_ image: EvaluatedImage, iou: Double) {
    var across = PairsAcross(
      detections: outcome.falsePositives.map { image.detections[$0].rect },
      truths: outcome.missed.map { image.truths[$0].rect }, iou: iou)
    while let pair = across.next() {
      let (detection, truth) = (
        outcome.falsePositives[pair.detection], outcome.missed[pair.truth]
      )
      pairs.append((image.truths[truth].classIndex, image.detections[detection].classIndex))
    }
    pairs += zip(outcome.missed, across.isTruthFree).filter(\.1).map {
      (image.truths[$0.0].classIndex, nil)
    }
    pairs += zip(outcome.falsePositives, across.isDetectionFree).filter(\.1).map {
      (nil, image.detections[$0.0].classIndex)
    }
  }
}

/// Pairs of detections and truths, the largest overlap first, each box in one at most.
///
/// Each detection knows its best free truth alone, so that the memory is linear in the boxes; it
/// looks again when that truth is taken.
private struct PairsAcross {
  private let detections: [PixelRect]
  private let truths: [PixelRect]
  private let index: RectIndex
  private let iou: Double
  private var candidates: Heap<Candidate>
  private(set) var isDetectionFree: [Bool]
  private(set) var isTruthFree: [Bool]

  private struct Candidate: Comparable {
    let detection: Int
    let truth: Int
    let overlap: Double

    /// The larger overlap comes first; of equal ones the earlier detection.
    static func < (a: Candidate, b: Candidate) -> Bool {
      (b.overlap, a.detection) < (a.overlap, b.detection)
    }
  }

  init(detections: [PixelRect], truths: [PixelRect], iou: Double) {
    (self.detections, self.truths, self.iou) = (detections, truths, iou)
    index = RectIndex(truths)
    isDetectionFree = Array(repeating: true, count: detections.count)
    isTruthFree = Array(repeating: true, count: truths.count)
    candidates = Heap()
    for detection in detections.indices { propose(detection) }
  }

  /// Adds a detection with the truth that it overlaps most among those still free.
  private mutating func propose(_ detection: Int) {
    var (best, overlap) = (Int?.none, iou)
    for truth in index.indices(near: detections[detection]) where isTruthFree[truth] {
      let value = detections[detection].overlap(truths[truth])
      if best == nil ? value >= overlap : value > overlap { (best, overlap) = (truth, value) }
    }
    guard let best else { return }
    candidates.insert(Candidate(detection: detection, truth: best, overlap: overlap))
  }

  mutating func next() -> (detection: Int, truth: Int)? {
    while let first = candidates.removeFirst() {
      guard isTruthFree[first.truth] else {
        propose(first.detection)
        continue
      }
      isTruthFree[first.truth] = false
      isDetectionFree[first.detection] = false
      return (first.detection, first.truth)
    }
    return nil
  }
}
