/// Why boxes could not be read from a network's output.
public enum DetectionError: Error, Hashable, Sendable {
  /// The graph ends in no `[yolo]`, `[region]` or the like.
  case noHead(network: String)
  /// The network's last layer gives no class scores.
  case noScores(network: String, section: String)
  /// A head computed NaN or infinity: the weights are broken, or not those of this cfg.
  case notFinite(layer: Int, section: String)
}

extension DetectionError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noHead(let network):
      "\(network): error: the network has no detection head\nhelp: use 'classify', or a cfg that ends"
        + " in [yolo], [Gaussian_yolo], [region] or [detection]"
    case .noScores(let network, let section):
      "\(network): error: the network ends in [\(section)], which scores no classes\nhelp: use"
        + " 'detect', or a cfg that ends in [softmax]"
    case .notFinite(let layer, let section):
      "error: layer \(layer) [\(section)] computed numbers that are not finite\nhelp: run 'penumbra"
        + " weights CFG FILE' to look for NaN and infinity, and check that both belong together"
    }
  }
}

extension Session {
  /// The boxes of one image after `run`, most confident first, in pixels of the image.
  ///
  /// A box that exceeds the threshold for several classes appears once for each.
  public func detections(
    image index: Int = 0, fit: ImageFit, options: DetectionOptions = DetectionOptions()
  ) throws(DetectionError) -> [Detection] {
    try plan.graph.detections(fit: fit, options: options) { layer, body throws(DetectionError) in
      try withOutput(layer: layer, image: index, body)
    }
  }

  /// The network's scores for one image after `run`, most probable first; equal ones by class.
  ///
  /// Source: Darknet `utils.c` (`top_k`), and `tree.c` for a hierarchy.
  public func scores(image index: Int = 0) throws(DetectionError) -> [ClassScore] {
    let graph = plan.graph
    let layer = graph.outputLayer
    let node = graph.nodes[layer]
    guard !(node.layer is any DetectionHead) else {
      throw .noScores(network: graph.name, section: node.name)
    }
    return try withOutput(layer: layer, image: index) { values throws(DetectionError) in
      guard values.allSatisfy(\.isFinite) else {
        throw .notFinite(layer: layer, section: node.name)
      }
      var scores = Array(values)
      if let tree = (node.layer as? Softmax)?.tree {
        scores.withUnsafeMutableBufferPointer { tree.multiplyDown($0.baseAddress!) }
      }
      return scores.enumerated().map { ClassScore(classIndex: $0, score: $1) }
        .sorted { ($0.score, $1.classIndex) > ($1.score, $0.classIndex) }
    }
  }
}

/// How probable a classifier holds a class.
public struct ClassScore: Hashable, Sendable, Codable {
  public let classIndex: Int
  public let score: Float

  public init(classIndex: Int, score: Float) {
    self.classIndex = classIndex
    self.score = score
  }
}
