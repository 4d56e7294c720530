public import PenumbraEngine

/// An object that is in an image.
public struct Truth: Hashable, Sendable {
  public var classIndex: Int
  public var rect: PixelRect
  /// Square pixels, by which COCO tells small from large: of the object's outline where somebody drew
  /// one, of the box otherwise.
  public var area: Double
  /// Whether it covers a group of objects: COCO's `iscrowd`.
  public var isCrowd: Bool
  /// Whether nobody is blamed for missing it: Pascal VOC's `difficult`.
  public var isDifficult: Bool

  /// - Parameter area: the box's where nil.
  public init(
    classIndex: Int, rect: PixelRect, area: Double? = nil, isCrowd: Bool = false,
    isDifficult: Bool = false
  ) {
    self.classIndex = classIndex
    self.rect = rect
    self.area = area ?? rect.area
    self.isCrowd = isCrowd
    self.isDifficult = isDifficult
  }

  public init(_ label: LabelledBox, imageWidth: Int, imageHeight: Int) {
    self.init(
      classIndex: label.classIndex,
      rect: PixelRect(label.box, ofImageWidth: imageWidth, height: imageHeight),
      isCrowd: label.isCrowd, isDifficult: label.isDifficult)
  }
}

/// A box that a detector reported.
public struct ScoredRect: Hashable, Sendable {
  public var classIndex: Int
  public var rect: PixelRect
  public var confidence: Double
  /// Its box's place in the order in which Darknet's suppression left the boxes of the image, see
  /// `Detection.order`; nil where that is unknown.
  public var order: Int?

  public init(classIndex: Int, rect: PixelRect, confidence: Double, order: Int? = nil) {
    self.classIndex = classIndex
    self.rect = rect
    self.confidence = confidence
    self.order = order
  }

  public init(_ detection: Detection) {
    self.init(
      classIndex: detection.classIndex, rect: PixelRect(detection.box),
      confidence: Double(detection.confidence), order: detection.order)
  }
}

/// What is in an image, and what a detector found there.
public struct EvaluatedImage: Hashable, Sendable {
  /// Different for every image; images are walked in this order.
  public var id: Int
  /// For messages and reports: mostly a path.
  public var name: String
  /// Pixels.
  public var width: Int
  public var height: Int
  public var truths: [Truth]
  public var detections: [ScoredRect]

  public init(
    id: Int, name: String = "", width: Int, height: Int, truths: [Truth],
    detections: [ScoredRect]
  ) {
    self.id = id
    self.name = name
    self.width = width
    self.height = height
    self.truths = truths
    self.detections = detections
  }

  /// An image whose labels are shares of it and whose detections are in its pixels. Detections that
  /// cannot be evaluated are left out.
  public init(
    id: Int, name: String = "", width: Int, height: Int, labels: [LabelledBox],
    detections: [Detection]
  ) {
    self.init(
      id: id, name: name, width: width, height: height,
      truths: labels.map { Truth($0, imageWidth: width, imageHeight: height) },
      detections: detections.filter(\.canBeEvaluated).map(ScoredRect.init))
  }
}

extension Detection {
  /// Whether every number is finite and no side is negative. Heads that put sizes out as they are, such
  /// as `[detection]`, find boxes that are neither until they are trained.
  public var canBeEvaluated: Bool {
    [box.x, box.y, box.width, box.height, confidence].allSatisfy(\.isFinite) && box.width >= 0
      && box.height >= 0
  }
}

extension EvaluatedImage {
  /// The same with boxes cut at the edges, where the image has a size.
  var clipped: EvaluatedImage {
    guard width > 0, height > 0 else { return self }
    var image = self
    for index in detections.indices {
      image.detections[index].rect = detections[index].rect.clipped(width: width, height: height)
    }
    for index in truths.indices {
      let whole = truths[index]
      let rect = whole.rect.clipped(width: width, height: height)
      image.truths[index].rect = rect
      if whole.area == whole.rect.area { image.truths[index].area = rect.area }
    }
    return image
  }
}
