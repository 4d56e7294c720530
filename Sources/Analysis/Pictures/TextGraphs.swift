public import PenumbraEngine
import PenumbraSupport

/// A network for Graphviz: every layer a node, every part of the network a cluster.
///
/// ```
/// penumbra inspect yolov4.cfg --graph yolov4.dot && dot -Tsvg yolov4.dot
/// ```
public struct DotGraph: Sendable {
  public let text: String

  public init(_ graph: Graph, _ report: NetworkReport) {
    let layers = ListedLayer.list(graph, report)
    var lines = [
      "digraph \(report.shortName.dotLiteral) {",
      "  rankdir=TB",
      "  node [shape=box, style=filled, fontname=\"Helvetica\", fontsize=10]",
      "  edge [color=\"\(Palette.wire)\"]",
      "  input [label=\(("input\n\(report.input)").dotLiteral), fillcolor=\"#ffffff\"]",
    ]
    for (index, part) in report.parts.enumerated() {
      lines += [
        "  subgraph cluster_\(index) {", "    label=\(part.name.dotLiteral)",
        "    color=\"\(Palette.strong(part.part))\"", "    fontname=\"Helvetica\"",
      ]
      for layer in layers where layer.part == part.part {
        lines.append(
          "    l\(layer.index) [label=\(layer.label.dotLiteral), "
            + "fillcolor=\"\(Palette.light(part.part))\"]")
      }
      lines.append("  }")
    }
    for layer in layers {
      for input in layer.inputs { lines.append("  \(Self.name(input)) -> l\(layer.index)") }
    }
    text = (lines + ["}"]).joined(separator: "\n") + "\n"
  }

  private static func name(_ layer: Int) -> String { layer < 0 ? "input" : "l\(layer)" }
}

/// A network as a Mermaid flow chart, which Markdown viewers draw.
public struct MermaidGraph: Sendable {
  public let text: String

  public init(_ graph: Graph, _ report: NetworkReport) {
    let layers = ListedLayer.list(graph, report)
    var lines = ["flowchart TD", "  input([\"\(("input\n\(report.input)").mermaidEscaped)\"])"]
    for (index, part) in report.parts.enumerated() {
      lines.append("  subgraph p\(index) [\"\(part.name.mermaidEscaped)\"]")
      for layer in layers where layer.part == part.part {
        lines.append("    l\(layer.index)[\"\(layer.label.mermaidEscaped)\"]")
      }
      lines.append("  end")
      lines.append(
        "  style p\(index) fill:\(Palette.light(part.part)),stroke:\(Palette.strong(part.part))")
    }
    for layer in layers {
      for input in layer.inputs {
        lines.append("  \(input < 0 ? "input" : "l\(input)") --> l\(layer.index)")
      }
    }
    text = lines.joined(separator: "\n") + "\n"
  }
}

/// A layer as the two formats list it; routes of one whole layer are left out.
private struct ListedLayer {
  let index: Int
  let part: Anatomy.Part
  let inputs: [Int]
  let label: String

  static func list(_ graph: Graph, _ report: NetworkReport) -> [ListedLayer] {
    let wiring = Wiring(graph)
    return wiring.indices.filter { wiring.original($0) == $0 }.map { index in
      let layer = report.cost.layers[index]
      var seen: Set<Int> = []
      return ListedLayer(
        index: index, part: report.anatomy.parts[index],
        inputs: wiring.inputs[index].filter { seen.insert($0).inserted },
        label: label(layer))
    }
  }

  private static func label(_ layer: LayerCost) -> String {
    let details = layer.details
    var head = "\(layer.index) \(layer.section)"
    if let size = details.size, let stride = details.strideX {
      head += " \(size)x\(size)/\(stride)"
      if let groups = details.groups, groups > 1 { head += " g\(groups)" }
    }
    let cost =
      layer.tally.paperOperations > 0
      ? "\n\(layer.tally.paperBFLOPs.rounded(to: 4)) BFLOPs" : ""
    return head + "\n\(layer.output)" + cost
  }
}
