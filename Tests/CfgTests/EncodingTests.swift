import PenumbraCfg
import PenumbraSupport
import Testing

/// One rule decodes every text: cfgs, names, lists, labels and trees.
struct EncodingTests {
  private static let cfg = "# größe \u{1F600}\r\n[net]\r\nwidth=32\r\nheight=32\r\nchannels=3\r\n"

  @Test(arguments: TextEncoding.allCases) func `a cfg reads the same in every encoding`(
    _ encoding: TextEncoding
  ) {
    let plain = CfgFile(text: Self.cfg, name: "net.cfg")
    let marked = encoding == .utf8 ? encoding.mark : []
    let file = CfgFile(bytes: marked + encoding.encoded(Array(Self.cfg.utf8)), name: "net.cfg")
    #expect(file.lines == plain.lines)
    #expect(file.diagnostics.isEmpty && file.sections.map(\.name) == ["net"])
    #expect(file.sections[0].entry("width")?.value == "32")
  }

  @Test(arguments: TextEncoding.allCases) func `an edit keeps the encoding`(
    _ encoding: TextEncoding
  ) {
    var edits = CfgEdits()
    edits[3] = ["width=64"]
    let marked = encoding == .utf8 ? encoding.mark : []
    let edited = edits.applied(to: marked + encoding.encoded(Array(Self.cfg.utf8)))
    let expected = Self.cfg.replacing("width=32", with: "width=64")
    #expect(edited == marked + encoding.encoded(Array(expected.utf8)))
  }

  @Test(arguments: TextEncoding.allCases) func `lines of names read the same in every encoding`(
    _ encoding: TextEncoding
  ) {
    let bytes = encoding.encoded(Array("naïve\r\n\nb c\rd\u{85}e".utf8))
    #expect(textLines(bytes) == ["naïve", "", "b c", "d\u{85}e"])
  }

  @Test func `what is not valid becomes a replacement character`() {
    // A lone surrogate, and half a unit at the end.
    #expect(textLines([0xFF, 0xFE, 0x00, 0xD8, 0x41, 0x00, 0x42]) == ["\u{FFFD}A"])
    #expect(textLines([0xFF, 0xFE, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF]) == ["\u{FFFD}"])
    #expect(textLines([0xFF, 0xFE]).isEmpty)
  }

  @Test func `an empty last line is none`() {
    #expect(textLines(Array("a\n\n".utf8)) == ["a", ""])
    #expect(textLines(Array("a\r\n".utf8)) == ["a"])
    #expect(textLines([]).isEmpty)
  }
}
