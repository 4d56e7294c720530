public import PenumbraData

/// Where the images of each iteration come from.
public protocol BatchSource: AnyObject {
  /// Images of the data set; nil where there is no end of them.
  var imageCount: Int? { get }
  /// The largest size that an iteration can have.
  var largestSize: (width: Int, height: Int) { get }
  /// The images of an iteration, from 0, all of one size.
  func examples(iteration: Int) throws -> [Example]
}
