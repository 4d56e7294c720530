import PenumbraImaging
import TestSupport
import Testing

struct PictureSizeTests {
  @Test(arguments: [
    ("png", Sample.redBluePNG), ("ppm", Sample.redBluePNM), ("bmp", Sample.redBlueBMP),
    ("tga", Sample.redBlueTGA), ("psd", Sample.redBluePSD), ("gif", Sample.redBlueGIF),
  ])
  func `a header states the size that decoding finds`(ending: String, file: [UInt8]) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(file, to: "a." + ending)
    let bitmap = try Bitmap(contentsOf: path)
    #expect(
      try PictureSize(contentsOf: path) == PictureSize(width: bitmap.width, height: bitmap.height))
  }

  @Test func `a JPEG states its size too`() throws {
    let folder = try TemporaryFolder()
    try quarters.write(to: folder.file("a.jpg"))
    #expect(try PictureSize(contentsOf: folder.file("a.jpg")) == PictureSize(width: 48, height: 32))
  }

  @Test func `what is no picture has no size`() throws {
    let folder = try TemporaryFolder()
    let junk = try folder.write("hello", to: "a.png")
    let empty = try folder.write("", to: "b.png")
    for (path, reason) in [
      (junk, ImageError.Reason.unknownFormat), (empty, .emptyFile), (folder.path, .isFolder),
      (folder.file("none.png"), .notFound),
    ] {
      let error = try #require(throws: ImageError.self) { try PictureSize(contentsOf: path) }
      #expect(error.reason == reason)
    }
  }
}
