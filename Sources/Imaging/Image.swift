/// A picture as a network sees it: float32 planes, one after another.
///
/// - Layout: `channels × height × width`; a picture in color has its planes in the order R, G, B.
/// - Range: 0 to 1 for what was decoded from a file.
public struct Image: Sendable, Hashable {
  public let width: Int
  public let height: Int
  public let channels: Int
  public var pixels: [Float]

  /// - Precondition: sizes are positive and `pixels` holds `channels * height * width` values.
  public init(width: Int, height: Int, channels: Int, pixels: [Float]) {
    precondition(width > 0 && height > 0 && channels > 0, "an image has at least one pixel")
    precondition(
      pixels.count == width * height * channels,
      "\(pixels.count) values do not make \(channels) planes of \(width)x\(height)")
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// An image with every value the same.
  public init(width: Int, height: Int, channels: Int, filledWith value: Float) {
    self.init(
      width: width, height: height, channels: channels,
      pixels: [Float](repeating: value, count: width * height * channels))
  }

  /// The value at a place; for tests and tools, not for loops over whole pictures.
  public subscript(channel: Int, row: Int, column: Int) -> Float {
    get { pixels[(channel * height + row) * width + column] }
    set { pixels[(channel * height + row) * width + column] = newValue }
  }

  /// Values of one plane.
  var planeCount: Int { width * height }
}

extension Image: CustomStringConvertible {
  /// The size only; pixels would fill the screen.
  public var description: String { "Image \(width)x\(height)x\(channels)" }
}
