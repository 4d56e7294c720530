/// What every metric relies on, checked once before any is computed.
extension [EvaluatedImage] {
  /// - Throws: `EvaluationError` for the first thing that cannot be evaluated.
  func check(classes: Int) throws(EvaluationError) {
    guard classes > 0 else { throw EvaluationError(.noClasses) }
    var seen: Set<Int> = []
    for image in self {
      let place = image.name.isEmpty ? "image \(image.id)" : image.name
      guard seen.insert(image.id).inserted else {
        throw EvaluationError(.repeatedImage(id: image.id), in: place)
      }
      for (index, truth) in image.truths.enumerated() {
        let fault = Self.fault(
          truth.classIndex, truth.rect, number: truth.area, classes, "truth \(index + 1)")
        if let fault { throw EvaluationError(fault, in: place) }
      }
      for (index, found) in image.detections.enumerated() {
        let fault = Self.fault(
          found.classIndex, found.rect, number: found.confidence, classes,
          "detection \(index + 1)")
        if let fault { throw EvaluationError(fault, in: place) }
      }
    }
  }

  private static func fault(
    _ classIndex: Int, _ rect: PixelRect, number: Double, _ classes: Int, _ what: String
  ) -> EvaluationError.Reason? {
    guard (0..<classes).contains(classIndex) else {
      return .classOutOfRange(found: classIndex, classes: classes, what: what)
    }
    guard rect.isFinite, number.isFinite else { return .notFinite(what: what) }
    return rect.width < 0 || rect.height < 0 ? .negativeSize(what: what) : nil
  }
}
