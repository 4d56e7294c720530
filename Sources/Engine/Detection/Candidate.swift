/// A box that a head proposes, with a probability for every class.
public struct Candidate: Hashable, Sendable {
  /// In fractions of the network's input as a head proposes it, of the picture once `ImageFit` has
  /// mapped it.
  public var box: Box
  public let objectness: Float
  /// One a class; 0 where it does not exceed the threshold or was suppressed.
  public var probabilities: [Float]

  public init(box: Box, objectness: Float, probabilities: [Float]) {
    self.box = box
    self.objectness = objectness
    self.probabilities = probabilities
  }
}
