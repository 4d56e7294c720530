import PenumbraAnalysis
import PenumbraEngine

/// A network's layers as Darknet lists them.
struct LayerLines {
  let lines: [String]

  init(_ report: NetworkReport) {
    var text = TextTable([
      ("layer", .right), ("section", .left), ("filters", .right), ("groups", .right),
      ("size/stride", .left), ("reads", .left), ("input", .left), ("output", .left),
      ("parameters", .right), ("BFLOPs", .right), ("", .left),
    ])
    for layer in report.cost.layers { text.append(Self.cells(layer)) }
    lines = text.lines
  }

  private static func cells(_ layer: LayerCost) -> [String] {
    let details = layer.details
    let groups = details.groups ?? 1
    return [
      "\(layer.index)", layer.section, details.filters.map(String.init) ?? "",
      groups > 1 ? "\(groups)" : "", window(details), reads(layer),
      layer.inputs.count == 1 ? "\(layer.inputs[0].shape)" : "", "\(layer.output)",
      layer.tally.parameters > 0 ? "\(layer.tally.parameters)" : "",
      layer.tally.darknetOperations > 0 ? layer.tally.darknetBFLOPs.text(3) : "",
      details.note ?? "",
    ]
  }

  private static func reads(_ layer: LayerCost) -> String {
    guard layer.details.namesInputs || !layer.readsPrevious else { return "" }
    let names = layer.inputs.prefix(maxReads).map { $0.layer < 0 ? "input" : "\($0.layer)" }
    let rest = layer.inputs.count - names.count
    return names.joined(separator: ",") + (rest > 0 ? " and \(rest) more" : "")
  }

  /// Layers named in a row, to whose width all rows are filled up.
  private static let maxReads = 16

  /// `3x3/2`, `3x3/1 dil 2`, `3x3/2x1` where the strides differ.
  private static func window(_ details: LayerDetails) -> String {
    guard let x = details.strideX, let y = details.strideY else { return "" }
    let size = details.size.map { "\($0)x\($0)" } ?? ""
    let dilation = details.dilation ?? 1
    return size + "/\(x)" + (x == y ? "" : "x\(y)") + (dilation > 1 ? " dil \(dilation)" : "")
  }
}
