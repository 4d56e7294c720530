/// Pascal VOC's average precision of one class, by the rule of 2007 and by the one since 2010.
///
/// A detection takes the truth of its image that it overlaps most, whether that is still free or not;
/// difficult truths and crowds count for nothing. Boxes are continuous, so that a box of the VOC's
/// own inclusive pixels is one of `xmax - xmin + 1`.
///
/// Source: the VOC devkit's `VOCevaldet.m` (2007: eleven recalls; 2010: the area).
struct VOCPrecision {
  /// Mean of the precisions at the recalls 0, .1, … 1; nil where the class has no truths.
  let eleven: Double?
  /// Area under the curve, precision never rising with recall; nil where the class has no truths.
  let area: Double?

  /// - Parameter threshold: the overlap that makes a match.
  init(_ images: [ClassInImage], threshold: Double) {
    let truths = images.reduce(0) { $0 + $1.truths.count { !$0.isCrowd && !$0.isDifficult } }
    guard truths > 0 else {
      (eleven, area) = (nil, nil)
      return
    }
    let curve = StepCurve(hits: Self.hits(images, threshold), truths: truths)
    eleven = curve.meanPrecision(recalls: 11)
    area = curve.area
  }

  /// Of the detections that count, most confident first, whether each found a truth.
  private static func hits(_ images: [ClassInImage], _ threshold: Double) -> [Bool] {
    var isTaken = images.map { Array(repeating: false, count: $0.truths.count) }
    let ranked = images.indices.flatMap { image in
      images[image].detections.indices.map { (image: image, detection: $0) }
    }.stablySorted {
      images[$0.image].detections[$0.detection].confidence
        > images[$1.image].detections[$1.detection].confidence
    }
    return ranked.compactMap { image, detection in
      let here = images[image]
      let first = here.overlaps(detection).reduce(ClassInImage.Overlap?.none) { best, overlap in
        overlap.value > (best?.value ?? 0) ? overlap : best
      }
      guard let first, first.value >= threshold else { return false }
      let best = first.truth
      guard !here.truths[best].isCrowd, !here.truths[best].isDifficult else { return nil }
      defer { isTaken[image][best] = true }
      return !isTaken[image][best]
    }
  }
}
