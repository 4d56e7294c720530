import Foundation
import PenumbraAnalysis
import PenumbraCfg
import PenumbraEngine
import TestSupport
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

struct PictureTests {
  private func graph(_ name: String, side: Int? = nil) throws -> Graph {
    let path = Shared.package.appendingPathComponent("cfg/\(name).cfg").path
    return try Graph(CfgFile(contentsOf: path), size: side.map { ($0, $0) })
  }

  private func isWellFormed(_ xml: String) -> Bool {
    XMLParser(data: Data(xml.utf8)).parse()
  }

  private func count(_ needle: String, in text: String) -> Int {
    text.components(separatedBy: needle).count - 1
  }

  @Test(arguments: [
    "detect/csppeleenet-efm-sam", "detect/cspresnext-50-panet-spp", "detect/yolov4-tiny",
    "classify/csppeleenet", "classify/darknet-ref", "classify/efficientnet-b0",
  ])
  func `drawings are well-formed, alone and in a page`(name: String) throws {
    let graph = try graph(name)
    let report = NetworkReport(graph)
    #expect(isWellFormed(GraphPicture(graph, report).svg))
    #expect(isWellFormed(CostChart([report]).svg))
    let page = GraphPicture(graph, report).html
    #expect(
      page.hasPrefix("<!DOCTYPE html>") && page.contains("<svg ") && page.contains("<script>"))
  }

  @Test func `names are escaped`() throws {
    let text = "[net]\nwidth=8\nheight=8\nchannels=3\n[convolutional]\nactivation=linear\n"
    let graph = try Graph(CfgFile(text: text, name: "a<b> & \"c\".cfg"))
    let report = NetworkReport(graph)
    #expect(isWellFormed(GraphPicture(graph, report).svg))
    #expect(isWellFormed(CostChart([report]).svg))
    #expect(DotGraph(graph, report).text.hasPrefix("digraph \"a<b> & \\\"c\\\"\" {"))
  }

  /// The paper's Figure 7.
  @Test func `a chart of the paper's three detectors shows its drops`() throws {
    let reports = try ["peleenet-yolo", "peleenet-prn", "csppeleenet-efm"].map {
      NetworkReport(try graph("detect/\($0)", side: 416))
    }
    let svg = CostChart(reports).svg
    for label in [
      "0.997, layer ", "0.354, layer ", "0.199, layer ", "\u{2212}80 %", "\u{2212}44 %",
    ] {
      #expect(svg.contains(label), "\(label)")
    }
  }

  /// Figure 7 has a bar for each convolution, pool, upsampling and head; Figure 8 two for each
  /// convolution and pool.
  @Test func `there is a bar for every layer that the figures count`() throws {
    let text = """
      [net]
      width=16
      height=16
      channels=3
      [convolutional]
      filters=4
      size=3
      pad=1
      activation=linear
      [maxpool]
      size=2
      stride=2
      [upsample]
      stride=2
      [shortcut]
      from=-3
      [route]
      layers=-1,0
      [convolutional]
      filters=6
      activation=linear
      [yolo]
      mask=0
      num=1
      anchors=4,4
      classes=1
      """
    let report = NetworkReport(try Graph(CfgFile(text: text, name: "bars.cfg")))
    #expect(report.cost.layers.filter(\.isCharted).map(\.index) == [0, 1, 2, 5, 6])
    // Upsampling and the head cost nothing by the paper's count, and what is nothing has no bar.
    #expect(count("<title>", in: CostChart([report]).svg) == 3 + 2 * 3)
  }

  @Test(arguments: ["detect/csppeleenet-efm-sam", "classify/resnext-50"])
  func `Graphviz and Mermaid get every layer and every line`(name: String) throws {
    let graph = try graph(name)
    let report = NetworkReport(graph)
    let wiring = Wiring(graph)
    let layers = wiring.indices.filter { wiring.original($0) == $0 }
    let lines = layers.reduce(0) { $0 + Set(wiring.inputs[$1]).count }
    let dot = DotGraph(graph, report).text
    #expect(count(" -> ", in: dot) == lines)
    #expect(count("fillcolor", in: dot) == layers.count + 1)
    #expect(count("{", in: dot) == count("}", in: dot))
    let mermaid = MermaidGraph(graph, report).text
    #expect(mermaid.hasPrefix("flowchart TD\n"))
    #expect(count(" --> ", in: mermaid) == lines)
    #expect(count("subgraph ", in: mermaid) == count("  end\n", in: mermaid))
  }
}
