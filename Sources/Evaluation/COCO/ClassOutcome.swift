/// What became of every detection of one class at COCO's ten IoUs, objects of one size counting.
struct ClassOutcome {
  /// NumPy's `linspace(.5, .95, 10)`, to the last bit.
  static let thresholds = (0..<9).map { Double($0) * ((0.95 - 0.5) / 9) + 0.5 } + [0.95]
  /// Detections of an image beyond these count for nothing.
  private static let mostDetections = 100

  private struct Judged {
    let confidence: Double
    /// Its place among those of its image.
    let rank: Int
    /// A bit for each IoU.
    var hits: UInt16 = 0
    var ignored: UInt16 = 0
  }

  /// In the order of images, most confident first within each.
  private var judged: [Judged] = []
  private var truths = 0

  init(_ images: [ClassInImage], area: AreaRange) {
    for image in images {
      let isIgnored = image.truths.map { $0.isCrowd || !area.contains($0.area) }
      truths += isIgnored.count { !$0 }
      var some = image.detections.prefix(Self.mostDetections).enumerated().map {
        Judged(confidence: $1.confidence, rank: $0)
      }
      for (place, threshold) in Self.thresholds.enumerated() {
        let matches = image.matches(
          threshold: threshold, limit: Self.mostDetections, isIgnored: isIgnored)
        for (index, match) in matches.enumerated() {
          let countsForNothing =
            match.truth == nil
            ? !area.contains(image.detections[index].rect.area) : match.isIgnored
          if countsForNothing {
            some[index].ignored |= 1 << place
          } else if match.truth != nil {
            some[index].hits |= 1 << place
          }
        }
      }
      judged += some
    }
  }

  /// A curve for each IoU; none where the class has no truths of this size.
  ///
  /// - Parameter limit: detections of an image that count, the most confident.
  func curves(limit: Int) -> [COCOCurve] {
    guard truths > 0 else { return [] }
    let ranked = judged.filter { $0.rank < limit }.stablySorted { $0.confidence > $1.confidence }
    return Self.thresholds.indices.map { place in
      let counting = ranked.filter { $0.ignored & 1 << place == 0 }
      return COCOCurve(hits: counting.map { $0.hits & 1 << place != 0 }, truths: truths)
    }
  }
}
