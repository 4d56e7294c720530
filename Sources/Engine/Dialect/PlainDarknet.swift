public import PenumbraCfg

/// A cfg without Penumbra's own sections: the same layers, weights and outputs for any Darknet that
/// knows `[route] groups` and `[maxpool] maxpool_depth`.
public struct PlainDarknet: Sendable {
  /// What has to change in the file; nothing where it is plain already.
  public let edits: CfgEdits
  /// The layer of the new file with the output of each layer of the old.
  public let layers: [Int]
  /// How many layers the new file has.
  public let layerCount: Int
  /// How many sections of each name were replaced.
  public let replaced: [String: Int]

  /// - Parameter graph: what `file` describes, at any input size.
  /// - Throws: the sections that no Darknet section can stand for.
  public init(_ file: CfgFile, _ graph: Graph) throws(CfgError) {
    try Self.checkSplits(graph)
    let sections = graph.nodes.map { ($0.layer as? any DialectLayer)?.darknetSections }
    var layers: [Int] = []
    for section in sections { layers.append((layers.last ?? -1) + (section?.count ?? 1)) }
    self.layers = layers
    layerCount = (layers.last ?? -1) + 1
    let dialect = graph.nodes.indices.filter { sections[$0] != nil }
    replaced = Dictionary(dialect.map { (graph.nodes[$0].name, 1) }, uniquingKeysWith: +)

    let problems = dialect.compactMap { Self.problem(graph, layer: $0) }
    guard problems.isEmpty else { throw CfgError(problems) }

    var edits = CfgEdits()
    for (index, node) in graph.nodes.enumerated() {
      if let plain = sections[index] {
        let writer = SectionWriter(graph, layer: index, layers: layers)
        writer.replace(with: plain, in: &edits)
      } else {
        Self.renumber(node, layer: index, layers, &edits)
      }
    }
    self.edits = edits
  }

  /// Channels that all `[partial]` sections together may take: finding the fewest equal parts that
  /// cover a share takes time and memory for each of them.
  private static let maxSplitChannels = 1 << 22

  private static func checkSplits(_ graph: Graph) throws(CfgError) {
    var channels = 0
    for node in graph.nodes where node.layer is Partial {
      channels = saturatingSum(channels, node.layer.output.channels)
      guard channels > maxSplitChannels else { continue }
      throw CfgError([
        Diagnostic(
          .splitTooLarge(channels, limit: maxSplitChannels), at: node.section.location,
          sourceLine: node.section.sourceLine)
      ])
    }
  }

  /// Darknet keeps the size before the blur of a layer that is named later.
  private static func problem(_ graph: Graph, layer index: Int) -> Diagnostic? {
    let node = graph.nodes[index]
    let blurred = node.layer.inputs.map(\.layer).first { layer in
      layer >= 0 && graph.nodes[layer].section.entry("antialiasing").map { $0.value != "0" } == true
    }
    guard let blurred, node.name == Partial.spec.name else { return nil }
    let entry = node.section.entry(Partial.from.name)
    return Diagnostic(
      .splitAfterBlur(layer: blurred), at: entry?.valueLocation ?? node.section.location,
      sourceLine: entry?.sourceLine ?? node.section.sourceLine)
  }

  /// Gives the layers that a section names their new numbers.
  private static func renumber(
    _ node: Graph.Node, layer: Int, _ layers: [Int], _ edits: inout CfgEdits
  ) {
    let keys = type(of: node.layer).spec.keys.filter(\.namesLayers)
    for entry in keys.compactMap({ node.section.entry($0.name) }) {
      let line = entry.line { reference in
        let named = reference < 0 ? layer + reference : reference
        // Such as Darknet's numbers for 'none'.
        guard layers.indices.contains(named) else { return reference }
        return reference < 0 ? layers[named] - layers[layer] : layers[named]
      }
      if line != entry.sourceLine { edits[entry.keyLocation.line] = [line] }
    }
  }
}

/// Writes the sections that stand for one layer.
private struct SectionWriter {
  private let graph: Graph
  private let layer: Int
  private let layers: [Int]

  init(_ graph: Graph, layer: Int, layers: [Int]) {
    self.graph = graph
    self.layer = layer
    self.layers = layers
  }

  private var node: Graph.Node { graph.nodes[layer] }

  /// All new sections stand where the old header stood. Comments stay, and so do the keys that any
  /// section takes: they now belong to the last one.
  func replace(with plain: [DarknetSection], in edits: inout CfgEdits) {
    let kept = Set(LayerOptions.keys.map(\.name))
    for entry in node.section.entries where !kept.contains(entry.key) {
      edits[entry.keyLocation.line] = []
    }
    var lines = ["# " + original]
    for (index, section) in plain.enumerated() {
      if index > 0 { lines.append("") }
      lines += self.lines(of: section, at: first + index)
    }
    edits[node.section.location.line] = lines
  }

  /// The section replaced, on one line, without the reference that meant another layer there.
  private var original: String {
    let keys = type(of: node.layer).spec.keys
    let shown = keys.filter { !$0.namesLayers }.compactMap { node.section.entry($0.name) }
    return (["[\(node.name)]"] + shown.map { "\($0.key)=\($0.value)" }).joined(separator: " ")
  }

  private func lines(of section: DarknetSection, at index: Int) -> [String] {
    let references = section.layers.map { "\(reference($0, from: index))" }
    return ["[\(section.name)]"]
      + (references.isEmpty ? [] : ["layers=" + references.joined(separator: ",")])
      + section.entries.map { "\($0.key)=\($0.value)" }
  }

  private func reference(_ source: DarknetSection.Source, from index: Int) -> Int {
    switch source {
    case .section(let other):
      return first + other - index
    case .input(let input):
      let named = layers[node.layer.inputs[input].layer]
      return isAbsolute ? named : named - index
    }
  }

  /// The number of the first new section.
  private var first: Int { layer == 0 ? 0 : layers[layer - 1] + 1 }

  /// Whether the file counts from the first layer here.
  private var isAbsolute: Bool {
    type(of: node.layer).spec.keys.filter(\.namesLayers).contains {
      node.section.entry($0.name).map { !$0.value.hasPrefix("-") } ?? false
    }
  }
}
