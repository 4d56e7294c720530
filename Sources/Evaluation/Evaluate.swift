public import PenumbraEngine

/// Judges detections by every metric.
///
/// ```swift
/// let images = labelled.enumerated().map { number, one in
///   EvaluatedImage(
///     id: number, width: one.width, height: one.height, labels: one.boxes,
///     detections: detect(one))
/// }
/// let scores = try evaluateDetections(images, classes: 3).scores
/// print(scores.map50)
/// ```
///
/// Detections should reach down to a confidence of .001 to .005, and be suppressed already.
///
/// - Throws: `EvaluationError` where a class is out of range, a number is not finite, two images share
///   an id, or an option is out of range. No images give scores of nothing.
public func evaluateDetections(
  _ images: [EvaluatedImage], classes: Int, options: EvaluationOptions = EvaluationOptions()
) throws(EvaluationError) -> DetectionEvaluation {
  try options.check()
  try images.check(classes: classes)
  let darknet = DarknetMap(
    images, classes: classes, iou: options.iou, threshold: options.threshold,
    points: options.darknetPoints)
  let images = options.clipsBoxes ? images.map(\.clipped) : images
  let groups = images.byClass(classes)
  let coco = COCOEvaluation(groups)
  let voc = groups.map { VOCPrecision($0, threshold: options.iou) }
  let curves = groups.map { PrecisionRecallCurve($0, iou: options.iou) }
  let all = PrecisionRecallCurve(merging: curves)

  var confusion = ConfusionMatrix(classes: classes, hasBackground: true)
  let outcomes = images.sorted { $0.id < $1.id }.map { image in
    let one = ImageConfusion(image, iou: options.iou, threshold: options.threshold)
    for pair in one.pairs { confusion.add(truth: pair.truth, reported: pair.reported) }
    return one.outcome
  }
  let scores = DetectionScores(
    images: images.count, truths: all.truths,
    detections: images.reduce(0) { $0 + $1.detections.count }, iou: options.iou,
    coco: coco.scores, voc2007: mean(voc.compactMap(\.eleven)),
    voc2010: mean(voc.compactMap(\.area)), darknet: darknet,
    atThreshold: all.point(above: options.threshold), best: all.best,
    classes: groups.indices.map { index in
      DetectionScores.ClassScores(
        index: index, truths: curves[index].truths,
        detections: groups[index].reduce(0) { $0 + $1.detections.count },
        coco: coco.classes[index], voc2007: voc[index].eleven, voc2010: voc[index].area,
        darknet: darknet.classes[index].ap,
        atThreshold: curves[index].point(above: options.threshold), best: curves[index].best)
    }, confusion: confusion)
  return DetectionEvaluation(
    scores: scores, curves: curves, curveOfAll: all, images: outcomes)
}

private func mean(_ values: [Double]) -> Double? {
  values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
}

/// An image with its labels, before a detector has seen it.
public struct LabelledImage: Hashable, Sendable {
  /// For messages and reports: mostly a path.
  public var name: String
  /// Pixels.
  public var width: Int
  public var height: Int
  public var boxes: [LabelledBox]

  public init(name: String, width: Int, height: Int, boxes: [LabelledBox]) {
    self.name = name
    self.width = width
    self.height = height
    self.boxes = boxes
  }
}

/// Judges a detector on labelled images.
///
/// - Parameter detections: finds objects in the image of a number, from 0, in pixels of that image.
/// - Throws: what `detections` throws, and `EvaluationError` as above.
public func evaluate(
  _ images: [LabelledImage], classes: Int, options: EvaluationOptions = EvaluationOptions(),
  detections: (Int, LabelledImage) throws -> [Detection]
) throws -> DetectionEvaluation {
  let evaluated = try images.enumerated().map { number, image in
    EvaluatedImage(
      id: number, name: image.name, width: image.width, height: image.height,
      labels: image.boxes, detections: try detections(number, image))
  }
  return try evaluateDetections(evaluated, classes: classes, options: options)
}
