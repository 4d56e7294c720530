import PenumbraCfg
import PenumbraCompute
public import PenumbraEngine

extension ParameterBuffer {
  /// What training starts from: the numbers of `weights`, and random ones from the seed where it has
  /// none, or is nil. Only matrices and kernels are random, within `±sqrt(2 / fan-in)`; scales
  /// start at 1, biases at 0, an `[implicit]` as its keys say.
  ///
  /// Source: Darknet `convolutional_layer.c`, `connected_layer.c`, `representation_layer.c`.
  public convenience init(
    initialFor graph: Graph, seed: UInt64, from weights: Weights? = nil
  ) throws(WeightsError) {
    try self.init(WeightsLayout(graph))
    for (index, entry) in layout.entries.enumerated() {
      let tensor = tensor(entry.id)
      if let weights, entry.offset != nil, entry.id.layer < weights.loadedLayers {
        _ = tensor.update(fromContentsOf: weights.values(entry.id))
        continue
      }
      // A tensor's numbers depend on its own place alone, not on the network around it.
      let random = SplitMix(seed: SplitMix(seed: seed).bits(index))
      let constants = graph.nodes[entry.id.layer].constantsRange
      for i in tensor.indices {
        let u = random.u(i)
        tensor[i] =
          entry.parameter.role == .constants
          ? constants.mean + constants.halfWidth * Float(2 * u - 1) : entry.parameter.initial(u)
      }
    }
    try weights?.checkUnchanged()
  }
}

extension Graph.Node {
  /// Where the constants of an `[implicit]` start.
  fileprivate var constantsRange: (mean: Float, halfWidth: Float) {
    func value(_ key: String, _ fallback: Float) -> Float {
      section.entry(key).flatMap { Float($0.value) } ?? fallback
    }
    return (value("mean", 0), value("std", 0.2))
  }
}
