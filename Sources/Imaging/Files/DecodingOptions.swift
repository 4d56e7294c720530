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
  /// Pixels in all; the memory that a decoder may take follows from those of a picture.
  public var pixels: Int
  /// Length of the file.
  public var fileBytes: Int
  /// Scans of a JPEG file, each of which costs a pass over the picture.
  public var scans: Int

  /// More pixels than that the decoders cannot count in 32 bits, whatever `pixels` says.
  public static let highestPixels = 500_000_000

  /// 134 million pixels: photographs of 108 million, and no more than the memory of a small machine.
  public init(
    side: Int = 65535, pixels: Int = 1 << 27, fileBytes: Int = 1 << 30, scans: Int = 500
  ) {
    self.side = side
    self.pixels = pixels
    self.fileBytes = fileBytes
    self.scans = scans
  }

  func allow(width: Int, height: Int) -> Bool {
    max(width, height) <= side && width * height <= min(pixels, Self.highestPixels)
  }

  /// Whether so many scans may pass over a picture: 500 over a photograph, 64 over the largest.
  func allow(scans: Int, width: Int, height: Int) -> Bool {
    scans <= self.scans && scans * width * height <= 64 * min(pixels, Self.highestPixels)
  }
}
