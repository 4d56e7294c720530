import PenumbraCfg
import Testing

struct ReaderTests {
  private static let whole = Key("whole", default: 7, in: 0...100, "A number.")
  private static let real = Key("real", default: Float(0.5), "A number.")
  private static let flag = Key("flag", default: false, "A switch.")
  private static let ints = Key<[Int]?>("ints", "Numbers.")
  private static let reals = Key<[Float]?>("reals", "Numbers.")
  private static let word = Key("word", oneOf: ["one", "two"], defaultText: "one", "A word.")
  private static let soft = Key(
    "soft", oneOf: ["one", "two"], defaultText: "one", unknown: "two", "A word.", .training)
  private static let lesson = Key("lesson", default: 3, in: 0...9, "A number.", .training)
  private static let spec = SectionSpec(
    "test", "For tests.", keys: [whole, real, flag, ints, reals, word, soft, lesson])

  private func reader(_ line: String) -> SectionReader {
    // No text is kept of a file without a section of a network.
    SectionReader(
      CfgFile(text: "[test]\n\(line)\n[net]\n", name: "t").sections[0], spec: Self.spec)
  }

  /// `severity code` of each report.
  private func findings(_ reader: SectionReader) -> [String] {
    reader.diagnostics.map { "\($0.severity.rawValue) \($0.problem.code.rawValue)" }
  }

  @Test(arguments: [
    ("", 7, []), ("whole=3", 3, []), ("whole=+3", 3, []), ("whole=007", 7, []),
    ("whole=3x", 3, ["warning not-a-number"]), ("whole=3#x", 3, ["warning inline-comment"]),
    ("whole=3;x", 3, ["warning inline-comment"]), ("whole=3//x", 3, ["warning inline-comment"]),
    ("whole=1e1", 1, ["warning not-a-number"]), ("whole=2.9", 2, ["warning not-a-number"]),
    ("whole=.5", 7, ["error not-a-number"]), ("whole=x", 7, ["error not-a-number"]),
    ("whole=-", 7, ["error not-a-number"]), ("whole=101", 7, ["error out-of-range"]),
    ("whole=-1", 7, ["error out-of-range"]), ("whole=0x10", 0, ["warning not-a-number"]),
    ("whole=" + String(repeating: "9", count: 400), 7, ["error out-of-range"]),
  ])
  func `reads whole numbers as atoi does`(line: String, value: Int, expected: [String]) {
    var reader = reader(line)
    #expect(reader.read(Self.whole) == value)
    #expect(findings(reader) == expected)
  }

  @Test(arguments: [
    ("", 0.5, []), ("real=.25", 0.25, []), ("real=-1.5e1", -15, []), ("real=3.", 3, []),
    ("real=1e", 1, ["warning not-a-number"]), ("real=nan", 0.5, ["error not-a-number"]),
    ("real=inf", 0.5, ["error not-a-number"]), ("real=1e999", 0.5, ["error out-of-range"]),
    ("real=.", 0.5, ["error not-a-number"]), ("real=0.1#x", 0.1, ["warning inline-comment"]),
  ])
  func `reads fractions as atof does`(line: String, value: Float, expected: [String]) {
    var reader = reader(line)
    #expect(reader.read(Self.real) == value)
    #expect(findings(reader) == expected)
  }

  @Test(arguments: [
    ("", false, []), ("flag=1", true, []), ("flag=2", true, []), ("flag=0", false, []),
    ("flag=yes", false, ["error not-a-number"]),
  ])
  func `a switch is on for any number but 0`(line: String, value: Bool, expected: [String]) {
    var reader = reader(line)
    #expect(reader.read(Self.flag) == value)
    #expect(findings(reader) == expected)
  }

