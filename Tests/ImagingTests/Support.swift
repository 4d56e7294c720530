import PenumbraImaging

/// Numbers that look random and are the same in every run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state ^ state >> 29
  }
}

func randomImage(_ width: Int, _ height: Int, channels: Int = 1, seed: UInt64 = 7) -> Image {
  var generator = SeededGenerator(seed: seed)
  let pixels = (0..<width * height * channels).map { _ in
    Float.random(in: 0...1, using: &generator)
  }
  return Image(width: width, height: height, channels: channels, pixels: pixels)
}

/// Four quarters: red, green over blue, white.
let quarters: Bitmap = {
  let (width, height) = (48, 32)
  let colors: [[UInt8]] = [[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]
  let bytes = (0..<width * height).flatMap { i in
    colors[(i / width >= height / 2 ? 2 : 0) + (i % width >= width / 2 ? 1 : 0)]
  }
  return Bitmap(width: width, height: height, bytes: bytes)
}()

extension Bitmap {
  func pixel(_ x: Int, _ y: Int) -> [UInt8] {
    Array(bytes[(y * width + x) * channels..<(y * width + x + 1) * channels])
  }

  /// The colors in the middle of the quarters, row by row: `R`, `G`, `B` or `W`.
  var quarterNames: String {
    [(1, 1), (3, 1), (1, 3), (3, 3)].map { column, row in
      let pixel = pixel(width * column / 4, height * row / 4).map { $0 > 127 }
      switch pixel {
      case [true, false, false]: return "R"
      case [false, true, false]: return "G"
      case [false, false, true]: return "B"
      case [true, true, true]: return "W"
      default: return "?"
      }
    }.joined()
  }
}

/// A number as bytes, most significant first.
func bigEndian(_ value: Int, _ count: Int) -> [UInt8] {
  (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
}

func littleEndian(_ value: Int, _ count: Int) -> [UInt8] { bigEndian(value, count).reversed() }
