public import PenumbraCfg
public import PenumbraEngine

/// What layers ask for in training that is done without here: kinds of convolutions and of dropout
/// that only a graphics card has in Darknet, and pictures changed inside of the network.
///
/// - Returns: a warning at each such key.
public func ignoredTrainingKeys(of graph: Graph) -> [Diagnostic] {
  graph.nodes.flatMap { node in
    (ignoredKeys[node.name] ?? []).compactMap { name, neutral, what in
      guard let entry = node.section.entry(name), Double(entry.value) != neutral else { return nil }
      return Diagnostic(
        .ignoredInTraining(name, what), at: entry.valueLocation, sourceLine: entry.sourceLine)
    } + crossBatch(node)
  }
}

/// By section: the key, its value that asks for nothing, and what others ask for.
private let ignoredKeys: [String: [(name: String, neutral: Double, what: String)]] = [
  "convolutional": [
    ("sway", 0, "kernels that swing"), ("rotate", 0, "kernels that turn"),
    ("stretch", 0, "kernels that stretch"), ("stretch_sway", 0, "kernels that stretch and swing"),
    ("assisted_excitation", 0, "raised activations where objects are"),
    ("cbn", 0, "normalisation over several iterations"),
  ],
  "dropout": [("dropblock", 0, "dropped blocks")],
  "crop": [
    ("flip", 0, "mirrored maps"), ("angle", 0, "turned maps"), ("saturation", 1, "other colours"),
    ("exposure", 1, "other brightness"), ("shift", 0, "shifted colours"),
  ],
]

/// `batch_normalize=2` is another spelling of `cbn`.
private func crossBatch(_ node: Graph.Node) -> [Diagnostic] {
  guard let entry = node.section.entry("batch_normalize"), entry.value == "2" else { return [] }
  return [
    Diagnostic(
      .ignoredInTraining("batch_normalize", "normalisation over several iterations"),
      at: entry.valueLocation, sourceLine: entry.sourceLine)
  ]
}
