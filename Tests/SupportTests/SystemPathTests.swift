import PenumbraSupport
import Testing

struct SystemPathTests {
  @Test(arguments: [
    [], Array("plain/ä犬.jpg".utf8), [0x63, 0xE9, 0x2E], [0xFF, 0xFE], [0xC3], [0xE2, 0x82],
    [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF4, 0x90, 0x80, 0x80], Array("\u{10F7E9}".utf8),
    Array("a\u{10F780}\u{10F7FF}b".utf8) + [0x80], (0...255).map { UInt8($0) },
  ])
  func `any bytes come back`(bytes: [UInt8]) {
    #expect(String(systemBytes: bytes).systemBytes == bytes)
  }

  @Test func `different bytes are different paths`() {
    var random = SystemPathTests.Generator(state: 1)
    var seen: [String: [UInt8]] = [:]
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 0...5, using: &random)).map { _ in
        [0x2F, 0x61, 0x80, 0xC3, 0xA4, 0xF4, 0x8F, 0x9F, 0xA9, 0xE2, 0xFF].randomElement(
          using: &random) ?? 0 as UInt8
      }
      let path = String(systemBytes: bytes)
      #expect(path.systemBytes == bytes)
      // Canonically equivalent names are equal strings.
      if let other = seen[path] { #expect(other == bytes) }
      seen[path] = bytes
    }
  }

  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state ^ state >> 29
    }
  }

  @Test func `UTF-8 is itself`() {
    #expect(String(systemBytes: Array("a/ä.jpg".utf8)) == "a/ä.jpg")
    #expect(String(systemBytes: [0x63, 0xE9]) == "c\u{10F7E9}")
  }

  @Test func `a NUL is refused before the system sees it`() {
    #expect(openFile("/dev/null\0x", 0) == -1)
    #expect(fileStatus("/dev/null\0") == nil)
    #expect(folderEntries("/\0") == nil)
    #expect(systemReason().contains("NUL"))
  }

  @Test(arguments: [
    ("a/b.jpg", "a", "b.jpg", "jpg", "a/b"), ("b", ".", "b", "", "b"), ("/b", "/", "b", "", "/b"),
    (".b", ".", ".b", "", ".b"), ("a.x/b", "a.x", "b", "", "a.x/b"),
    ("a/\u{301}b.\u{301}c", "a", "\u{301}b.\u{301}c", "\u{301}c", "a/\u{301}b"),
    ("a/b.", "a", "b.", "", "a/b."),
  ])
  func `paths are split at bytes`(
    path: String, folder: String, name: String, ending: String, rest: String
  ) {
    #expect(path.folderName == folder)
    #expect(path.fileName.unicodeScalars.elementsEqual(name.unicodeScalars))
    #expect(path.fileExtension.unicodeScalars.elementsEqual(ending.unicodeScalars))
    #expect(path.withoutExtension == rest)
  }
}
