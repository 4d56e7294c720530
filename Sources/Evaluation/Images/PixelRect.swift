public import PenumbraEngine

/// A box by its left upper corner, in pixels, in the precision that COCO's files are compared in.
public struct PixelRect: Hashable, Sendable, Codable {
  public var left: Double
  public var top: Double
  public var width: Double
  public var height: Double

  public init(left: Double, top: Double, width: Double, height: Double) {
    self.left = left
    self.top = top
    self.width = width
    self.height = height
  }

  /// A box in pixels.
  public init(_ box: Box) {
    (width, height) = (Double(box.width), Double(box.height))
    (left, top) = (Double(box.x) - width / 2, Double(box.y) - height / 2)
  }

  /// A box in shares of an image of this size.
  public init(_ box: Box, ofImageWidth imageWidth: Int, height imageHeight: Int) {
    width = Double(box.width) * Double(imageWidth)
    height = Double(box.height) * Double(imageHeight)
    left = Double(box.x) * Double(imageWidth) - width / 2
    top = Double(box.y) * Double(imageHeight) - height / 2
  }

  public var area: Double { width * height }

  var isFinite: Bool { left.isFinite && top.isFinite && width.isFinite && height.isFinite }

  /// The part of it in an image of this size; of no size where there is none.
  public func clipped(width imageWidth: Int, height imageHeight: Int) -> PixelRect {
    let (imageWidth, imageHeight) = (Double(imageWidth), Double(imageHeight))
    let (left, top) = (
      min(max(self.left, 0), imageWidth), min(max(self.top, 0), imageHeight)
    )
    let (right, bottom) = (
      min(self.left + width, imageWidth), min(self.top + height, imageHeight)
    )
    return PixelRect(
      left: left, top: top, width: max(right - left, 0), height: max(bottom - top, 0))
  }

  /// Intersection over union; over this box's own area where the other one is a crowd, which may well
  /// reach far beyond it. 0 where they do not meet.
  ///
  /// Source: `bbIou` of cocoapi's `maskApi.c`.
  public func overlap(_ other: PixelRect, isCrowd: Bool = false) -> Double {
    let width = min(left + self.width, other.left + other.width) - max(left, other.left)
    guard width > 0 else { return 0 }
    let height = min(top + self.height, other.top + other.height) - max(top, other.top)
    guard height > 0 else { return 0 }
    let intersection = width * height
    return intersection / (isCrowd ? area : area + other.area - intersection)
  }
}
