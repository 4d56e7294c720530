import PenumbraImaging
import Testing

struct OrientationTests {
  static let turned = [
    (1, "RGBW"), (2, "GRWB"), (3, "WBGR"), (4, "BWRG"), (5, "RBGW"), (6, "BRWG"), (7, "WGBR"),
    (8, "GWRB"),
  ]

  @Test(arguments: turned, [true, false])
  func `applies the note of a JPEG`(expected: (Int, String), isLittleEndian: Bool) throws {
    let exif = Sample.exif(expected.0, isLittleEndian: isLittleEndian)
    let file = Sample.jpeg(try quarters.encoded(as: .jpeg(quality: 95)), exif: exif)
    let picture = try Bitmap(decoding: file)
    #expect(picture.quarterNames == expected.1)
    #expect(picture.width == (expected.0 < 5 ? 48 : 32))
    let ignored = try Bitmap(decoding: file, options: DecodingOptions(orientation: .ignore))
    #expect(ignored.quarterNames == "RGBW" && ignored.width == 48)
  }

  @Test func `turns single pixels exactly`() throws {
    let picture = Bitmap(width: 3, height: 2, channels: 1, bytes: [1, 2, 3, 4, 5, 6])
    let right = picture.oriented(.turnRight)
    #expect(right == Bitmap(width: 2, height: 3, channels: 1, bytes: [4, 1, 5, 2, 6, 3]))
    #expect(right.oriented(.turnLeft) == picture)
    #expect(picture.oriented(.transverse).bytes == [6, 3, 5, 2, 4, 1])
  }

  @Test func `applies the note of a PNG`() throws {
    let file = Sample.png(
      2, 1, depth: 8, colorType: 0, rows: [0, 10, 200],
      extra: [("eXIf", Sample.exif(6, isLittleEndian: false))])
    let picture = try Bitmap(decoding: file, options: DecodingOptions(channels: 1))
    #expect(picture == Bitmap(width: 1, height: 2, channels: 1, bytes: [10, 200]))
  }

  @Test(arguments: [
    Sample.exif(0, isLittleEndian: true), Sample.exif(9, isLittleEndian: true),
    Sample.exif(6, isLittleEndian: true, type: 4), [], Array("II".utf8),
    Array(Sample.exif(6, isLittleEndian: true).prefix(18)),
    Array("MM".utf8) + bigEndian(42, 2) + bigEndian(0xFFFF_FFFF, 4),
  ])
  func `leaves the picture alone when the note is unusable`(exif: [UInt8]) throws {
    let file = Sample.jpeg(try quarters.encoded(as: .jpeg(quality: 95)), exif: exif)
    #expect(try Bitmap(decoding: file).quarterNames == "RGBW")
  }

  @Test func `looks past other segments for the note`() throws {
    let noted = Sample.jpeg(
      try quarters.encoded(as: .jpeg(quality: 95)), exif: Sample.exif(3, isLittleEndian: true))
    let file = Sample.inserting(
      Array("http://ns.adobe.com/xap/1.0/\0".utf8), marker: 0xE1, into: noted)
    #expect(try Bitmap(decoding: file).quarterNames == "WBGR")
  }
}
