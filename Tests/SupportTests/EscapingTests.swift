import PenumbraSupport
import Testing

struct EscapingTests {
  @Test(arguments: [
    ("plain", "plain"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\nb", "\"a\nb\""),
    ("a\rb", "\"a\rb\""), ("a\r\nb", "\"a\r\nb\""), (",\u{301}", "\",\u{301}\""),
    ("\"\u{301}", "\"\"\"\u{301}\""), ("=1", "'=1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"),
    ("\tx", "'\tx"), ("\rx", "\"'\rx\""), ("=1,2", "\"'=1,2\""), ("", ""),
  ])
  func `CSV is quoted by bytes`(text: String, field: String) { #expect(text.csvField == field) }

  @Test(arguments: [
    ("a&b<c>\"'", "a&amp;b&lt;c&gt;&quot;&#39;"), ("a\u{1B}b\u{0}", "a\u{FFFD}b\u{FFFD}"),
    ("a\n\t\r", "a&#10;&#9;&#13;"), ("\u{FFFE}\u{FFFF}", "\u{FFFD}\u{FFFD}"),
    ("<\u{301}", "&lt;\u{301}"), ("\u{9B}", "\u{FFFD}"),
  ])
  func `XML is well formed`(text: String, escaped: String) { #expect(text.xmlEscaped == escaped) }

  @Test(arguments: [
    ("a|b`c`", "a\\|b\\`c\\`"), ("a\nb", "a\u{240A}b"), ("<b>&", "&lt;b>&amp;"),
    ("|\u{301}", "\\|\u{301}"),
  ])
  func `a cell of Markdown stays one`(text: String, cell: String) {
    #expect(text.markdownEscaped == cell)
  }

  @Test(arguments: [
    ("\u{1B}[31m", "\u{241B}[31m"), ("a\nb", "a\u{240A}b"), ("\u{202E}x", "\u{FFFD}x"),
    ("\u{200B}\u{200D}\u{AD}\u{2060}", "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}"), ("\u{9B}", "\u{FFFD}"),
    ("\u{E0041}\u{3164}", "\u{FFFD}\u{FFFD}"), ("naïve 犬\t", "naïve 犬\t"), ("\u{10F7E9}", "\\xE9"),
  ])
  func `a terminal shows every scalar`(text: String, shown: String) {
    #expect(text.printable == shown)
    #expect(text.printable.printable == shown)
  }

  @Test func `JSON says the same with escapes`() {
    #expect("a\u{202E}\u{9B}\"\\\n\u{1}".jsonLiteral == "\"a\\u202e\\u009b\\\"\\\\\\n\\u0001\"")
    #expect("{\n  \"\u{E0041}\"".withInvisibleEscaped == "{\n  \"\\udb40\\udc41\"")
  }

  @Test func `a name stays on its line`() {
    #expect("a\nb\rc\u{85}d\u{2028}e".oneLine == "a b c d e")
  }

  @Test func `labels of charts stay in their quotes`() {
    #expect("a\"b\n#<".mermaidEscaped == "a#quot;b<br/>#35;&lt;")
    #expect("a\"b\\\n".dotLiteral == "\"a\\\"b\\\\\\n\"")
  }
}
