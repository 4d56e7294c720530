public import PenumbraEngine
public import PenumbraImaging

/// One picture as the network learns from it: fitted to its input, with what it should answer.
public struct Example: Sendable {
  /// Of the network's input size.
  public var image: Image
  /// In shares of `image`.
  public var boxes: [LabelledBox]
  /// What a classifier should answer, one share a class; nil for detectors.
  public var classShares: [Float]?

  public init(image: Image, boxes: [LabelledBox] = [], classShares: [Float]? = nil) {
    self.image = image
    self.boxes = boxes
    self.classShares = classShares
  }
}

/// An endless stream of examples, of which each is a function of its number alone, so that a run can
/// be resumed anywhere and does not depend on the number of threads.
public protocol ExampleSource: Sendable {
  /// The example of the given number, from 0, at the given size; random choices follow the number.
  ///
  /// Several threads ask at once.
  func example(_ number: Int, width: Int, height: Int) throws -> Example
}