  @Test(
    arguments: [
      ("", nil, []), ("ints=1,-2,3", [1, -2, 3], []), ("ints=4", [4], []),
      ("ints=1,2,", [1, 2], ["warning trailing-comma"]),
      ("ints=1,2#,3", [1, 2], ["warning inline-comment"]),
      ("ints=1,2x", [1, 2], ["warning not-a-number"]),
      ("ints=1,,2", nil, ["error not-a-number"]),
      ("ints=,", nil, ["error not-a-number", "error not-a-number"]),
      ("ints=1,x,y", nil, ["error not-a-number", "error not-a-number"]),
    ] as [(String, [Int]?, [String])])
  func `reads lists`(line: String, value: [Int]?, expected: [String]) {
    var reader = reader(line)
    #expect(reader.read(Self.ints) == value)
    #expect(findings(reader) == expected)
  }

  @Test(
    arguments: [
      ("word=two", "two", []), ("word=Two", nil, ["error not-one-of"]),
      ("word=", nil, []), ("soft=three", nil, ["warning not-one-of"]),
    ] as [(String, String?, [String])])
  func `reads words`(line: String, value: String?, expected: [String]) {
    var reader = reader(line)
    #expect(reader.read(line.hasPrefix("soft") ? Self.soft : Self.word) == value)
    #expect(findings(reader) == expected)
  }

  @Test(arguments: [("lesson=x", "not-a-number"), ("lesson=10", "out-of-range")])
  func `a wrong training key is a warning`(line: String, code: String) {
    var reader = reader(line)
    #expect(reader.read(Self.lesson) == 3)
    #expect(findings(reader) == ["warning \(code)"])
  }

  @Test func `says what nobody declared, and checks what nobody read`() {
    var reader = reader("whole=1\nreal=x\nhwole=2\nhwole=3")
    _ = reader.read(Self.whole)
    reader.finish()
    #expect(findings(reader) == ["error not-a-number", "warning unknown-key"])
  }

  @Test func `every wrong element of a list is reported, and the first few are printed`() {
    var reader = reader("ints=" + Array(repeating: "x", count: 1000).joined(separator: ","))
    #expect(reader.read(Self.ints) == nil)
    #expect(reader.diagnostics.count == 1000)
    let columns = Set(reader.diagnostics.map(\.location.column))
    #expect(columns.count == 1000)
    let texts = DiagnosticText(isColored: false).texts(of: reader.diagnostics)
    #expect(texts.count == 8)
    #expect(texts[6] == reader.diagnostics[6].description)
    #expect(texts[7].hasSuffix(": 992 more errors of this kind on this line [not-a-number]"))
  }

  @Test func `warnings do not hide the errors after them`() {
    let elements = Array(repeating: "1x", count: 20) + Array(repeating: "y", count: 9)
    var reader = reader("ints=" + elements.joined(separator: ","))
    #expect(reader.read(Self.ints) == nil)
    #expect(DiagnosticCounts(reader.diagnostics) == DiagnosticCounts(errors: 9, warnings: 20))
    let texts = DiagnosticText(isColored: false).texts(of: reader.diagnostics)
    #expect(texts.count == 16)
    #expect(texts[7].contains(": 12 more warnings of this kind"))
    #expect(texts[15].contains(": 1 more error of this kind"))
  }

  @Test func `an unknown key far down a long list of them costs no search`() {
    let keys = (0..<20_000).map { "zq\($0)=1" }.joined(separator: "\n")
    var reader = reader(keys + "\nwhole=3")
    reader.finish()
    #expect(reader.diagnostics.count == 20_000)
  }

  @Test(
    arguments: [
      ("fliters", "filters"), ("Filters", "filters"), ("batchnormalize", "batch_normalize"),
      ("batch_norm", "batch_normalize"), ("colour", nil), ("", nil), ("strid", "stride"),
      (String(repeating: "f", count: 100_000), nil),
    ] as [(String, String?)])
  func `finds the nearest name`(name: String, expected: String?) {
    let known = ["filters", "size", "stride", "batch_normalize"]
    #expect(nearestName(to: name, in: known) == expected)
  }
}
