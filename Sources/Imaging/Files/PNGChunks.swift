/// Walks the chunks of a PNG file as stb_image does.
///
/// A critical chunk that stb_image does not know would make it write the name, whatever bytes that
/// has, into a text that all threads share.
/// - Source: PNG 3rd edition, 5.3 (chunks), 5.4 (their names), 11.3.4.4 (`eXIf`).
struct PNGChunks {
  /// What makes the file unfit for the decoder, if anything.
  private(set) var damage: String?
  /// The data of the first `eXIf` chunk.
  private(set) var exif: Range<Int>?

  private static let known = ["CgBI", "IHDR", "PLTE", "tRNS", "IDAT", "IEND"].map { Array($0.utf8) }

  init(_ file: [UInt8]) {
    var position = 8
    while position + 8 <= file.count {
      let length = file[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
      let (name, data) = (file[position + 4..<position + 8], position + 8)
      damage = Self.damage(length: length, name)
      guard damage == nil else { return }
      guard length <= file.count - data, !name.elementsEqual("IEND".utf8) else { return }
      if exif == nil, name.elementsEqual("eXIf".utf8) { exif = data..<data + length }
      position = data + length + 4  // the checksum
    }
  }

  private static func damage(length: Int, _ name: ArraySlice<UInt8>) -> String? {
    // The decoder would go on at another place than that.
    if length > Int(Int32.max) { return "a chunk of \(length) bytes" }
    let isCritical = name[name.startIndex] & 0x20 == 0
    return isCritical && !known.contains(where: name.elementsEqual)
      ? "it has a critical chunk of an unknown kind" : nil
  }
}
