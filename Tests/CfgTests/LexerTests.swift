import PenumbraCfg
import Testing

struct LexerTests {
  /// What was read, one section a line: `name: key=value key=value`.
  private func summary(_ file: CfgFile) -> [String] {
    file.sections.map { section in
      ([section.name + ":"] + section.entries.map { "\($0.key)=\($0.value)" }).joined(
        separator: " ")
    }
  }

  @Test(arguments: [
    ("[net]\nwidth=1\n[a]\nb=2\n", ["net: width=1", "a: b=2"]),
    ("[net]\r\nwidth=1\r\n[a]\r\n", ["net: width=1", "a:"]),  // CRLF
    ("[net]\rwidth=1\r[a]", ["net: width=1", "a:"]),  // lone CR, no end
    ("\u{FEFF}[net]\nwidth=1\n", ["net: width=1"]),  // byte order mark
    ("  [ n e t ]\n\twi dth = 4 16\t\n", ["net: width=416"]),  // blanks in odd places
    ("[net]\n# width=1\n; height=2\n  # x\nchannels=3", ["net: channels=3"]),
    ("[net]\na=b=c\n", ["net: a=b=c"]),  // the first = divides
    ("[net]\na=1#2\n", ["net: a=1#2"]),  // a comment behind a value is part of it
    ("[net]\n\n\n[net]\n", ["net:", "net:"]),
    ("[net]x\na=1\n", ["net: a=1"]),
    ("[net]\na=1\na=2\n", ["net: a=1 a=2"]),
    ("", []), ("\n\n", []), ("a=1\n", []),
    ("[net]\n\u{A0}a=1\n", ["net: a=1"]),  // invisible: ignored with a warning
  ])
  func `cuts text into sections`(text: String, expected: [String]) {
    #expect(summary(CfgFile(text: text, name: "t")) == expected)
  }

  @Test func `the first of two equal keys counts`() throws {
    let section = try #require(CfgFile(text: "[net]\na=1\nb=2\na=3\n", name: "t").sections.first)
    #expect(section.entry("a")?.value == "1")
    #expect(section.firstEntries.map(\.key) == ["a", "b"])
    #expect(section.entry("c") == nil)
  }

  @Test func `columns count scalars, blanks included`() throws {
    let file = CfgFile(text: "[net]\n\t a b = 1, 2\n", name: "t")
    let entry = try #require(file.sections.first?.entry("ab"))
    #expect(entry.keyLocation == SourceLocation(file: "t", line: 2, column: 3, length: 3))
    #expect(entry.valueLocation == SourceLocation(file: "t", line: 2, column: 9, length: 4))
  }

  @Test func `is printed back as it was read`() {
    let text = "[net]\n width = 1 # c\n\n; x\n[a]\n"
    #expect(CfgFile(text: text, name: "t").description == text)
  }

  @Test func `bytes that are not UTF-8 do not stop it`() {
    let file = CfgFile(
      bytes: Array("[net]\n#".utf8) + [0xFF, 0xFE, 0x0A] + Array("a=1".utf8), name: "t")
    #expect(summary(file) == ["net: a=1"])
  }
}
