/// Where a picture lies in a network's input: the numbers that map boxes back.
///
/// Nothing else of this module is needed for that, so the numbers are plain.
/// - Source: Darknet `image.c`, `letterbox_image`, and `yolo_layer.c`, `correct_yolo_boxes`.
public struct Placement: Sendable, Hashable, Codable {
  public let imageWidth: Int
  public let imageHeight: Int
  public let networkWidth: Int
  public let networkHeight: Int
  public let letterbox: Bool
  /// The picture's size in the network input, by integer division; the whole input if stretched.
  public let newWidth: Int
  public let newHeight: Int

  /// - Note: a picture so long and thin that a side would round to 0 keeps one pixel there;
  ///   Darknet would show the network nothing but grey.
  public init(
    imageWidth: Int, imageHeight: Int, networkWidth: Int, networkHeight: Int, letterbox: Bool
  ) {
    precondition(
      min(imageWidth, imageHeight, networkWidth, networkHeight) > 0, "sizes are positive")
    self.imageWidth = imageWidth
    self.imageHeight = imageHeight
    self.networkWidth = networkWidth
    self.networkHeight = networkHeight
    self.letterbox = letterbox
    let widthDecides =
      Float(networkWidth) / Float(imageWidth) < Float(networkHeight) / Float(imageHeight)
    if !letterbox {
      (newWidth, newHeight) = (networkWidth, networkHeight)
    } else if widthDecides {
      newWidth = networkWidth
      newHeight = min(max(imageHeight * networkWidth / imageWidth, 1), networkHeight)
    } else {
      newWidth = min(max(imageWidth * networkHeight / imageHeight, 1), networkWidth)
      newHeight = networkHeight
    }
  }

  /// Network pixels left of the picture when it is pasted.
  ///
  /// Correcting boxes uses the real half of the margin instead, see `correct_yolo_boxes`.
  public var left: Int { (networkWidth - newWidth) / 2 }
  /// Network pixels above the picture when it is pasted.
  public var top: Int { (networkHeight - newHeight) / 2 }
}
