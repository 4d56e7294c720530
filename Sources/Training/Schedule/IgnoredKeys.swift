public import PenumbraCfg
public import PenumbraEngine

/// What layers ask for in training that is done without here: kinds of convolutions and of dropout
/// that only a graphics card has in Darknet, and pictures changed inside of the network.
///
/// - Returns: a warning at each such key.
public func ignoredTrainingKeys(of graph: Graph) -> [Diagnostic] {
  graph.nodes.flatMap { node in
    (ignoredKeys[node.name] ?? []).compactMap { name, what in
      guard let entry = node.section.entry(name), isSet(entry.value) else { return nil }
      return Diagnostic(
        .ignoredInTraining(name, what), at: entry.valueLocation, sourceLine: entry.sourceLine)
    } + crossBatch(node)
  }
}

private let ignoredKeys: [String: [(name: String, what: String)]] = [
  "convolutional": [
    ("sway", "kernels that swing"), ("rotate", "kernels that turn"),
    ("stretch", "kernels that stretch"), ("stretch_sway", "kernels that stretch and swing"),
    ("assisted_excitation", "raised activations where objects are"),
    ("cbn", "normalisation over several iterations"),
  ],
  "dropout": [("dropblock", "dropped blocks")],
  "crop": [
    ("flip", "mirrored maps"), ("angle", "turned maps"), ("saturation", "other colours"),
    ("exposure", "other brightness"),
  ],
]

private func isSet(_ value: String) -> Bool { Double(value) != 0 }

/// `batch_normalize=2` is another spelling of `cbn`.
private func crossBatch(_ node: Graph.Node) -> [Diagnostic] {
  guard let entry = node.section.entry("batch_normalize"), entry.value == "2" else { return [] }
  return [
    Diagnostic(
      .ignoredInTraining("batch_normalize", "normalisation over several iterations"),
      at: entry.valueLocation, sourceLine: entry.sourceLine)
  ]
}
