import PenumbraImaging
import Testing

struct DecodingTests {
  @Test(arguments: [
    Sample.redBluePNG, Sample.redBluePNM, Sample.redBlueBMP, Sample.redBlueTGA, Sample.redBluePSD,
    Sample.redBlueGIF,
  ])
  func `reads red and blue from each exact format`(file: [UInt8]) throws {
    let picture = try Bitmap(decoding: file)
    #expect(picture == Bitmap(width: 2, height: 1, bytes: [255, 0, 0, 0, 0, 255]))
  }

  @Test func `reads its own JPEG nearly unchanged`() throws {
    let picture = try Bitmap(decoding: quarters.encoded(as: .jpeg(quality: 95)))
    #expect(picture.width == 48 && picture.height == 32)
    #expect(picture.quarterNames == "RGBW")
  }

  @Test func `reads its own PNG unchanged, in color and in grey`() throws {
    #expect(try Bitmap(decoding: quarters.encoded(as: .png)) == quarters)
    let grey = Bitmap(width: 3, height: 1, channels: 1, bytes: [0, 100, 255])
    let options = DecodingOptions(channels: 1)
    #expect(try Bitmap(decoding: grey.encoded(as: .png), options: options) == grey)
  }

  @Test(arguments: [
    ("grey", 8, 0, [0, 10, 200] as [UInt8], [10, 10, 10, 200, 200, 200] as [UInt8]),
    ("grey with alpha", 8, 4, [0, 10, 0, 200, 255], [10, 10, 10, 200, 200, 200]),
    ("16-bit grey", 16, 0, [0, 10, 99, 200, 255], [10, 10, 10, 200, 200, 200]),
    ("1-bit grey", 1, 0, [0, 0b0100_0000], [0, 0, 0, 255, 255, 255]),
    ("RGBA", 8, 6, [0, 1, 2, 3, 0, 4, 5, 6, 128], [1, 2, 3, 4, 5, 6]),
    (
      "16-bit RGBA", 16, 6, [0, 1, 9, 2, 9, 3, 9, 0, 0, 4, 9, 5, 9, 6, 9, 255, 255],
      [1, 2, 3, 4, 5, 6]
    ),
  ])
  func `turns every kind of PNG into RGB`(
    name: String, depth: Int, colorType: Int, rows: [UInt8], expected: [UInt8]
  ) throws {
    let file = Sample.png(2, 1, depth: depth, colorType: colorType, rows: rows)
    #expect(try Bitmap(decoding: file).bytes == expected)
  }

  @Test(arguments: [
    ("P5 1 1 65535\n", [200, 200] as [UInt8], [200, 200, 200] as [UInt8]),
    ("P6 1 1 65535\n", [10, 99, 20, 99, 30, 99], [10, 20, 30]),
    ("P5\n# made by hand\n1\t1\n15\n", [5], [85, 85, 85]),
  ])
  func `scales the samples of a PNM`(header: String, samples: [UInt8], expected: [UInt8]) throws {
    #expect(try Bitmap(decoding: Array(header.utf8) + samples).bytes == expected)
  }

  @Test func `makes grey from color with the weights of stb_image`() throws {
    let picture = try Bitmap(decoding: Sample.redBluePNG, options: DecodingOptions(channels: 1))
    #expect(picture.bytes == [UInt8((255 * 77) >> 8), UInt8((255 * 29) >> 8)])
  }

  @Test func `divides each byte by 255 and finds it again`() {
    let bitmap = Bitmap(width: 256, height: 1, channels: 1, bytes: (0...255).map { UInt8($0) })
    let image = Image(bitmap)
    #expect(image.pixels == (0...255).map { Float($0) / 255 })
    #expect(Bitmap(image) == bitmap)
  }

  @Test func `separates colors into planes`() {
    let image = Image(Bitmap(width: 2, height: 1, bytes: [255, 0, 51, 0, 255, 102]))
    #expect(image.pixels == [1, 0, 0, 1, 51.0 / 255, 102.0 / 255])
  }

  @Test func `clamps what a byte cannot hold`() {
    let image = Image(width: 4, height: 1, channels: 1, pixels: [-1, 2, .nan, .infinity])
    #expect(Bitmap(image).bytes == [0, 255, 0, 255])
  }
}
