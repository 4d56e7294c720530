public import ArgumentParser
import Foundation
import Penumbra
public import PenumbraData
import PenumbraEngine
import PenumbraEvaluation
import PenumbraImaging

/// What makes a match, and what is asked of the result.
struct JudgementOptions: ParsableArguments {
  @Option(help: "The overlap (IoU) that makes a match, where a metric fixes none itself.")
  var iou = 0.5
  @Option(
    name: [.long, .customLong("thresh")],
    help: "The confidence that boxes exceed in what is stated at one threshold.")
  var threshold = 0.25
  @Option(
    help: "Recalls at which Darknet's map reads precision; 0 for the area below the curve.")
  var points = 0
  @Option(
    name: .customLong("require"), parsing: .singleValue,
    help: """
      Fail with exit status 1 where a metric is lower, as METRIC=VALUE, such as map50=0.8: map, map50, \
      map75, voc2007, voc2010, darknet, precision, recall, f1 (the best), iou; top1, top5.
      """)
  var requirements: [MetricRequirement] = []

  func validate() throws {
    guard iou > 0, iou <= 1 else {
      throw ValidationError("--iou is \(iou), expected more than 0, to 1")
    }
    guard (0...1).contains(threshold) else {
      throw ValidationError("--threshold is \(threshold), expected 0 to 1")
    }
    guard points == 0 || (2...10_000).contains(points) else {
      throw ValidationError("--points is \(points), expected 0, or 2 to 10000")
    }
    for requirement in requirements where !Self.metrics.contains(requirement.metric) {
      throw ValidationError(
        "there is no metric '\(requirement.metric)'; there are "
          + Self.metrics.joined(separator: ", "))
    }
    for requirement in requirements where !(0...1).contains(requirement.value) {
      throw ValidationError(
        "--require \(requirement.metric) is \(requirement.value), expected 0 to 1")
    }
  }

  private static let metrics = [
    "map", "map50", "map75", "voc2007", "voc2010", "darknet", "precision", "recall", "f1", "iou",
    "top1", "top5",
  ]
  private static let ofClassifiers: Set = ["top1", "top5"]

  /// - Parameter clipsBoxes: whether boxes are cut at the edges of their image.
  func options(clipsBoxes: Bool) -> EvaluationOptions {
    EvaluationOptions(
      iou: iou, threshold: threshold, darknetPoints: points, clipsBoxes: clipsBoxes)
  }

  /// Checks before hours of work that the metrics which are required exist.
  ///
  /// - Parameter classifies: whether classes are evaluated, not boxes.
  /// - Throws: `UsageError` for a metric of other networks.
  func checkMetrics(classifies: Bool) throws {
    func isKnown(_ metric: String) -> Bool { Self.ofClassifiers.contains(metric) == classifies }
    guard let other = requirements.first(where: { !isKnown($0.metric) }) else { return }
    throw UsageError(
      "there is no metric '\(other.metric)' of \(classifies ? "a classifier" : "a detector")",
      help: "there are " + Self.metrics.filter(isKnown).joined(separator: ", "))
  }

  /// - Throws: exit status 1 after naming what was missed.
  func check(_ metrics: [String: Double]) throws {
    let missed = requirements.filter { !(metrics[$0.metric, default: 0] >= $0.value) }
    for requirement in missed {
      let found = fixed(metrics[requirement.metric, default: 0], 4)
      standardError("\(requirement.metric) is \(found), required \(requirement.value)")
    }
    if !missed.isEmpty { throw ExitCode(Failure.Status.thresholdMissed.rawValue) }
  }
}

/// `METRIC=VALUE`.
struct MetricRequirement: ExpressibleByArgument {
  let metric: String
  let value: Double

  init?(argument: String) {
    let parts = argument.split(separator: "=", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, let value = Double(parts[1]), value.isFinite else {
      return nil
    }
    (metric, self.value) = (String(parts[0]), value)
  }
}

extension DetectionScores {
  /// What `--require` knows.
  var metrics: [String: Double] {
    [
      "map": map, "map50": map50, "map75": max(coco.ap75, 0), "voc2007": voc2007 ?? 0,
      "voc2010": voc2010 ?? 0, "darknet": darknet.map, "precision": atThreshold.precision,
      "recall": atThreshold.recall, "f1": best?.f1 ?? 0, "iou": atThreshold.averageIoU,
    ]
  }
}

extension ClassificationScores {
  /// What `--require` knows.
  var metrics: [String: Double] { ["top1": top1, "top5": top5] }
}

/// The images, and how a network sees them.
struct EvaluationDataOptions: ParsableArguments {
  @Option(help: "The part of DATA: valid or train.") var part = DataSetPart.valid
  @Option(
    help: "Class names, one a line, for a list or folder, which names none itself.",
    completion: .file(extensions: ["names"]))
  var names: String?
  @Option(help: "What to do about faulty labels and pictures: skip or stop.")
  var faults = FaultPolicy.skip
  @Option(
    name: .customLong("min-confidence"),
    help: "Boxes below this confidence are not recorded at all.")
  var leastConfidence: Float = 0.005
  @Option(
    help: "The overlap above which the less confident of two boxes is dropped, 0 to 1.")
  var nms: Float = 0.45
  @Option(help: "How a picture is fitted to the network: as this Darknet does.")
  var preset = Preset.alexeyab
  @Option(help: "Whether the orientation noted in a photograph turns it.")
  var exif = OrientationMode.apply
  @OptionGroup var size: PictureLimits
  @Option(help: "Pictures that go through the network together.") var batch = 1
  @Option(
    name: .customLong("weights-seed"),
    help: "Make up weights from this seed (0 to 2^64 - 1); WEIGHTS is left out then.")
  var seed: UInt64?

  func validate() throws {
    for (name, value) in [("--min-confidence", leastConfidence), ("--nms", nms)]
    where !(0...1).contains(value) {
      throw ValidationError("\(name) is \(value), expected 0 to 1")
    }
    guard (1...1024).contains(batch) else {
      throw ValidationError("--batch is \(batch), expected 1 to 1024")
    }
  }
}

extension FaultPolicy: ExpressibleByArgument {}
