import PenumbraEvaluation

/// An object at left, top, width, height.
func truth(
  _ x: Double, _ y: Double, _ width: Double, _ height: Double, class index: Int = 0,
  area: Double? = nil, isCrowd: Bool = false, isDifficult: Bool = false
) -> Truth {
  Truth(
    classIndex: index, rect: PixelRect(left: x, top: y, width: width, height: height), area: area,
    isCrowd: isCrowd, isDifficult: isDifficult)
}

/// A detection at left, top, width, height.
func found(
  _ confidence: Double, _ x: Double, _ y: Double, _ width: Double, _ height: Double,
  class index: Int = 0
) -> ScoredRect {
  ScoredRect(
    classIndex: index, rect: PixelRect(left: x, top: y, width: width, height: height),
    confidence: confidence)
}

func image(
  _ truths: [Truth], _ detections: [ScoredRect], id: Int = 0, name: String = ""
) -> EvaluatedImage {
  EvaluatedImage(
    id: id, name: name, width: 640, height: 480, truths: truths, detections: detections)
}

/// The scores of some images.
func scores(
  _ images: EvaluatedImage..., classes: Int = 1, options: EvaluationOptions = EvaluationOptions()
) throws -> DetectionScores {
  try evaluateDetections(images, classes: classes, options: options).scores
}

func isNear(_ a: Double?, _ b: Double) -> Bool { a.map { abs($0 - b) < 1e-12 } ?? false }

/// Two truths; detections that are right, wrong, right, each less sure than the one before.
let rightWrongRight = image(
  [truth(0, 0, 50, 50), truth(100, 0, 50, 50)],
  [found(0.9, 0, 0, 50, 50), found(0.8, 300, 300, 50, 50), found(0.7, 100, 0, 50, 50)])

/// Two truths side by side that share two thirds, and detections that both overlap the first most.
let sideBySide = image(
  [truth(0, 0, 10, 10), truth(2, 0, 10, 10)],
  [found(0.9, 0, 0, 10, 10), found(0.8, 0.5, 0, 10, 10)])
