/// A box by its centre and size. The unit is the context's: fractions of the image, or pixels.
public struct Box: Hashable, Sendable, Codable {
  public var x: Float
  public var y: Float
  public var width: Float
  public var height: Float

  public init(x: Float, y: Float, width: Float, height: Float) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  public var left: Float { x - width / 2 }
  public var top: Float { y - height / 2 }
  var isFinite: Bool { x.isFinite && y.isFinite && width.isFinite && height.isFinite }
}

// MARK: Overlap

/// Source of all measures: Darknet `box.c`.
extension Box {
  /// Intersection over union; 0 where the boxes do not meet.
  public func iou(_ other: Box) -> Float {
    let intersection =
      Self.overlap(x, width, other.x, other.width) * Self.overlap(y, height, other.y, other.height)
    let union = width * height + other.width * other.height - intersection
    guard intersection > 0, union != 0 else { return 0 }
    return intersection / union
  }

  /// IoU less a penalty for the distance of the centres: `(d² / c²)^exponent`, with `d` that distance
  /// and `c` the diagonal of the smallest box around both.
  public func diou(_ other: Box, exponent: Double = 0.6) -> Float {
    diou(other, iou: iou(other), exponent: exponent)
  }

  /// The same where the IoU is known.
  func diou(_ other: Box, iou: Float, exponent: Double) -> Float {
    let width = max(x + width / 2, other.x + other.width / 2) - min(left, other.left)
    let height = max(y + height / 2, other.y + other.height / 2) - min(top, other.top)
    let diagonal = width * width + height * height
    guard diagonal != 0 else { return iou }
    let distance = (x - other.x) * (x - other.x) + (y - other.y) * (y - other.y)
    return iou - Float(power(Double(distance / diagonal), exponent))
  }

  private static func overlap(_ x1: Float, _ w1: Float, _ x2: Float, _ w2: Float) -> Float {
    max(0, min(x1 + w1 / 2, x2 + w2 / 2) - max(x1 - w1 / 2, x2 - w2 / 2))
  }
}
