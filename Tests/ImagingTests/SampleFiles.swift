/// Small picture files, made byte by byte.
enum Sample {
  /// A PNG with uncompressed data; each row starts with its filter byte.
  static func png(
    _ width: Int, _ height: Int, depth: Int, colorType: Int, rows: [UInt8],
    extra: [(String, [UInt8])] = []
  ) -> [UInt8] {
    let header = bigEndian(width, 4) + bigEndian(height, 4) + [UInt8(depth), UInt8(colorType)]
    let block = [1] + littleEndian(rows.count, 2) + littleEndian(~rows.count & 0xFFFF, 2) + rows
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header + [0, 0, 0])
      + extra.flatMap { chunk($0.0, $0.1) }
      + chunk("IDAT", [0x78, 0x01] + block + bigEndian(adler(rows), 4)) + chunk("IEND", [])
  }

  private static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    bigEndian(data.count, 4) + Array(name.utf8) + data + bigEndian(crc(Array(name.utf8) + data), 4)
  }

  private static func crc(_ bytes: [UInt8]) -> Int {
    var crc: UInt32 = ~0
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return Int(~crc)
  }

  private static func adler(_ bytes: [UInt8]) -> Int {
    let (a, b) = bytes.reduce((1, 0)) { sums, byte in
      let a = (sums.0 + Int(byte)) % 65521
      return (a, (sums.1 + a) % 65521)
    }
    return b << 16 | a
  }

  // Two pixels side by side, red and blue, in each format that can hold them exactly.

  static let redBluePNG = png(2, 1, depth: 8, colorType: 2, rows: [0, 255, 0, 0, 0, 0, 255])
  static let redBluePNM = Array("P6 2 1 255\n".utf8) + [255, 0, 0, 0, 0, 255]
  static let redBlueBMP =
    Array("BM".utf8) + littleEndian(62, 4) + littleEndian(0, 4) + littleEndian(54, 4)
    + littleEndian(40, 4) + littleEndian(2, 4) + littleEndian(1, 4) + littleEndian(1, 2)
    + littleEndian(24, 2) + [UInt8](repeating: 0, count: 24) + [0, 0, 255, 255, 0, 0, 0, 0]
  static let redBlueTGA =
    [0, 0, 2] + [UInt8](repeating: 0, count: 9) + littleEndian(2, 2) + littleEndian(1, 2)
    + [24, 0x20] + [0, 0, 255, 255, 0, 0]
  static let redBluePSD =
    Array("8BPS".utf8) + bigEndian(1, 2) + bigEndian(0, 6) + bigEndian(3, 2) + bigEndian(1, 4)
    + bigEndian(2, 4) + bigEndian(8, 2) + bigEndian(3, 2) + [UInt8](repeating: 0, count: 12)
    + bigEndian(0, 2) + [255, 0, 0, 0, 0, 255]
  /// Codes of three bits: clear, red, blue, end.
  static let redBlueGIF =
    Array("GIF89a".utf8) + littleEndian(2, 2) + littleEndian(1, 2) + [0x80, 0, 0, 255, 0, 0, 0, 0]
    + [255, 0x2C, 0, 0, 0, 0] + littleEndian(2, 2) + littleEndian(1, 2) + [0, 2, 2]
    + littleEndian(4 | 0 << 3 | 1 << 6 | 5 << 9, 2) + [0, 0x3B]

  /// An Exif block that holds nothing but the orientation.
  static func exif(_ orientation: Int, isLittleEndian: Bool, type: Int = 3) -> [UInt8] {
    func number(_ value: Int, _ count: Int) -> [UInt8] {
      isLittleEndian ? littleEndian(value, count) : bigEndian(value, count)
    }
    return Array((isLittleEndian ? "II" : "MM").utf8) + number(42, 2) + number(8, 4) + number(1, 2)
      + number(0x0112, 2) + number(type, 2) + number(1, 4) + number(orientation, 2) + number(0, 2)
      + number(0, 4)
  }

  /// A JPEG file with one more segment, right after its start.
  static func inserting(_ payload: [UInt8], marker: UInt8, into jpeg: [UInt8]) -> [UInt8] {
    let segment: [UInt8] = [0xFF, marker] + bigEndian(payload.count + 2, 2) + payload
    return Array(jpeg[..<2]) + segment + Array(jpeg[2...])
  }

  static func jpeg(_ jpeg: [UInt8], exif: [UInt8]) -> [UInt8] {
    inserting(Array("Exif\0\0".utf8) + exif, marker: 0xE1, into: jpeg)
  }
}
