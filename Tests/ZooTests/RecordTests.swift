import Foundation
import PenumbraCfg
import PenumbraEngine
import PenumbraZoo
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

struct RecordTests {
  @Test func `a record comes back from its file as it was`() throws {
    var record = try recorded(smallCfg)
    record.networks["odd \"name\"\\\u{1}.cfg"] = record.networks["a.cfg"]
    record.networks["a.cfg"]?.speed = ["blas": 1.25]
    record.networks["a.cfg"]?.lint = ["unknown-key": 2]
    let read = try ZooRecord(json: Data(record.json.utf8), name: "zoo.json")
    #expect(read == record)
    #expect(read.json == record.json)
  }

  @Test func `networks that begin alike share their layers`() throws {
    var record = try recorded(smallCfg)
    let one = record.json.utf8.count
    record.networks["b.cfg"] = record.networks["a.cfg"]
    #expect(record.json.utf8.count - one < 400)
  }

  @Test(arguments: [
    ("", "not the record of a zoo"), ("[]", "not the record of a zoo"),
    (
      """
      {"version":1,"weights_seed":1,"input_seed":1,"layers":{},"sections":{},"networks":{"a":{
      "run":[1,1],"parameters":1,"bflops":1e999,"lint":{},"speed":{},"net":"n","layers":[]}}}
      """, "a number in it is out of range"
    ),
    (
      """
      {"version":7,"weights_seed":1,"input_seed":1,"networks":{},"layers":{},"sections":{}}
      """, "the record has version 7, expected 1"
    ),
    (
      """
      {"version":1,"weights_seed":1,"input_seed":1,"layers":{},"sections":{"n":"net 1x1x1"},
      "networks":{"a":{"run":[1,1],"parameters":1,"bflops":1,"lint":{},"speed":{},"net":"n",
      "layers":["x"]}}}
      """, "the record of a names layers that are not there"
    ),
  ])
  func `a file that is no record is explained`(json: String, problem: String) {
    let error = #expect(throws: ZooError.self) {
      try ZooRecord(json: Data(json.utf8), name: "zoo.json")
    }
    #expect(error?.problem.contains(problem) == true)
    #expect(error?.description.hasPrefix("zoo.json: error: ") == true)
  }

  @Test func `reports name what differs, and are well formed`() throws {
    let record = try recorded(smallCfg)
    var bad = check(
      try replacing("activation=mish", with: "activation=leaky", in: smallCfg), against: record)
    bad.differences[0].text += " <&\"|"
    let report = ZooReport(
      folder: "cfg", networks: [check(smallCfg, against: record), bad], seconds: 1.5)
    #expect(!report.passes)
    #expect(
      report.differenceLines[0]
        == "cfg/a.cfg:20: error: layer 2 [convolutional]: activation is leaky, the record has mish"
        + " <&\"|")
    #expect(report.summary == "2 networks, 1 not as recorded, 1.5 s")

    let parser = XMLParser(data: Data(report.junit.utf8))
    let reader = JUnitReader()
    parser.delegate = reader
    #expect(parser.parse())
    #expect(
      reader.tests == ["lint", "layers", "cost", "outputs", "lint", "layers", "cost", "outputs"])
    #expect(reader.failures.count == 2)
    #expect(reader.failures[0].contains("layer 2 [convolutional]: activation is leaky"))

    #expect(report.markdown.contains("| a.cfg | 64x64x3 | 32x32 | 10 |"))
    #expect(report.markdown.contains("- **a.cfg** line 20: layer 2 \\[convolutional]"))
  }
}

private final class JUnitReader: NSObject, XMLParserDelegate {
  var tests: [String] = []
  var failures: [String] = []

  func parser(
    _ parser: XMLParser, didStartElement element: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    if element == "testcase" { tests.append(attributes["name"] ?? "") }
    if element == "failure" { failures.append(attributes["message"] ?? "") }
  }
}
