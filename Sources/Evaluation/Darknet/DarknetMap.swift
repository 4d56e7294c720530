/// What Darknet's `detector map` computes, by its own rules.
///
/// They differ from the field's: a detection is matched with the truth of its class that it overlaps
/// most, whether that is still free or not; the mean runs over all classes, those without truths
/// counting 0; and the summary at a threshold calls a detection found unless an earlier record of the
/// image has the same truth, in the order that Darknet's suppression leaves, which is by confidence
/// wherever boxes have one class each. Difficult truths and crowds stand for Darknet's second list:
/// what overlaps one and nothing else counts for nothing, except in the summary, where it is false.
///
/// Source: AlexeyAB's `detector.c` (`validate_detector_map`).
public struct DarknetMap: Hashable, Sendable, Codable {
  public struct Class: Hashable, Sendable, Codable {
    public let ap: Double
    /// At the threshold.
    public let truePositives: Int
    public let falsePositives: Int

    enum CodingKeys: String, CodingKey {
      case ap
      case truePositives = "true_positives"
      case falsePositives = "false_positives"
    }
  }

  /// One a class, in their order.
  public let classes: [Class]
  /// The mean over all classes.
  public let map: Double
  /// The overlap that a match exceeds.
  public let iou: Double
  /// The confidence that counts in the summary exceeds this.
  public let threshold: Double
  /// How many recalls precision is read at; 0 for the area under the curve.
  public let points: Int
  public let detections: Int
  public let truths: Int
  public let truePositives: Int
  public let falsePositives: Int
  public let falseNegatives: Int
  public let precision: Double
  public let recall: Double
  public let f1: Double
  /// The sum of the overlaps of what was found, divided by all that was reported.
  public let averageIoU: Double

  enum CodingKeys: String, CodingKey {
    case classes, map, iou, threshold, points, detections, truths, precision, recall, f1
    case truePositives = "true_positives"
    case falsePositives = "false_positives"
    case falseNegatives = "false_negatives"
    case averageIoU = "average_iou"
  }

  /// - Parameter points: 0, or 2 or more: Darknet divides by one less.
  init(
    _ images: [EvaluatedImage], classes: Int, iou: Double, threshold: Double, points: Int
  ) {
    var (records, truths) = ([DarknetRecord](), Array(repeating: 0, count: classes))
    for image in images.sorted(by: { $0.id < $1.id }) {
      let counting = image.truths.filter { !$0.isCrowd && !$0.isDifficult }
      let first = truths.reduce(0, +)
      for truth in counting { truths[truth.classIndex] += 1 }
      records += DarknetRecord.records(
        of: image, counting, firstTruth: first, iou: iou, threshold: threshold)
    }
    var perClass = [[DarknetRecord]](repeating: [], count: classes)
    for record in records { perClass[record.classIndex].append(record) }
    self.classes = zip(perClass, truths).map { records, truths in
      let summed = records.filter { $0.confidence > threshold }
      return Class(
        ap: Self.precision(records, truths: truths, points: points),
        truePositives: summed.count { $0.isFound }, falsePositives: summed.count { !$0.isFound })
    }
    map = self.classes.reduce(0) { $0 + $1.ap } / Double(classes)
    (self.iou, self.threshold, self.points) = (iou, threshold, points)
    detections = records.count { !$0.isLeftOut }
    self.truths = truths.reduce(0, +)
    truePositives = self.classes.reduce(0) { $0 + $1.truePositives }
    falsePositives = self.classes.reduce(0) { $0 + $1.falsePositives }
    falseNegatives = self.truths - truePositives
    precision = Self.share(truePositives, of: truePositives + falsePositives)
    recall = Self.share(truePositives, of: self.truths)
    f1 = precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
    let overlaps = records.reduce(0) {
      $0 + ($1.confidence > threshold && $1.isFound ? $1.overlap : 0)
    }
    let reported = truePositives + falsePositives
    averageIoU = reported > 0 ? overlaps / Double(reported) : 0
  }

  private static func share(_ part: Int, of whole: Int) -> Double {
    whole > 0 ? Double(part) / Double(whole) : 0
  }

  private static func precision(_ records: [DarknetRecord], truths: Int, points: Int) -> Double {
    guard truths > 0 else { return 0 }
    var taken: Set<Int> = []
    let hits = records.filter { !$0.isLeftOut }.stablySorted { $0.confidence > $1.confidence }
      .map { record in record.truth.map { taken.insert($0).inserted } ?? false }
    let curve = StepCurve(hits: hits, truths: truths)
    return points > 1 ? curve.meanPrecision(recalls: points) : curve.area
  }
}
