/// A box found in an image, in pixels of that image.
public struct Detection: Hashable, Sendable, Codable {
  public let classIndex: Int
  /// Objectness times the class's probability, 0 to 1.
  public let confidence: Float
  /// The same without the class.
  public let objectness: Float
  /// In pixels; may reach beyond the image.
  public let box: Box

  public init(classIndex: Int, confidence: Float, objectness: Float, box: Box) {
    self.classIndex = classIndex
    self.confidence = confidence
    self.objectness = objectness
    self.box = box
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
  /// The image's share of the input's sides, and half of what is left.
  private let scale: (x: Float, y: Float)
  private let margin: (x: Float, y: Float)

  /// - Parameter isLetterboxed: whether the image keeps its proportions inside a grey frame.
  public init(imageWidth: Int, imageHeight: Int, network: Shape, isLetterboxed: Bool) {
    self.imageWidth = imageWidth
    self.imageHeight = imageHeight
    var (width, height) = (network.width, network.height)
    if isLetterboxed {
      if Float(network.width) / Float(imageWidth) < Float(network.height) / Float(imageHeight) {
        height = imageHeight * network.width / imageWidth
      } else {
        width = imageWidth * network.height / imageHeight
      }
    }
    scale = (
      Float(max(width, 1)) / Float(network.width), Float(max(height, 1)) / Float(network.height)
    )
    margin = (
      Float(network.width - width) / 2 / Float(network.width),
      Float(network.height - height) / 2 / Float(network.height)
    )
  }

  /// From shares of the network's input to pixels of the image.
  public func pixels(_ box: Box) -> Box {
    Box(
      x: (box.x - margin.x) / scale.x * Float(imageWidth),
      y: (box.y - margin.y) / scale.y * Float(imageHeight),
      width: box.width / scale.x * Float(imageWidth),
      height: box.height / scale.y * Float(imageHeight))
  }

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
