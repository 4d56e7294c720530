public import PenumbraSupport

/// How a file becomes pixels.
public struct DecodingOptions: Sendable, Hashable {
  /// 3 for R, G, B or 1 for grey; alpha is dropped, not blended.
  public var channels: Int
  public var orientation: OrientationMode
  public var limits: DecodingLimits
  /// Whether pipes and devices are read.
  public var source: FileSource

  public init(
    channels: Int = 3, orientation: OrientationMode = .apply,
    limits: DecodingLimits = DecodingLimits(), source: FileSource = .named
  ) {
    self.channels = channels
    self.orientation = orientation
    self.limits = limits
    self.source = source
  }
}

/// How large a picture may be; checked against the header, before pixels are allocated.
public struct DecodingLimits: Sendable, Hashable, Codable {
  /// Pixels of the longer side; the decoder itself stops at 65535.
  public var side: Int
  /// Pixels in all.
  public var pixels: Int
  /// Length of the file.
  public var fileBytes: Int

  public init(side: Int = 65535, pixels: Int = 1 << 28, fileBytes: Int = 1 << 30) {
    self.side = side
    self.pixels = pixels
    self.fileBytes = fileBytes
  }

  func allow(width: Int, height: Int) -> Bool {
    max(width, height) <= side && width * height <= pixels
  }
}
