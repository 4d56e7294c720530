import CStb

/// What a header says about the memory that its picture takes.
///
/// A decoder that asks for more than this is stopped, so a file cannot make it allocate more than its
/// pixels are worth: docs/decoding.md has the table.
struct DecoderMemory {
  let format: ImageFormat
  let width: Int
  let height: Int
  let file: UnsafeBufferPointer<UInt8>

  private var pixels: Int { width * height }

  /// Whether the file is long enough for its pixels, as far as its length tells: the best that the
  /// compression of its format can do.
  ///
  /// - Source: T.81, G.1.2 (one bit a block); RFC 1951, 3.2.5 (258 bytes for two bits); GIF89a,
  ///   appendix F (4,096 pixels for 12 bits); Targa 2.0 and Photoshop (128 for a byte).
  var isLongEnough: Bool {
    guard pixels > 1 << 20 else { return true }
    switch format {
    case .jpeg: return pixels <= 1024 * file.count
    case .png: return png.map { $0.rowBytes * height <= 1040 * file.count } ?? false
    case .gif: return pixels <= 4096 * file.count
    case .tga, .psd: return pixels <= 128 * file.count
    case .bmp: return pixels <= 8 * file.count
    case .pnm: return true  // counted exactly, in its own decoder
    }
  }

  /// The limits for the decoder: pixels, and the tables that every decoder has.
  var limits: CStbMemory {
    let tables = 128 << 10
    switch format {
    case .jpeg: return CStbMemory(total: jpegBytes + tables, growing: 0)
    case .png:
      guard let png else { return CStbMemory(total: tables, growing: tables) }
      let growing = max(2 * (png.rowBytes + 1) * height, 16 * height) + 8192
      let stored = 2 * file.count + 8192
      return CStbMemory(
        total: stored + png.peak(pixels: pixels, inflated: growing) + tables,
        growing: max(growing, stored))
    // The canvas, the one before it, what was drawn, and the result.
    case .gif: return CStbMemory(total: 12 * pixels + tables, growing: 0)
    // Up to four channels, a palette, and the result.
    case .bmp, .psd, .tga, .pnm: return CStbMemory(total: 7 * pixels + 4 * tables, growing: 0)
    }
  }

  /// Up to four components, padded to whole blocks, with their coefficients, and the result.
  private var jpegBytes: Int {
    12 * (width + 31) * (height + 31) + 3 * pixels + 4 * (width + 3)
  }

  private var png: PNGHeader? { PNGHeader(file, width: width) }
}

/// What the `IHDR` chunk says about the memory for rows.
private struct PNGHeader {
  private let channels: Int
  private let sampleBytes: Int
  private let hasPalette: Bool
  private let isInterlaced: Bool
  /// Of a row, without its filter.
  let rowBytes: Int

  init?(_ file: UnsafeBufferPointer<UInt8>, width: Int) {
    guard file.count >= 29 else { return nil }
    let (depth, color) = (Int(file[24]), file[25])
    channels = (color & 2 != 0 && color != 3 ? 3 : 1) + (color & 4 != 0 ? 1 : 0)
    sampleBytes = depth == 16 ? 2 : 1
    hasPalette = color == 3
    isInterlaced = file[28] != 0
    rowBytes = (width * depth + 7) / 8 * channels
  }

  /// The most that is held after the file was inflated.
  func peak(pixels: Int, inflated: Int) -> Int {
    // A transparent colour adds a channel.
    let stored = pixels * sampleBytes * (channels % 2 == 0 ? channels : channels + 1)
    let pass = isInterlaced ? stored / 2 : 0
    let palette = hasPalette ? 4 * pixels : 0
    return max(
      inflated + stored + pass + palette, stored + palette + 3 * (sampleBytes + 1) * pixels)
  }
}
