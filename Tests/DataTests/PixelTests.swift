import PenumbraData
import PenumbraEngine
import PenumbraImaging
import TestSupport
import Testing

/// What the drawing loops compute, against plain arithmetic.
struct PixelTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func source(
    _ bitmap: Bitmap, channels: Int = 3, _ change: (inout Augmentation) -> Void = { _ in }
  ) throws -> AugmentedDetections {
    let path = folder.file("picture.png")
    try bitmap.write(to: path)
    var augmentation = Augmentation.none
    change(&augmentation)
    let data = DetectionDataSet(
      items: [.init(image: path, boxes: [])], classNames: ["a"])
    return AugmentedDetections(data, augmentation, seed: 3, channels: channels)
  }

  private func noise(_ width: Int, _ height: Int) -> Bitmap {
    var generator = SeededGenerator(seed: 2)
    let bytes = (0..<width * height * 3).map { _ in UInt8(generator.int(0...255)) }
    return Bitmap(width: width, height: height, bytes: bytes)
  }

  @Test func `a picture of the input's size stays as it is`() throws {
    let bitmap = noise(23, 17)
    let image = try source(bitmap).example(0, width: 23, height: 17).image
    #expect(worstError(image.pixels, Image(bitmap).pixels) < 0.1)
  }

  @Test(arguments: [(40, 30), (11, 9), (23, 40), (1, 1)])
  func `samples bilinearly between pixel centres`(width: Int, height: Int) throws {
    let bitmap = noise(23, 17)
    let image = try source(bitmap).example(0, width: width, height: height).image
    func byte(_ x: Int, _ y: Int, _ k: Int) -> Double {
      Double(bitmap.bytes[(min(max(y, 0), 16) * 23 + min(max(x, 0), 22)) * 3 + k])
    }
    for k in 0..<3 {
      for row in 0..<height {
        for column in 0..<width {
          let x = (Double(column) + 0.5) * 23 / Double(width) - 0.5
          let y = (Double(row) + 0.5) * 17 / Double(height) - 0.5
          let (left, top) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
          let (fx, fy) = (x - Double(left), y - Double(top))
          let upper = byte(left, top, k) * (1 - fx) + byte(left + 1, top, k) * fx
          let lower = byte(left, top + 1, k) * (1 - fx) + byte(left + 1, top + 1, k) * fx
          let expected = (upper * (1 - fy) + lower * fy) / 255
          #expect(abs(Double(image[k, row, column]) - expected) < 1e-5)
        }
      }
    }
  }

  @Test func `what lies outside of the picture has its mean colour`() throws {
    let half = [UInt8](repeating: 200, count: 300) + [UInt8](repeating: 100, count: 300)
    let source = try source(Bitmap(width: 10, height: 20, bytes: half)) { $0.letterBox = true }
    let image = try source.example(0, width: 64, height: 64).image
    #expect(abs(image[0, 32, 0] - 150.0 / 255) < 1e-5 && abs(image[2, 5, 63] - 150.0 / 255) < 1e-5)
    #expect(abs(image[1, 2, 32] - 200.0 / 255) < 1e-5 && abs(image[1, 62, 32] - 100.0 / 255) < 1e-5)
  }

  @Test func `changes hue, saturation and value as HSV has them`() throws {
    let bitmap = noise(16, 16)
    let source = try source(bitmap) {
      $0.hue = 0.4
      $0.saturation = 1.8
      $0.exposure = 1.6
    }
    let before = Image(bitmap)
    for number in 0..<8 {
      let after = try source.example(number, width: 16, height: 16).image
      // The change is unknown but the same for all pixels: taken from one, held to all others.
      let change = Self.change(before, after)
      for row in 0..<16 {
        for column in 0..<16 {
          let expected = Self.changed(Self.hsv(before, row, column), by: change)
          for k in 0..<3 { #expect(abs(Double(after[k, row, column]) - expected[k]) < 1e-3) }
        }
      }
    }
  }

  private typealias HSV = (h: Double, s: Double, v: Double)

  private static func hsv(_ image: Image, _ row: Int, _ column: Int) -> HSV {
    let rgb = (0..<3).map { Double(image[$0, row, column]) }
    let (high, low) = (rgb.max() ?? 0, rgb.min() ?? 0)
    guard high > low else { return (0, 0, high) }
    let range = high - low
    let hue =
      high == rgb[0]
      ? (rgb[1] - rgb[2]) / range
      : high == rgb[1] ? 2 + (rgb[2] - rgb[0]) / range : 4 + (rgb[0] - rgb[1]) / range
    return ((hue < 0 ? hue + 6 : hue) / 6, range / high, high)
  }

  /// Found where no channel was clamped.
  private static func change(_ before: Image, _ after: Image) -> HSV {
    for row in 0..<16 {
      for column in 0..<16 {
        let values = (0..<3).map { after[$0, row, column] }
        guard values.allSatisfy({ $0 > 0.05 && $0 < 0.95 }) else { continue }
        let (a, b) = (hsv(before, row, column), hsv(after, row, column))
        guard a.s > 0.3, b.s > 0.2 else { continue }
        return (b.h - a.h, b.s / a.s, b.v / a.v)
      }
    }
    return (0, 1, 1)
  }

  private static func changed(_ colour: HSV, by change: HSV) -> [Double] {
    var h = colour.h + change.h
    h -= h.rounded(.down)
    let (s, v) = (colour.s * change.s, colour.v * change.v)
    let sector = Int(h * 6) % 6
    let f = h * 6 - Double(sector)
    let (p, q, t) = (v * (1 - s), v * (1 - s * f), v * (1 - s * (1 - f)))
    let rgb = [[v, t, p], [q, v, p], [p, v, t], [p, q, v], [t, p, v], [v, p, q]][sector]
    return rgb.map { min(max($0, 0), 1) }
  }

  @Test func `grey inputs change in brightness`() throws {
    let source = try source(noise(9, 9), channels: 1) { $0.exposure = 1.5 }
    let image = try source.example(0, width: 9, height: 9).image
    #expect(image.channels == 1)
    let plain = try self.source(noise(9, 9), channels: 1).example(0, width: 9, height: 9).image
    let ratios = zip(image.pixels, plain.pixels).filter { $0.0 < 0.99 && $0.1 > 0.1 }
      .map { $0.0 / $0.1 }
    #expect((ratios.max() ?? 0) - (ratios.min() ?? 1) < 1e-3)
  }
}
