import Foundation
import PenumbraImaging
import PenumbraSupport
import Testing

/// Each test has a folder of its own.
final class FileTests {
  private let folder = NSTemporaryDirectory() + "penumbra-imaging-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  @Test(arguments: ["a.png", "b.jpg", "c.JPEG"])
  func `writes a file and nothing beside it`(name: String) throws {
    let path = folder + "/" + name
    try Data("old".utf8).write(to: URL(fileURLWithPath: path))
    try quarters.write(to: path)
    #expect(try Bitmap(contentsOf: path).quarterNames == "RGBW")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [name])
  }

  @Test(arguments: [
    ("missing.png", ImageError.Reason.notFound), ("", .isFolder), ("empty.jpg", .emptyFile),
    ("empty.jpg/x.png", .notFound),
  ])
  func `says why a file cannot be read`(name: String, reason: ImageError.Reason) throws {
    try Data().write(to: URL(fileURLWithPath: folder + "/empty.jpg"))
    let path = folder + "/" + name
    let error = #expect(throws: ImageError.self) { try Bitmap(contentsOf: path) }
    #expect(error == ImageError(reason, path: path))
  }

  @Test(arguments: [
    ("missing/a.png", WriteError.Reason.noFolder), ("taken.png", .isFolder),
  ])
  func `says why a file cannot be written`(name: String, reason: WriteError.Reason) throws {
    try FileManager.default.createDirectory(
      atPath: folder + "/taken.png", withIntermediateDirectories: false)
    let path = folder + "/" + name
    let error = #expect(throws: ImageError.self) { try quarters.write(to: path) }
    #expect(error == ImageError(.unwritable(WriteError(path, reason)), path: path))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["taken.png"])
  }

  @Test(arguments: ["gif", ""])
  func `writes no file of an unknown kind`(suffix: String) throws {
    let path = folder + "/picture" + (suffix.isEmpty ? "" : "." + suffix)
    let error = #expect(throws: ImageError.self) { try quarters.write(to: path) }
    #expect(error == ImageError(.unknownExtension(suffix), path: path))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }

  @Test(.enabled(if: getuid() != 0, "root may read and write everything"))
  func `respects permissions`() throws {
    let path = folder + "/secret.png"
    try quarters.write(to: path)
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
    let error = #expect(throws: ImageError.self) { try Bitmap(contentsOf: path) }
    #expect(error?.reason == .noPermission)
  }

  @Test func `refuses a file longer than the limit`() throws {
    let path = folder + "/a.png"
    try quarters.write(to: path)
    let options = DecodingOptions(limits: DecodingLimits(fileBytes: 20))
    let error = #expect(throws: ImageError.self) { try Bitmap(contentsOf: path, options: options) }
    #expect(error?.reason == .fileTooLong(limitBytes: 20))
  }

  @Test func `refuses what a JPEG cannot hold`() {
    let long = Bitmap(
      width: 65536, height: 1, channels: 1, bytes: .init(repeating: 0, count: 65536))
    let error = #expect(throws: ImageError.self) { try long.encoded(as: .jpeg(quality: 90)) }
    #expect(error?.reason == .tooLargeToEncode(width: 65536, height: 1))
  }

  @Test func `explains itself in two lines`() {
    let error = ImageError(.unknownFormat, path: "notes.txt")
    #expect(
      error.description == """
        notes.txt: error: not a picture in a format that can be read
        help: convert it to one of JPEG, PNG, GIF, BMP, PSD, PPM/PGM, TGA
        """)
  }
}
