/// Which classes were taken for which.
///
/// For detectors there is one row and one column more, the background: objects that nobody found, and
/// boxes where nothing is.
public struct ConfusionMatrix: Hashable, Sendable, Codable {
  /// `counts[truth][reported]`.
  public private(set) var counts: [[Int]]
  /// Whether the last row and column are the background.
  public let hasBackground: Bool

  enum CodingKeys: String, CodingKey {
    case counts
    case hasBackground = "has_background"
  }

  public init(classes: Int, hasBackground: Bool) {
    let side = classes + (hasBackground ? 1 : 0)
    counts = Array(repeating: Array(repeating: 0, count: side), count: side)
    self.hasBackground = hasBackground
  }

  /// Nil stands for the background.
  mutating func add(truth: Int?, reported: Int?) {
    counts[truth ?? counts.count - 1][reported ?? counts.count - 1] += 1
  }
}

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

/// Who was taken for whom in one image.
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
        image: 0, detections: detections.map { image.detections[$0] },
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
    let candidates = outcome.falsePositives.flatMap { detection in
      outcome.missed.map { truth in
        (
          detection: detection, truth: truth,
          overlap: image.detections[detection].rect.overlap(image.truths[truth].rect)
        )
      }
    }.filter { $0.overlap >= iou }.stablySorted { $0.overlap > $1.overlap }
    var (free, left) = (Set(outcome.missed), Set(outcome.falsePositives))
    for pair in candidates where free.contains(pair.truth) && left.contains(pair.detection) {
      free.remove(pair.truth)
      left.remove(pair.detection)
      pairs.append(
        (image.truths[pair.truth].classIndex, image.detections[pair.detection].classIndex))
    }
    pairs += free.sorted().map { (image.truths[$0].classIndex, nil) }
    pairs += left.sorted().map { (nil, image.detections[$0].classIndex) }
  }
}
