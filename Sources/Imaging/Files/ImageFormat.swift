/// The file formats that can be read, in the order they are told apart.
public enum ImageFormat: String, Sendable, Hashable, Codable, CaseIterable {
  case jpeg, png, gif, bmp, psd, pnm, tga

  /// The name people know it by.
  public var name: String { self == .pnm ? "PPM/PGM" : rawValue.uppercased() }

  /// Tells the format from the first bytes, whatever the file is called.
  ///
  /// TGA has no signature; its header is recognized by fields that plain text cannot have.
  package init?(signatureOf bytes: [UInt8]) {
    let signatures: [(ImageFormat, [UInt8])] = [
      (.jpeg, [0xFF, 0xD8]), (.png, [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
      (.gif, Array("GIF8".utf8)), (.bmp, Array("BM".utf8)), (.psd, Array("8BPS".utf8)),
      (.pnm, Array("P5".utf8)), (.pnm, Array("P6".utf8)),
    ]
    if let known = signatures.first(where: { bytes.starts(with: $0.1) }) {
      self = known.0
    } else if ImageFormat.looksLikeTGA(bytes) {
      self = .tga
    } else {
      return nil
    }
  }

  private static func looksLikeTGA(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 18 else { return false }
    let (mapType, imageType, depth) = (bytes[1], bytes[2], bytes[16])
    let kinds: [UInt8] = mapType == 1 ? [1, 9] : [2, 3, 10, 11]
    return mapType <= 1 && kinds.contains(imageType) && [8, 15, 16, 24, 32].contains(depth)
  }
}
