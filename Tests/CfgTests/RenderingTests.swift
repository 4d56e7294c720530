import Foundation
import PenumbraCfg
import PenumbraEngine
import Testing

struct RenderingTests {
  private static let net = "[net]\nwidth=32\nheight=32\nchannels=3\n"

  private func text(_ layers: String) -> String {
    Graph.check(CfgFile(text: Self.net + layers, name: "net.cfg")).diagnostics
      .map(\.description).joined(separator: "\n")
  }

  @Test func `points at the filters before a head`() {
    let cfg = """
      [convolutional]
      filters = 255
      activation=linear
      [yolo]
      classes=1
      num=3
      anchors=1,2,3,4,5,6
      """
    #expect(
      text(cfg) == """
        net.cfg:6:11: error: [yolo] in line 8 needs 18 channels = (classes=1 + 5) x 3 anchors of \
        'num', found 255 [head-size]
          filters = 255
                    ^~~
        help: write filters=18 here, or classes=80 in the [yolo]
        """)
  }

  @Test func `points at one element of a list, under tabs`() {
    #expect(
      text("[empty]\n[route]\n\tlayers =\t-1, 99, -2") == """
        net.cfg:7:15: error: 'layers' names 99, which is layer 99 and comes after this layer (this \
        is layer 1) [bad-reference]
          \tlayers =\t-1, 99, -2
          \t        \t    ^~
        help: use -1 or 0, which both mean the only layer before this one
        net.cfg:7:19: error: 'layers' names -2, which is layer -1 and does not exist (this is layer \
        1) [bad-reference]
          \tlayers =\t-1, 99, -2
          \t        \t        ^~
        help: use -1 or 0, which both mean the only layer before this one
        """)
  }

  @Test func `says both shapes where maps clash`() {
    #expect(
      text("[empty]\n[maxpool]\nsize=2\nstride=2\n[route]\nlayers=-1,-2") == """
        net.cfg:10:11: error: layer 0 cannot be joined to layer 1: expected a map of 16x16, found \
        32x32x3 [shapes-differ]
          layers=-1,-2
                    ^~
        help: join maps of one size: [upsample] the smaller, or stride the larger, first
        """)
  }

  @Test func `has no line to show for an empty file`() {
    let check = Graph.check(CfgFile(text: "", name: "net.cfg"))
    #expect(
      check.diagnostics.map(\.description) == [
        """
        net.cfg:1:1: error: the file holds no section [empty-file]
        help: start with [net], then one section a layer
        """
      ])
  }

  @Test func `shows what a terminal would obey`() {
    let text = text("[convolutional]\nactivation=\u{1B}[2Jrelu\u{202E}")
    #expect(
      text.hasPrefix(
        """
        net.cfg:6:12: warning: no activation is called '\u{241B}[2Jrelu'; Darknet runs it as \
        relu, and so does Penumbra [unknown-activation]
          activation=\u{241B}[2Jrelu\u{FFFD}
                     ^~~~~~~~
        help: known: linear
        """))
  }

  @Test func `shows a part of a long line`() throws {
    let line =
      String(repeating: "1,", count: 500) + "x," + String(repeating: "1,", count: 500) + "1"
    let lines = text("[empty]\n[route]\nlayers=" + line).split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[1].hasPrefix("  \u{2026}"))
    #expect(lines[1].hasSuffix("\u{2026}"))
    let caret = try #require(lines[2].firstIndex(of: "^"))
    #expect(Array(lines[1])[lines[2].distance(from: lines[2].startIndex, to: caret)] == "x")
  }

  @Test func `colours only when asked to`() throws {
    let file = CfgFile(text: Self.net + "[foo]\n", name: "net.cfg")
    let diagnostic = try #require(Graph.check(file).diagnostics.first)
    #expect(!DiagnosticText(isColored: false).text(of: diagnostic).contains("\u{1B}"))
    #expect(DiagnosticText(isColored: true).text(of: diagnostic).contains("\u{1B}[1;31merror:"))
  }

  @Test func `reports for machines`() throws {
    let file = CfgFile(text: Self.net + "[foo]\n", name: "net.cfg")
    let report = DiagnosticReport(files: ["net.cfg"], diagnostics: Graph.check(file).diagnostics)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(
      String(decoding: try encoder.encode(report), as: UTF8.self) == """
        {"counts":{"errors":1,"notes":0,"warnings":0},"diagnostics":[{"code":"unknown-section",\
        "column":1,"file":"net.cfg","help":"'penumbra sections' lists those there are","length":5,\
        "line":5,"message":"no section is called [foo]","severity":"error"}],"files":["net.cfg"]}
        """)
  }

  @Test func `writes SARIF that code hosts read`() throws {
    let file = CfgFile(text: Self.net + "[foo]\n", name: "my nets/ä.cfg")
    let log = SarifLog(Graph.check(file).diagnostics, toolVersion: "1.2.3")
    let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(log))
    let root = try #require(json as? [String: Any])
    #expect(root["version"] as? String == "2.1.0")
    let run = try #require((root["runs"] as? [[String: Any]])?.first)
    let driver = try #require((run["tool"] as? [String: [String: Any]])?["driver"])
    let rules = try #require(driver["rules"] as? [[String: Any]])
    #expect(rules.compactMap { $0["id"] as? String } == Problem.Code.allCases.map(\.rawValue))
    let result = try #require((run["results"] as? [[String: Any]])?.first)
    #expect(result["level"] as? String == "error")
    let index = try #require(result["ruleIndex"] as? Int)
    #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
    let locations = try #require(result["locations"] as? [[String: [String: [String: Any]]]])
    let place = try #require(locations.first?["physicalLocation"])
    #expect(place["artifactLocation"]?["uri"] as? String == "my%20nets/%C3%A4.cfg")
    #expect(
      place["region"] as? [String: Int] == ["startLine": 5, "startColumn": 1, "endColumn": 6])
  }
}
