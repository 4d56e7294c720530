/// A box to draw and what to write on it. Pixels of the picture; it may lie partly or all outside.
public struct Annotation: Sendable, Hashable {
  public var label: String
  /// 0 to 1, written as a percentage; nothing is written for NaN.
  public var confidence: Float
  /// Decides the color: the same class has the same color in every picture.
  public var classIndex: Int
  /// Left edge.
  public var x: Float
  /// Top edge.
  public var y: Float
  public var width: Float
  public var height: Float

  public init(
    label: String, confidence: Float, classIndex: Int, x: Float, y: Float, width: Float,
    height: Float
  ) {
    self.label = label
    self.confidence = confidence
    self.classIndex = classIndex
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }
}
