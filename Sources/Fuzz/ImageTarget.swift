import Foundation
import Penumbra

/// A picture's file with broken bytes.
struct ImageTarget: Target {
  let bytes: [UInt8]

  init(_ random: inout Random) {
    let (width, height) = (random.int(1...24), random.int(1...24))
    let channels = random.pick([1, 3])
    var bytes: [UInt8]
    switch random.int(0...6) {
    case 0, 1, 2:
      let bitmap = Bitmap(
        width: width, height: height, channels: channels,
        bytes: random.bytes(width * height * channels))
      let format: EncodedFormat =
        random.chance(0.5) ? .png : .jpeg(quality: random.int(1...100))
      bytes = (try? bitmap.encoded(as: format)) ?? []
    case 3:
      let kind = channels == 1 ? "P5" : "P6"
      let largest = random.pick([255, 1, 65535, 0, 70000])
      bytes = Array("\(kind)\n\(width) \(height)\n\(largest)\n".utf8)
      bytes += random.bytes(width * height * channels * (largest > 255 ? 2 : 1))
    case 4: bytes = Self.bmp(width, height, &random)
    case 5: bytes = Self.tga(width, height, &random)
    default:
      bytes = random.pick([Self.gif, Array("8BPS".utf8) + random.bytes(60), random.bytes(40)])
    }
    if random.chance(0.95) { random.addNoise(to: &bytes) }
    self.bytes = bytes
  }

  private static func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  private static func bmp(_ width: Int, _ height: Int, _ random: inout Random) -> [UInt8] {
    let row = (3 * width + 3) / 4 * 4
    return Array("BM".utf8) + little(54 + row * height, 4) + little(0, 4) + little(54, 4)
      + little(40, 4) + little(width, 4) + little(height, 4) + little(1, 2)
      + little(random.pick([24, 24, 1, 4, 8, 16, 32]), 2) + little(random.int(0...3), 4)
      + [UInt8](repeating: 0, count: 20) + random.bytes(row * height)
  }

  private static func tga(_ width: Int, _ height: Int, _ random: inout Random) -> [UInt8] {
    [0, UInt8(random.int(0...1)), random.pick([1, 2, 3, 9, 10, 11])]
      + random.bytes(random.chance(0.5) ? 5 : 0) + [UInt8](repeating: 0, count: 9)
      + little(width, 2) + little(height, 2) + [random.pick([8, 15, 16, 24, 32]), 0x20]
      + random.bytes(width * height * 3)
  }

  /// Two pixels, red and blue.
  private static let gif: [UInt8] =
    Array("GIF89a".utf8) + [2, 0, 1, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 255]
    + [0x2C, 0, 0, 0, 0, 2, 0, 1, 0, 0, 2, 2, 0x44, 0x0A, 0, 0x3B]

  func run(_ random: inout Random) throws -> String {
    let limits = DecodingLimits(side: 4096, pixels: 1 << 20, fileBytes: 1 << 24)
    let options = DecodingOptions(
      channels: random.pick([1, 3]), orientation: random.pick([.apply, .ignore]), limits: limits)
    do {
      let image = Image(try Bitmap(decoding: bytes, options: options))
      for fit in Fit.allCases {
        _ = try prepare(
          image, width: random.int(1...40), height: random.int(1...40), channels: image.channels,
          Preprocessing(preset: .alexeyab, fit: fit))
      }
      return "decoded"
    } catch {
      _ = "\(error)"
      return "refused"
    }
  }
}
