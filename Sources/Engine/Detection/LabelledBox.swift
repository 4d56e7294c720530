/// An object that somebody marked in an image, in shares of the image.
public struct LabelledBox: Hashable, Sendable, Codable {
  public var classIndex: Int
  /// Centre and size, 0 to 1.
  public var box: Box
  /// Whether evaluation leaves it out: Pascal VOC's `difficult`.
  public var isDifficult: Bool
  /// Whether it covers a group of objects: COCO's `iscrowd`.
  public var isCrowd: Bool

  public init(classIndex: Int, box: Box, isDifficult: Bool = false, isCrowd: Bool = false) {
    self.classIndex = classIndex
    self.box = box
    self.isDifficult = isDifficult
    self.isCrowd = isCrowd
  }
}
