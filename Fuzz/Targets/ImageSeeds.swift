import Penumbra
import PenumbraImaging

/// Small pictures of every format, made here.
enum ImageSeeds {
  static func files(_ format: ImageFormat) -> [[UInt8]] {
    var choices = Choices(seed: 7)
    switch format {
    case .jpeg: return jpegs(&choices)
    case .png: return [1, 3].compactMap { try? bitmap(9, 7, $0, &choices).encoded(as: .png) }
    case .gif: return [gif, gif.map { $0 == 0x3B ? 0x21 : $0 }]
    case .bmp: return [1, 4, 8, 16, 24, 32].map { bmp(7, 5, bits: $0, &choices) }
    case .psd: return [0, 1].map { psd(5, 4, compression: $0, &choices) }
    case .pnm: return pnms(&choices)
    case .tga: return [1, 2, 3, 9, 10, 11].map { tga(6, 5, kind: $0, &choices) }
    }
  }

  static func dictionary(_ format: ImageFormat) -> [String] {
    switch format {
    case .png: ["IHDR", "IDAT", "IEND", "PLTE", "tRNS", "CgBI"]
    case .gif: ["GIF87a", "GIF89a", "!\u{1}", ",", ";"]
    case .psd: ["8BPS"]
    case .pnm: ["P5", "P6", "#", "255", "65535"]
    case .jpeg: ["Exif\0\0", "JFIF\0", "Adobe", "II*\0", "MM\0*"]
    case .bmp, .tga: []
    }
  }

  private static func bitmap(
    _ width: Int, _ height: Int, _ channels: Int, _ choices: inout Choices
  ) -> Bitmap {
    Bitmap(
      width: width, height: height, channels: channels,
      bytes: choices.bytes(width * height * channels))
  }

  /// Sequential ones of both kinds, and one with a note about its orientation.
  private static func jpegs(_ choices: inout Choices) -> [[UInt8]] {
    let plain = [1, 3].flatMap { channels in
      [20, 90].compactMap {
        try? bitmap(17, 9, channels, &choices).encoded(as: .jpeg(quality: $0))
      }
    }
    let exif: [UInt8] =
      [0xFF, 0xE1, 0, 34] + Array("Exif\0\0MM".utf8) + [0, 42, 0, 0, 0, 8, 0, 1]
      + [1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0]
    return plain + plain.suffix(1).map { Array($0[..<2]) + exif + $0[2...] }
  }

  private static func pnms(_ choices: inout Choices) -> [[UInt8]] {
    ["P5\n3 2\n255\n", "P6\n3 2\n255\n", "P5 # c\n 3 2\n65535\n", "P6\n3 2\n7\n"].map {
      Array($0.utf8) + choices.bytes($0.contains("P6") ? 18 : 12)
    }
  }

  private static func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private static func big(_ value: Int, _ count: Int) -> [UInt8] {
    little(value, count).reversed()
  }

  private static func bmp(
    _ width: Int, _ height: Int, bits: Int, _ choices: inout Choices
  ) -> [UInt8] {
    let row = (bits * width + 31) / 32 * 4
    let palette = bits <= 8 ? 4 << bits : 0
    return Array("BM".utf8) + little(54 + palette + row * height, 4) + little(0, 4)
      + little(54 + palette, 4) + little(40, 4) + little(width, 4) + little(height, 4)
      + little(1, 2) + little(bits, 2) + [UInt8](repeating: 0, count: 24)
      + choices.bytes(palette + row * height)
  }

  private static func psd(
    _ width: Int, _ height: Int, compression: Int, _ choices: inout Choices
  ) -> [UInt8] {
    let header =
      Array("8BPS".utf8) + big(1, 2) + [UInt8](repeating: 0, count: 6) + big(3, 2)
      + big(height, 4) + big(width, 4) + big(8, 2) + big(3, 2)
      + [UInt8](repeating: 0, count: 12) + big(compression, 2)
    let rows = 3 * height
    if compression == 0 { return header + choices.bytes(rows * width) }
    let counts = (0..<rows).flatMap { _ in big(2, 2) }
    return header + counts + (0..<rows).flatMap { _ in [UInt8(257 - width), choices.byte()] }
  }

  private static func tga(
    _ width: Int, _ height: Int, kind: UInt8, _ choices: inout Choices
  ) -> [UInt8] {
    let mapped: UInt8 = kind & 7 == 1 ? 1 : 0
    let depth: UInt8 = kind & 7 == 2 ? 24 : 8
    let map = mapped == 1 ? little(0, 2) + little(4, 2) + [24] : [UInt8](repeating: 0, count: 5)
    let pixel = Int(depth) / 8
    let pixels =
      kind < 8
      ? choices.bytes(width * height * pixel)
      : (0..<height).flatMap { _ in [UInt8(127 + width)] + choices.bytes(pixel) }
    return [0, mapped, kind] + map + little(0, 4) + little(width, 2) + little(height, 2)
      + [depth, 0x20] + (mapped == 1 ? choices.bytes(12) : [])
      + pixels.map { mapped == 1 && kind < 8 ? $0 & 3 : $0 }
  }

  /// Two pixels, red and blue.
  private static let gif: [UInt8] =
    Array("GIF89a".utf8) + [2, 0, 1, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 255]
    + [0x2C, 0, 0, 0, 0, 2, 0, 1, 0, 0, 2, 2, 0x44, 0x0A, 0, 0x3B]
}
