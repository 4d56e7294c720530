/// The COCO evaluation of boxes.
///
/// Equal to that of pycocotools, class `COCOeval` with `iouType="bbox"`, whose algorithm this is. One
/// difference: an annotation with the id 0 is a truth like any other, where pycocotools never counts it
/// as found.
struct COCOEvaluation {
  let scores: COCOScores
  let classes: [COCOClassScores]

  init(_ groups: [[ClassInImage]]) {
    let all = groups.map { ClassOutcome($0, area: .all) }
    let curves = all.map { $0.curves(limit: 100) }
    var scores = COCOScores()
    scores.ap = Self.meanPrecision(curves)
    scores.ap50 = Self.meanPrecision(curves, at: 0)
    scores.ap75 = Self.meanPrecision(curves, at: 5)
    scores.ar1 = Self.meanRecall(all.map { $0.curves(limit: 1) })
    scores.ar10 = Self.meanRecall(all.map { $0.curves(limit: 10) })
    scores.ar100 = Self.meanRecall(curves)
    for (area, ap, ar) in [
      (AreaRange.small, \COCOScores.apSmall, \COCOScores.arSmall),
      (.medium, \.apMedium, \.arMedium), (.large, \.apLarge, \.arLarge),
    ] {
      let curves = groups.map { ClassOutcome($0, area: area).curves(limit: 100) }
      scores[keyPath: ap] = Self.meanPrecision(curves)
      scores[keyPath: ar] = Self.meanRecall(curves)
    }
    self.scores = scores
    classes = curves.map {
      COCOClassScores(
        ap: Self.meanPrecision([$0]), ap50: Self.meanPrecision([$0], at: 0),
        ap75: Self.meanPrecision([$0], at: 5), ar100: Self.meanRecall([$0]))
    }
  }

  /// Over all classes that have truths, all IoUs (or the one at a place in their list) and 101 recalls.
  private static func meanPrecision(_ curves: [[COCOCurve]], at iou: Int? = nil) -> Double {
    let precisions = curves.flatMap { curves in
      curves.indices.filter { iou == nil || $0 == iou }.flatMap { curves[$0].precisions }
    }
    return mean(precisions)
  }

  private static func meanRecall(_ curves: [[COCOCurve]]) -> Double {
    mean(curves.flatMap { $0.map(\.recall) })
  }

  private static func mean(_ values: [Double]) -> Double {
    values.isEmpty ? -1 : values.reduce(0, +) / Double(values.count)
  }
}

/// Which objects count, by their area in square pixels; both ends belong to it.
struct AreaRange: Hashable {
  let least: Double
  let most: Double

  static let all = AreaRange(least: 0, most: 1e10)
  static let small = AreaRange(least: 0, most: 32 * 32)
  static let medium = AreaRange(least: 32 * 32, most: 96 * 96)
  static let large = AreaRange(least: 96 * 96, most: 1e10)

  func contains(_ area: Double) -> Bool { area >= least && area <= most }
}

/// Precision at 101 recalls, and the highest recall, at one IoU.
struct COCOCurve: Hashable {
  let precisions: [Double]
  let recall: Double

  /// NumPy's `linspace(0, 1, 101)`, to the last bit.
  private static let recalls = (0..<100).map { Double($0) * (1.0 / 100) } + [1]

  /// - Parameters:
  ///   - hits: of the detections that count, most confident first, whether each found a truth.
  ///   - truths: not 0.
  init(hits: [Bool], truths: Int) {
    let curve = StepCurve(hits: hits, truths: truths)
    precisions = curve.precisions(atRecalls: Self.recalls)
    recall = curve.highestRecall
  }
}
