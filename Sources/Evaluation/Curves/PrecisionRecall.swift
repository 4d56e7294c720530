/// How good detections are when only the confident ones count.
public struct OperatingPoint: Hashable, Sendable, Codable {
  /// Detections above this confidence count.
  public let threshold: Double
  public let truePositives: Int
  public let falsePositives: Int
  public let falseNegatives: Int
  /// True positives by all detections; 0 where there are none.
  public let precision: Double
  /// True positives by all truths; 0 where there are none.
  public let recall: Double
  /// Harmonic mean of precision and recall.
  public let f1: Double
  /// Mean IoU of the true positives; 0 where there are none.
  public let averageIoU: Double

  enum CodingKeys: String, CodingKey {
    case threshold, precision, recall, f1
    case truePositives = "true_positives"
    case falsePositives = "false_positives"
    case falseNegatives = "false_negatives"
    case averageIoU = "average_iou"
  }

  init(
    threshold: Double, truePositives: Int, falsePositives: Int, truths: Int, overlaps: Double
  ) {
    self.threshold = threshold
    self.truePositives = truePositives
    self.falsePositives = falsePositives
    falseNegatives = truths - truePositives
    let reported = truePositives + falsePositives
    precision = reported > 0 ? Double(truePositives) / Double(reported) : 0
    recall = truths > 0 ? Double(truePositives) / Double(truths) : 0
    f1 = reported + truths > 0 ? 2 * Double(truePositives) / Double(reported + truths) : 0
    averageIoU = truePositives > 0 ? overlaps / Double(truePositives) : 0
  }
}

/// Precision and recall of one class, or of several together, as the threshold falls.
///
/// Matching is COCO's at one IoU: the most confident first, each with the truth that it overlaps most
/// among those still free; crowds and difficult truths, and what is matched with them, count for nothing.
public struct PrecisionRecallCurve: Hashable, Sendable {
  /// Truths that count.
  public let truths: Int
  /// One for each different confidence, falling.
  public let points: [OperatingPoint]
  /// Detections that count, most confident first.
  private let judged: [JudgedDetection]

  init(_ judged: [JudgedDetection], truths: Int) {
    let ranked = judged.stablySorted { $0.confidence > $1.confidence }
    self.judged = ranked
    self.truths = truths
    var (points, found, overlaps) = ([OperatingPoint](), 0, 0.0)
    for (index, detection) in ranked.enumerated() {
      if let overlap = detection.overlap {
        found += 1
        overlaps += overlap
      }
      let next = index + 1 < ranked.count ? ranked[index + 1].confidence : 0
      guard next < detection.confidence || index + 1 == ranked.count else { continue }
      points.append(
        OperatingPoint(
          // Halfway, so that rounding it for a command line changes nothing.
          threshold: (detection.confidence + min(next, detection.confidence)) / 2,
          truePositives: found, falsePositives: index + 1 - found, truths: truths,
          overlaps: overlaps))
    }
    self.points = points
  }

  /// The curve of several classes together.
  init(merging curves: [PrecisionRecallCurve]) {
    self.init(curves.flatMap(\.judged), truths: curves.reduce(0) { $0 + $1.truths })
  }

  /// The point of the highest F1, of equal ones that of the highest threshold; nil without detections.
  public var best: OperatingPoint? {
    points.reduce(nil) { best, point in point.f1 > (best?.f1 ?? -1) ? point : best }
  }

  /// What counts above a confidence.
  public func point(above threshold: Double) -> OperatingPoint {
    let counting = judged.prefix { $0.confidence > threshold }
    let overlaps = counting.compactMap(\.overlap)
    return OperatingPoint(
      threshold: threshold, truePositives: overlaps.count,
      falsePositives: counting.count - overlaps.count, truths: truths,
      overlaps: overlaps.reduce(0, +))
  }
}

/// A detection that counts, and the overlap with the truth it found.
struct JudgedDetection: Hashable, Sendable {
  let confidence: Double
  let overlap: Double?
}

extension PrecisionRecallCurve {
  /// The curve of one class.
  ///
  /// - Parameter iou: the overlap that makes a match.
  init(_ images: [ClassInImage], iou: Double) {
    var (judged, truths) = ([JudgedDetection](), 0)
    for image in images {
      let isIgnored = image.truths.map { $0.isCrowd || $0.isDifficult }
      truths += isIgnored.count { !$0 }
      let matches = image.matches(threshold: iou, isIgnored: isIgnored)
      for (index, match) in matches.enumerated() where !match.isIgnored {
        judged.append(
          JudgedDetection(
            confidence: image.detections[index].confidence,
            overlap: match.truth.map { image.overlap(index, $0) }))
      }
    }
    self.init(judged, truths: truths)
  }
}
