import PenumbraImaging
import TestSupport
import Testing

/// Files that are not pictures in a format that is read.
struct ForeignFileTests {
  @Test(arguments: [
    ("RIFF\0\0\0\0WEBPVP8 ", ForeignFile.webp), ("II*\0\u{8}\0\0\0", .tiff), ("MM\0*", .tiff),
    ("\0\0\0\u{18}ftypheic", .heif), ("\0\0\0\u{18}ftypavif", .avif),
    ("\0\0\0\u{18}ftypisom", .video), ("\0\0\0\u{18}ftypcrx ", .rawPhotograph),
    ("\0\0\0\u{C}JXL ", .jpegXL), ("\0\0\0\u{C}jP  ", .jpeg2000), ("#?RADIANCE\n", .radiance),
    ("P3\n1 1\n", .otherPNM), ("P7\nWIDTH 1", .otherPNM), ("\0\0\u{1}\0\u{1}\0", .icon),
    ("RIFF\0\0\0\0AVI LIST", .video), ("%PDF-1.7", .pdf), ("PK\u{3}\u{4}", .archive),
    ("\u{FEFF}\n <!DOCTYPE HTML>", .webPage), ("<?xml version='1.0'?><svg/>", .svg),
    ("version https://git-lfs.github.com/spec/v1\n", .lfsPointer),
  ])
  func `is known by its first bytes, whatever it is called`(text: String, kind: ForeignFile) {
    let error = #expect(throws: ImageError.self) { try Bitmap(decoding: Array(text.utf8)) }
    #expect(error?.reason == .otherKind(kind))
  }

  @Test func `the content decides what a file of a folder is`() throws {
    let folder = try TemporaryFolder()
    let jpeg = try quarters.encoded(as: .jpeg(quality: 80))
    let webP = Array("RIFF\0\0\0\0WEBPVP8 ".utf8)
    #expect(try FolderEntry(folder.write(jpeg, to: "a.webp")) == .picture)
    #expect(try FolderEntry(folder.write(webP, to: "b.webp")) == .foreign(.webp))
    #expect(try FolderEntry(folder.write(webP, to: "c.tif")) == .foreign(.webp))
    #expect(try FolderEntry(folder.write([1, 2], to: "d.HEIC")) == .foreign(.heif))
    #expect(try FolderEntry(folder.write(webP, to: "e.txt")) == .other)
    #expect(try Bitmap(contentsOf: folder.write(jpeg, to: "f.png")).quarterNames == "RGBW")
    let error = #expect(throws: ImageError.self) {
      try Bitmap(contentsOf: folder.write(webP, to: "g.jpg"))
    }
    #expect(error?.description.contains("of the kind WebP") == true)
  }

  @Test func `kinds are counted in one line`() {
    var count = ForeignCount()
    #expect(count.isEmpty)
    count.add(.tiff)
    #expect(count.text == "1 TIFF file cannot be read; convert it to PNG or JPEG")
    count.add(.webp)
    count.add(.webp)
    #expect(count.text == "2 WebP and 1 TIFF files cannot be read; convert them to PNG or JPEG")
  }
}
