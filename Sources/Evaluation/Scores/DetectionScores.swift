/// How detections are judged.
public struct EvaluationOptions: Hashable, Sendable {
  /// The overlap that makes a match, wherever a metric does not fix its own.
  public var iou: Double
  /// The confidence that detections exceed in whatever is stated at one threshold.
  public var threshold: Double
  /// How many recalls Darknet's map reads precision at; 0 for the area under the curve.
  public var darknetPoints: Int
  /// Whether boxes are cut at the edges of their image first; Darknet's map never does that.
  public var clipsBoxes: Bool

  public init(
    iou: Double = 0.5, threshold: Double = 0.25, darknetPoints: Int = 0,
    clipsBoxes: Bool = true
  ) {
    self.iou = iou
    self.threshold = threshold
    self.darknetPoints = darknetPoints
    self.clipsBoxes = clipsBoxes
  }

  func check() throws(EvaluationError) {
    guard iou > 0, iou <= 1 else {
      throw EvaluationError(
        .outOfRange(option: "iou", value: "\(iou)", allowed: "more than 0, to 1"))
    }
    guard (0...1).contains(threshold) else {
      throw EvaluationError(
        .outOfRange(option: "threshold", value: "\(threshold)", allowed: "0 to 1"))
    }
    guard darknetPoints == 0 || (2...10_000).contains(darknetPoints) else {
      throw EvaluationError(
        .outOfRange(option: "points", value: "\(darknetPoints)", allowed: "0, or 2 to 10000"))
    }
  }
}

/// What a detector is worth on some images. All shares are 0 to 1.
public struct DetectionScores: Hashable, Sendable, Codable {
  public let images: Int
  /// Crowds and difficult ones not among them.
  public let truths: Int
  public let detections: Int
  /// The overlap that makes a match, wherever a metric does not fix its own.
  public let iou: Double
  public let coco: COCOScores
  /// Means over the classes that have truths; nil where none has. By VOC's rules, at `iou`.
  public let voc2007: Double?
  public let voc2010: Double?
  public let darknet: DarknetMap
  /// All classes together at the threshold, and where F1 is best; nil without detections.
  public let atThreshold: OperatingPoint
  public let best: OperatingPoint?
  public let classes: [ClassScores]
  /// At the threshold.
  public let confusion: ConfusionMatrix

  /// mAP@0.5 as the field states it: COCO's AP50; 0 where no class has truths.
  public var map50: Double { max(coco.ap50, 0) }
  /// mAP@0.5:0.95; 0 where no class has truths.
  public var map: Double { max(coco.ap, 0) }

  enum CodingKeys: String, CodingKey {
    case images, truths, detections, iou, coco, voc2007, voc2010, darknet
    case atThreshold = "at_threshold"
    case best, classes, confusion
  }

  /// One class.
  public struct ClassScores: Hashable, Sendable, Codable {
    public let index: Int
    public let truths: Int
    public let detections: Int
    /// -1 where the class has no truths.
    public let coco: COCOClassScores
    /// By VOC's rules, at the matching overlap; nil where the class has no truths.
    public let voc2007: Double?
    public let voc2010: Double?
    public let darknet: Double
    public let atThreshold: OperatingPoint
    /// Where F1 is best; nil without detections.
    public let best: OperatingPoint?

    enum CodingKeys: String, CodingKey {
      case index, truths, detections, coco, voc2007, voc2010, darknet
      case atThreshold = "at_threshold"
      case best
    }
  }
}

/// The scores, with what reports draw.
public struct DetectionEvaluation: Sendable {
  public let scores: DetectionScores
  /// One a class, at the matching overlap.
  public let curves: [PrecisionRecallCurve]
  public let curveOfAll: PrecisionRecallCurve
  /// In the order of their ids.
  public let images: [ImageOutcome]
}
