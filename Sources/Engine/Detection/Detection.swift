/// A box found in an image, in pixels of that image.
public struct Detection: Hashable, Sendable, Codable {
  public let classIndex: Int
  /// Objectness times the class's probability, 0 to 1.
  public let confidence: Float
  /// The same without the class.
  public let objectness: Float
  /// In pixels; may reach beyond the image.
  public let box: Box
  /// The box's place among those of its image, in the order in which Darknet's suppression leaves
  /// them; the detections of one box for several classes share it. Nil where that is unknown.
  public let order: Int?

  public init(
    classIndex: Int, confidence: Float, objectness: Float, box: Box, order: Int? = nil
  ) {
    self.classIndex = classIndex
    self.confidence = confidence
    self.objectness = objectness
    self.box = box
    self.order = order
  }
}

/// Which boxes count as found.
public struct DetectionOptions: Hashable, Sendable {
  /// The confidence a box must exceed.
  public var threshold: Float
  /// The overlap above which the less probable of two boxes is dropped; nil keeps all.
  public var overlap: Float?
  /// Whether boxes of different classes suppress each other.
  public var isClassAgnostic: Bool
  /// The most boxes of one image, the most probable ones; nil keeps all.
  public var limit: Int?
  /// Replaces what the network's last head asks for.
  public var suppression: Suppression?

  public init(
    threshold: Float = 0.25, overlap: Float? = 0.45, isClassAgnostic: Bool = false,
    limit: Int? = nil, suppression: Suppression? = nil
  ) {
    self.threshold = threshold
    self.overlap = overlap
    self.isClassAgnostic = isClassAgnostic
    self.limit = limit
    self.suppression = suppression
  }
}

/// How an image was fitted into the network's input, to be undone on the boxes.
///
/// Source: Darknet `box.c` (`correct_yolo_boxes`), with its real-valued half of the margin.
public struct ImageFit: Hashable, Sendable {
  public let imageWidth: Int
  public let imageHeight: Int
  /// The fraction of the input's sides that the image takes, and half of what is left.
  private let scale: (x: Float, y: Float)
  private let margin: (x: Float, y: Float)

  /// - Parameter isLetterboxed: whether the image keeps its proportions inside a grey frame.
  public init(imageWidth: Int, imageHeight: Int, network: Shape, isLetterboxed: Bool) {
    self.imageWidth = imageWidth
    self.imageHeight = imageHeight
    var (width, height) = (network.width, network.height)
    if isLetterboxed {
      // A side that would round to nothing keeps one pixel, as in `Placement`.
      if Float(width) / Float(imageWidth) < Float(height) / Float(imageHeight) {
        height = min(max(imageHeight * width / imageWidth, 1), height)
      } else {
        width = min(max(imageWidth * height / imageHeight, 1), width)
      }
    }
    scale = (Float(width) / Float(network.width), Float(height) / Float(network.height))
    margin = (
      Float(network.width - width) / 2 / Float(network.width),
      Float(network.height - height) / 2 / Float(network.height)
    )
  }

  /// From fractions of the network's input to fractions of the image.
  public func fractions(_ box: Box) -> Box {
    Box(
      x: (box.x - margin.x) / scale.x, y: (box.y - margin.y) / scale.y,
      width: box.width / scale.x, height: box.height / scale.y)
  }

  /// From fractions of the image to its pixels.
  public func scaled(_ box: Box) -> Box {
    Box(
      x: box.x * Float(imageWidth), y: box.y * Float(imageHeight),
      width: box.width * Float(imageWidth), height: box.height * Float(imageHeight))
  }

  /// From fractions of the network's input to pixels of the image.
  public func pixels(_ box: Box) -> Box { scaled(fractions(box)) }

  public static func == (a: ImageFit, b: ImageFit) -> Bool {
    a.imageWidth == b.imageWidth && a.imageHeight == b.imageHeight && a.scale == b.scale
      && a.margin == b.margin
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(imageWidth)
    hasher.combine(imageHeight)
    hasher.combine(scale.x)
    hasher.combine(scale.y)
  }
}
