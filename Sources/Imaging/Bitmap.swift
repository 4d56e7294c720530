/// A picture as files and screens hold it: 8 bits per channel, interleaved, rows top to bottom.
public struct Bitmap: Sendable, Hashable {
  public let width: Int
  public let height: Int
  /// 3 (R, G, B) or 1 (grey).
  public let channels: Int
  public var bytes: [UInt8]

  /// - Precondition: sizes are positive, `channels` is 1 or 3, and the byte count fits them.
  public init(width: Int, height: Int, channels: Int = 3, bytes: [UInt8]) {
    precondition(width > 0 && height > 0, "a bitmap has at least one pixel")
    precondition(channels == 1 || channels == 3, "a bitmap is grey (1) or RGB (3)")
    precondition(
      bytes.count == width * height * channels,
      "\(bytes.count) bytes do not make \(width)x\(height) pixels of \(channels)")
    self.width = width
    self.height = height
    self.channels = channels
    self.bytes = bytes
  }

  /// The same picture with three channels, grey values repeated.
  public func expandedToRGB() -> Bitmap {
    guard channels == 1 else { return self }
    let rgb = [UInt8](unsafeUninitializedCapacity: bytes.count * 3) { target, count in
      for (i, grey) in bytes.enumerated() {
        target[3 * i] = grey
        target[3 * i + 1] = grey
        target[3 * i + 2] = grey
      }
      count = bytes.count * 3
    }
    return Bitmap(width: width, height: height, bytes: rgb)
  }

  /// The same picture with one channel, weighted as stb_image does: 77, 150 and 29 of 256.
  func reducedToGrey() -> Bitmap {
    guard channels == 3 else { return self }
    let grey = [UInt8](unsafeUninitializedCapacity: width * height) { target, count in
      for i in 0..<width * height {
        let (r, g, b) = (Int(bytes[3 * i]), Int(bytes[3 * i + 1]), Int(bytes[3 * i + 2]))
        target[i] = UInt8((77 * r + 150 * g + 29 * b) >> 8)
      }
      count = width * height
    }
    return Bitmap(width: width, height: height, channels: 1, bytes: grey)
  }
}

extension Bitmap: CustomStringConvertible {
  /// The size only; pixels would fill the screen.
  public var description: String { "Bitmap \(width)x\(height)x\(channels)" }
}
