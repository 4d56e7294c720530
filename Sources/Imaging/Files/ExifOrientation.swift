extension Orientation {
  /// The orientation a JPEG (APP1) or PNG (`eXIf`) file asks for; `.upright` when it states none
  /// or something unusable.
  ///
  /// - Source: Exif 2.32, 4.6.4 (tag 0x0112); TIFF 6.0, section 2.
  init(exifOf file: [UInt8]) {
    let block: Range<Int>? =
      switch ImageFormat(signatureOf: file) {
      case .jpeg: JPEGSegments(file).exif
      case .png: PNGChunks(file).exif
      default: nil
      }
    self = block.flatMap { TIFFBlock(file[$0]).orientation } ?? .upright
  }
}

/// The directory of numbers inside an Exif block, in either byte order.
private struct TIFFBlock {
  private let bytes: ArraySlice<UInt8>
  private let isLittleEndian: Bool

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    isLittleEndian = bytes.starts(with: "II".utf8)
  }

  /// Tag 0x0112 of the first directory, when it is one SHORT from 1 to 8.
  var orientation: Orientation? {
    guard isLittleEndian || bytes.starts(with: "MM".utf8), number(at: 2, bytes: 2) == 42,
      let directory = number(at: 4, bytes: 4), let entries = number(at: directory, bytes: 2)
    else { return nil }
    for entry in 0..<entries {
      let start = directory + 2 + 12 * entry
      guard let tag = number(at: start, bytes: 2) else { return nil }
      guard tag == 0x0112 else { continue }
      guard number(at: start + 2, bytes: 2) == 3, number(at: start + 4, bytes: 4) == 1 else {
        return nil
      }
      return number(at: start + 8, bytes: 2).flatMap { Orientation(rawValue: $0) }
    }
    return nil
  }

  private func number(at offset: Int, bytes count: Int) -> Int? {
    guard offset >= 0, offset + count <= bytes.count else { return nil }
    let start = bytes.startIndex + offset
    let digits = bytes[start..<start + count]
    return isLittleEndian
      ? digits.reversed().reduce(0) { $0 << 8 | Int($1) } : digits.reduce(0) { $0 << 8 | Int($1) }
  }
}
