/// Whether the orientation noted in a file turns the decoded picture.
///
/// Darknet built with stb_image ignores the note, built with OpenCV it applies it.
public enum OrientationMode: String, Sendable, Hashable, Codable, CaseIterable {
  case apply, ignore
}

/// Which way up the stored rows and columns are, numbered as in Exif.
///
/// Each name says what the *stored* picture needs to be seen upright.
public enum Orientation: Int, Sendable, Hashable, CaseIterable {
  case upright = 1
  case mirror, turnAround, flip, transpose, turnRight, transverse, turnLeft

  /// Rows of the stored picture become columns.
  var swapsAxes: Bool { rawValue >= 5 }
}

extension Bitmap {
  /// The picture the right way up; width and height change places for the last four cases.
  public func oriented(_ orientation: Orientation) -> Bitmap {
    guard orientation != .upright else { return self }
    let (w, h) = (width, height)
    // Where the first pixel of the result is stored, and how far apart its neighbors are.
    let (start, right, down) =
      switch orientation {
      case .upright: (0, 1, w)
      case .mirror: (w - 1, -1, w)
      case .turnAround: (w * h - 1, -1, -w)
      case .flip: (w * (h - 1), 1, -w)
      case .transpose: (0, w, 1)
      case .turnRight: (w * (h - 1), -w, 1)
      case .transverse: (w * h - 1, -w, -1)
      case .turnLeft: (w - 1, w, -1)
      }
    let size = orientation.swapsAxes ? (w: h, h: w) : (w: w, h: h)
    let turned = [UInt8](unsafeUninitializedCapacity: bytes.count) { target, count in
      bytes.withUnsafeBufferPointer { source in
        var out = target.baseAddress!
        for y in 0..<size.h {
          for x in 0..<size.w {
            let pixel = source.baseAddress! + (start + x * right + y * down) * channels
            for c in 0..<channels { out[c] = pixel[c] }
            out += channels
          }
        }
      }
      count = bytes.count
    }
    return Bitmap(width: size.w, height: size.h, channels: channels, bytes: turned)
  }
}
