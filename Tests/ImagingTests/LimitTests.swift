import Foundation
import PenumbraImaging
import TestSupport
import Testing

/// What is refused before a decoder sees it, and what a decoder is stopped at.
struct LimitTests {
  private func reason(_ file: [UInt8], _ limits: DecodingLimits = DecodingLimits()) -> ImageError
    .Reason?
  {
    let error = #expect(throws: ImageError.self) {
      try Bitmap(decoding: file, options: DecodingOptions(limits: limits))
    }
    return error?.reason
  }

  @Test func `refuses a Huffman table whose 256th code is short`() throws {
    let file = try Data(
      contentsOf: Shared.package.appendingPathComponent("Tests/Cases/hostile/assert.jpg"))
    #expect(
      reason([UInt8](file))
        == .corrupt(format: .jpeg, detail: "256 codes of at most 9 bits in a Huffman table"))
  }

  @Test func `measures no JPEG whose tables would overflow the decoder`() throws {
    let folder = try TemporaryFolder()
    var file = try quarters.encoded(as: .jpeg(quality: 80))
    let table = try #require(file.indices.first { file[$0...].starts(with: [0xFF, 0xC4]) })
    for i in 0..<16 { file[table + 5 + i] = 255 }
    let path = try folder.write(file, to: "a.jpg")
    let error = #expect(throws: ImageError.self) { try PictureSize(contentsOf: path) }
    #expect(error?.reason == .corrupt(format: .jpeg, detail: "4080 codes in a Huffman table"))
  }

  @Test(arguments: [500, 501]) func `counts the scans of a JPEG`(scans: Int) throws {
    let file = try quarters.encoded(as: .jpeg(quality: 80))
    // A marker of a scan and its end, which the decoder would refuse later.
    let scan: [UInt8] = [0xFF, 0xDA, 0, 2]
    let many = Array(file.dropLast(2)) + (1..<scans).flatMap { _ in scan } + [0xFF, 0xD9]
    let isTooMany = scans > DecodingLimits().scans
    #expect((reason(many) == .tooManyScans(found: scans, limits: DecodingLimits())) == isTooMany)
  }

  @Test func `allows fewer scans over more pixels`() throws {
    let file = try quarters.encoded(as: .jpeg(quality: 80))
    let many = Array(file.dropLast(2)) + (1..<100).flatMap { _ in [0xFF, 0xDA, 0, 2] as [UInt8] }
    let limits = DecodingLimits(pixels: 48 * 32)
    #expect(reason(many + [0xFF, 0xD9], limits) == .tooManyScans(found: 100, limits: limits))
  }

  @Test func `stops a PNG that inflates to more than its pixels`() {
    // One block of fixed codes: a zero, then 1,000 times 258 of it, then the end.
    let copy = [1, 1, 0, 0, 0, 1, 0, 1] + [0, 0, 0, 0, 0]
    var bits = [1, 1, 0] + [0, 0, 1, 1, 0, 0, 0, 0]
    for _ in 0..<1000 { bits += copy }
    bits += [Int](repeating: 0, count: 7 + 8)
    let packed = (0..<bits.count / 8).map { byte in
      UInt8((0..<8).reduce(0) { $0 | bits[8 * byte + $1] << $1 })
    }
    let file = Sample.png(
      2, 1, depth: 8, colorType: 2, rows: [], extra: [("IDAT", [0x78, 0x01] + packed)])
    #expect(
      reason(file) == .corrupt(format: .png, detail: "it holds more data than its picture needs"))
  }

  @Test func `still reads a PNG with some bytes too many`() throws {
    let file = Sample.png(
      2, 1, depth: 8, colorType: 2,
      rows: [0, 255, 0, 0, 0, 0, 255] + [UInt8](repeating: 0, count: 9))
    #expect(try Bitmap(decoding: file).bytes == [255, 0, 0, 0, 0, 255])
  }

  @Test(arguments: [
    (ImageFormat.gif, Sample.redBlueGIF, 6..<10, [0x00, 0x20, 0x00, 0x20] as [UInt8]),
    (.tga, Sample.redBlueTGA, 12..<16, [0x00, 0x20, 0x00, 0x20]),
    (.bmp, Sample.redBlueBMP, 18..<26, [0, 0x20, 0, 0, 0, 0x20, 0, 0]),
    (.psd, Sample.redBluePSD, 14..<22, [0, 0, 0x20, 0, 0, 0, 0x20, 0]),
    (.png, Sample.redBluePNG, 16..<24, [0, 0, 0x20, 0, 0, 0, 0x20, 0]),
  ])
  func `a few bytes are no picture of 8192x8192`(
    format: ImageFormat, file: [UInt8], sizes: Range<Int>, size: [UInt8]
  ) {
    var file = file
    file.replaceSubrange(sizes, with: size)
    #expect(reason(file) == .truncated(format: format))
  }

  @Test func `refuses critical chunks that it does not know`() {
    let file = Sample.png(
      2, 1, depth: 8, colorType: 2, rows: [0, 255, 0, 0, 0, 0, 255], extra: [("A\u{1B}[2", [])])
    #expect(
      reason(file)
        == .corrupt(format: .png, detail: "it has a critical chunk of an unknown kind"))
  }

  @Test func `skips ancillary chunks, whatever they would inflate to`() throws {
    let bomb = Array("a\0\0".utf8) + [0x78, 0x9C] + [UInt8](repeating: 0xAA, count: 5000)
    let file = Sample.png(
      2, 1, depth: 8, colorType: 2, rows: [0, 255, 0, 0, 0, 0, 255],
      extra: [("zTXt", bomb), ("iCCP", bomb)])
    #expect(try Bitmap(decoding: file).bytes == [255, 0, 0, 0, 0, 255])
  }

  @Test func `never decodes more pixels than the decoders can count`() {
    #expect(
      reason(
        Sample.png(30000, 30000, depth: 8, colorType: 2, rows: [0]), DecodingLimits(pixels: .max))
        == .tooLarge(width: 30000, height: 30000, limits: DecodingLimits(pixels: .max)))
  }

  @Test func `indices beyond a palette mean the same, whatever was decoded before`() throws {
    // A palette of one colour, and a pixel that names the sixth.
    let file = Sample.png(
      2, 1, depth: 8, colorType: 3, rows: [0, 0, 5], extra: [("PLTE", [1, 2, 3])])
    let first = try Bitmap(decoding: file)
    _ = try Bitmap(decoding: Sample.redBlueGIF)
    _ = try Bitmap(decoding: quarters.encoded(as: .jpeg(quality: 80)))
    #expect(try Bitmap(decoding: file) == first)
  }
}
