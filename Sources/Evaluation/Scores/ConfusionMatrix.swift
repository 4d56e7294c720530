/// Which classes were taken for which.
///
/// For detectors there is one row and one column more, the background: objects that nobody found, and
/// boxes where nothing is. Only what occurred is kept: a thousand classes have a million pairs.
public struct ConfusionMatrix: Hashable, Sendable {
  /// How many rows there are, and columns.
  public let side: Int
  /// Whether the last row and column are the background.
  public let hasBackground: Bool
  /// By `truth * side + reported`; never 0.
  private var cells: [Int: Int] = [:]

  public init(classes: Int, hasBackground: Bool) {
    side = classes + (hasBackground ? 1 : 0)
    self.hasBackground = hasBackground
  }

  /// Nil stands for the background.
  mutating func add(truth: Int?, reported: Int?) {
    cells[(truth ?? side - 1) * side + (reported ?? side - 1), default: 0] += 1
  }

  public subscript(truth: Int, reported: Int) -> Int { cells[truth * side + reported] ?? 0 }

  /// What occurred, row by row.
  public var pairs: [(truth: Int, reported: Int, count: Int)] {
    cells.sorted { $0.key < $1.key }.map { ($0.key / side, $0.key % side, $0.value) }
  }

  /// `counts[truth][reported]`, with all that did not occur: for matrices of few classes.
  public var counts: [[Int]] {
    var counts = Array(repeating: Array(repeating: 0, count: side), count: side)
    for pair in pairs { counts[pair.truth][pair.reported] = pair.count }
    return counts
  }

  /// The sum of each row: what was there.
  var truths: [Int] { sums { $0 / side } }
  /// The sum of each column: what was reported.
  var reports: [Int] { sums { $0 % side } }

  private func sums(_ place: (Int) -> Int) -> [Int] {
    var sums = Array(repeating: 0, count: side)
    for (cell, count) in cells { sums[place(cell)] += count }
    return sums
  }
}

extension ConfusionMatrix: Codable {
  private enum CodingKeys: String, CodingKey {
    case counts
    case hasBackground = "has_background"
  }

  /// Matrices of more classes have no `counts` when they are encoded: a thousand classes are some
  /// megabytes already, nearly all of it zeros.
  static let mostClassesEncoded = 1000

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(hasBackground, forKey: .hasBackground)
    guard side - (hasBackground ? 1 : 0) <= Self.mostClassesEncoded else { return }
    try container.encode(counts, forKey: .counts)
  }

  /// Without `counts`, a matrix of no classes.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    hasBackground = try container.decode(Bool.self, forKey: .hasBackground)
    let counts = try container.decodeIfPresent([[Int]].self, forKey: .counts) ?? []
    side = counts.count
    for (truth, row) in counts.enumerated() {
      guard row.count == side else {
        throw DecodingError.dataCorruptedError(
          forKey: .counts, in: container, debugDescription: "the matrix is not square")
      }
      for (reported, count) in row.enumerated() where count != 0 {
        cells[truth * side + reported] = count
      }
    }
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
