import Penumbra
import PenumbraEngine

extension FuzzTarget {
  /// A weights file for the first network that it fits, which then runs.
  static let weights = FuzzTarget("weights", seeds: seededWeights) { bytes in
    var choices = Choices(of: bytes)
    let path = ScratchFiles.write(bytes, to: "fuzz.weights")
    for graph in WeightsGraphs.all {
      let read = try? Weights(contentsOf: path, for: graph, allowsPartial: bytes.count % 3 == 0)
      guard let read else { continue }
      if choices.chance(0.2) { try read.write(to: ScratchFiles.folder + "/copy.weights") }
      try Trial(graph: graph, weights: read).run(&choices)
    }
    _ = try Weights(contentsOf: path, for: WeightsGraphs.all[0])
  }

  private static var seededWeights: [[UInt8]] {
    WeightsGraphs.all.compactMap { graph in
      let path = ScratchFiles.folder + "/seed.weights"
      guard let weights = try? Weights(seed: 1, for: graph),
        (try? weights.write(to: path)) != nil
      else { return nil }
      return ScratchFiles.read("seed.weights")
    }
  }
}

/// Networks whose weights files are small.
enum WeightsGraphs {
  static let all: [Graph] = [
    """
    [convolutional]
    filters=6
    size=3
    batch_normalize=1
    activation=leaky
    [shortcut]
    from=0
    weights_type=per_feature
    weights_normalization=relu
    [convolutional]
    filters=12
    activation=linear
    [yolo]
    classes=1
    num=2
    anchors=1,2,3,4
    """,
    """
    [convolutional]
    filters=4
    flipped=1
    activation=relu
    [batchnorm]
    [local]
    filters=2
    size=3
    activation=elu
    dontload=1
    [implicit]
    filters=3
    [connected]
    output=5
    batch_normalize=1
    dontloadscales=1
    activation=linear
    [softmax]
    """, "[avgpool]\n[softmax]",
  ].compactMap { sections in
    let text = "[net]\nwidth=9\nheight=7\nchannels=2\n\(sections)\n"
    return try? Graph(CfgFile(text: text, name: "fuzz.cfg"))
  }
}
