/// Walks the marker segments of a JPEG file, scans included, the way stb_image does.
///
/// stb_image 2.27 writes beyond its tables when a Huffman table lists more than 256 codes, and takes
/// other symbols than the file means when a short code is the 256th, so such files must not reach it.
/// The walk sees every marker that the decoder can come to, up to the first EOI or the end of the
/// data.
/// - Source: ITU-T T.81, B.1.1 (markers), B.2.2 (frames), B.2.4.2 (Huffman tables).
struct JPEGSegments {
  /// What makes the file unfit for the decoder, if anything.
  private(set) var damage: String?
  /// Where the payload of the first Exif segment lies, after its `Exif\0\0`.
  private(set) var exif: Range<Int>?
  /// The number of scans. Each passes over the whole picture, however short it is in the file.
  private(set) var scans = 0

  init(_ file: [UInt8]) {
    var position = 2
    while damage == nil, let marker = JPEGSegments.nextMarker(file, &position) {
      if marker == 0xD9 { return }
      // Stuffed bytes and restarts belong to the scan around them.
      if marker == 0x00 || (0xD0...0xD7).contains(marker) { continue }
      guard position + 2 <= file.count else { return }
      let length = Int(file[position]) << 8 | Int(file[position + 1])
      guard length >= 2 else { return }
      let payload = position + 2..<max(position + 2, min(position + length, file.count))
      if marker == 0xDA { scans += 1 }
      if marker == 0xC4 { checkHuffmanTables(file, payload) }
      if marker == 0xE1, exif == nil { findExif(file, payload) }
      position = payload.upperBound
    }
  }

  /// Steps over the next `FF xx`, `xx` being no fill byte.
  private static func nextMarker(_ file: [UInt8], _ position: inout Int) -> UInt8? {
    var next = position
    defer { position = next }
    return file.withUnsafeBufferPointer { bytes in
      while next < bytes.count, bytes[next] != 0xFF { next += 1 }
      while next < bytes.count, bytes[next] == 0xFF { next += 1 }
      guard next < bytes.count else { return nil }
      next += 1
      return bytes[next - 1]
    }
  }

  private mutating func checkHuffmanTables(_ file: [UInt8], _ payload: Range<Int>) {
    var position = payload.lowerBound
    // The decoder reads a table to its end even where the segment is shorter, or the file is.
    while damage == nil, position < payload.upperBound {
      let lengths = file[min(position + 1, file.count)..<min(position + 17, file.count)]
      let codes = lengths.reduce(0) { $0 + Int($1) }
      damage = Self.damage(codes: codes, short: lengths.prefix(9).reduce(0) { $0 + Int($1) })
      position += 17 + codes
    }
  }

  /// The decoder looks codes of up to nine bits up in a table of bytes, where 255 says that there is
  /// none; the symbol of that number is lost in it.
  private static func damage(codes: Int, short: Int) -> String? {
    if codes > 256 { return "\(codes) codes in a Huffman table" }
    return short == 256 ? "256 codes of at most 9 bits in a Huffman table" : nil
  }

  private mutating func findExif(_ file: [UInt8], _ payload: Range<Int>) {
    let tag = Array("Exif\0\0".utf8)
    if file[payload].starts(with: tag) {
      exif = payload.lowerBound + tag.count..<payload.upperBound
    }
  }
}
