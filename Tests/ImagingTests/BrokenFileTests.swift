import Foundation
import PenumbraImaging
import Testing

struct BrokenFileTests {
  @Test(arguments: [
    ("nothing", [], ImageError.Reason.emptyFile),
    ("text", Array("This is a letter, no picture.\n".utf8), .unknownFormat),
    ("one byte", [0xFF], .unknownFormat),
    ("no width", header(png: 0, 5), .zeroSized(format: .png)),
    ("no height", header(png: 5, 0), .zeroSized(format: .png)),
    ("no PNM width", Array("P6 0 4 255\n".utf8), .zeroSized(format: .pnm)),
    (
      "a huge PNG", header(png: 60000, 60000),
      .tooLarge(width: 60000, height: 60000, limits: DecodingLimits())
    ),
    (
      "a long PNG", header(png: 70000, 1),
      .tooLarge(width: 70000, height: 1, limits: DecodingLimits())
    ),
    (
      "a huge PNM", Array("P5 50000 50000 255\n".utf8),
      .tooLarge(width: 50000, height: 50000, limits: DecodingLimits())
    ),
    ("a short PNM", Array("P6 2 2 255\nabcdefghijk".utf8), .truncated(format: .pnm)),
    ("half a PNM header", Array("P6 2 2".utf8), .truncated(format: .pnm)),
    ("a PNM of words", Array("P6 two by two".utf8), .corrupt(format: .pnm, detail: "bad header")),
    ("a short BMP", Sample.redBlueBMP.dropLast(3), .truncated(format: .bmp)),
    ("a short TGA", Sample.redBlueTGA.dropLast(1), .truncated(format: .tga)),
    ("a short PSD", Sample.redBluePSD.dropLast(1), .truncated(format: .psd)),
    ("a short GIF", Sample.redBlueGIF.dropLast(4), .truncated(format: .gif)),
  ])
  func `says what is wrong`(name: String, file: [UInt8], reason: ImageError.Reason) {
    let error = #expect(throws: ImageError.self) { try Bitmap(decoding: file, name: name) }
    #expect(error == ImageError(reason, path: name))
  }

  @Test func `refuses a JPEG cut anywhere`() throws {
    let file = try quarters.encoded(as: .jpeg(quality: 80))
    for length in 2..<file.count {
      let error = #expect(throws: ImageError.self, "\(length) of \(file.count) bytes") {
        try Bitmap(decoding: Array(file.prefix(length)))
      }
      #expect(error?.reason == .truncated(format: .jpeg), "\(length) of \(file.count) bytes")
    }
  }

  @Test func `refuses a PNG cut anywhere`() throws {
    let file = try quarters.encoded(as: .png)
    for length in 8..<file.count {
      let error = #expect(throws: ImageError.self, "\(length) of \(file.count) bytes") {
        try Bitmap(decoding: Array(file.prefix(length)))
      }
      #expect(error?.reason == .truncated(format: .png), "\(length) of \(file.count) bytes")
    }
  }

  @Test func `refuses a Huffman table that would overflow the decoder`() throws {
    var file = try quarters.encoded(as: .jpeg(quality: 80))
    let table = try #require(file.indices.first { file[$0...].starts(with: [0xFF, 0xC4]) })
    for i in 0..<16 { file[table + 5 + i] = 255 }
    let error = #expect(throws: ImageError.self) { try Bitmap(decoding: file) }
    #expect(
      error?.reason == .corrupt(format: .jpeg, detail: "4080 codes in a Huffman table"))
  }

  @Test func `survives damaged bytes anywhere`() throws {
    var generator = SeededGenerator(seed: 3)
    let files = [
      try quarters.encoded(as: .jpeg(quality: 80)), try quarters.encoded(as: .png),
      Sample.redBlueGIF, Sample.redBlueBMP, Sample.redBlueTGA, Sample.redBluePSD,
    ]
    let options = DecodingOptions(limits: DecodingLimits(pixels: 1 << 16))
    var failures = 0
    for round in 0..<3000 {
      var file = files[round % files.count]
      for _ in 0...round % 4 {
        file[Int.random(in: 0..<file.count, using: &generator)] = .random(
          in: 0...255, using: &generator)
      }
      do { _ = try Bitmap(decoding: file, options: options) } catch { failures += 1 }
    }
    #expect(failures > 0)
  }

  @Test func `obeys limits before it decodes`() throws {
    let options = DecodingOptions(limits: DecodingLimits(side: 47))
    let file = try quarters.encoded(as: .png)
    let error = #expect(throws: ImageError.self) { try Bitmap(decoding: file, options: options) }
    #expect(error?.reason == .tooLarge(width: 48, height: 32, limits: options.limits))
  }

  @Test func `decodes a picture of one pixel`() throws {
    let dot = Bitmap(width: 1, height: 1, bytes: [9, 8, 7])
    #expect(try Bitmap(decoding: dot.encoded(as: .png)) == dot)
  }

  private static func header(png width: Int, _ height: Int) -> [UInt8] {
    Sample.png(width, height, depth: 8, colorType: 2, rows: [0])
  }
}
