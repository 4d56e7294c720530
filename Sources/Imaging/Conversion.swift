extension Image {
  /// The planes of a bitmap, each byte divided by 255 in float32.
  public init(_ bitmap: Bitmap) {
    let channels = bitmap.channels
    let plane = bitmap.width * bitmap.height
    let pixels = [Float](unsafeUninitializedCapacity: plane * channels) { target, count in
      bitmap.bytes.withUnsafeBufferPointer { source in
        for channel in 0..<channels {
          let out = target.baseAddress! + channel * plane
          let first = source.baseAddress! + channel
          for i in 0..<plane { out[i] = Float(first[i * channels]) / 255 }
        }
      }
      count = plane * channels
    }
    self.init(width: bitmap.width, height: bitmap.height, channels: channels, pixels: pixels)
  }

  /// This image with one or three channels.
  ///
  /// Grey is repeated; color becomes luma with the weights 77, 150 and 29 of 256, as stb_image
  /// uses them when it is asked for one channel.
  /// - Throws: `ImageError.Reason.unsupportedChannels` for any other change of the count.
  public func converted(toChannels wanted: Int) throws(ImageError) -> Image {
    switch (channels, wanted) {
    case (wanted, _):
      return self
    case (1, 3):
      return Image(width: width, height: height, channels: 3, pixels: pixels + pixels + pixels)
    case (3, 1):
      return Image(width: width, height: height, channels: 1, pixels: luma())
    default:
      throw ImageError(.unsupportedChannels(found: channels, wanted: wanted), path: "network input")
    }
  }

  private func luma() -> [Float] {
    let plane = planeCount
    return [Float](unsafeUninitializedCapacity: plane) { target, count in
      pixels.withUnsafeBufferPointer { source in
        for i in 0..<plane {
          let weighted = 77 * source[i] + 150 * source[plane + i] + 29 * source[2 * plane + i]
          target[i] = weighted / 256
        }
      }
      count = plane
    }
  }
}

extension Bitmap {
  /// The nearest bytes of an image with one or three channels; values outside 0 to 1 are clamped.
  ///
  /// - Precondition: `image.channels` is 1 or 3.
  public init(_ image: Image) {
    let channels = image.channels
    let plane = image.width * image.height
    let bytes = [UInt8](unsafeUninitializedCapacity: plane * channels) { target, count in
      image.pixels.withUnsafeBufferPointer { source in
        for channel in 0..<channels {
          for i in 0..<plane {
            target[i * channels + channel] = nearestByte(source[channel * plane + i])
          }
        }
      }
      count = plane * channels
    }
    self.init(width: image.width, height: image.height, channels: channels, bytes: bytes)
  }
}

/// 0 for what is no number.
private func nearestByte(_ value: Float) -> UInt8 {
  value > 0 ? UInt8(min(value, 1) * 255 + 0.5) : 0
}
