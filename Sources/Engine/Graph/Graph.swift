public import PenumbraCfg

/// A network's layers in file order, their inputs resolved and their shapes known.
public struct Graph: Sendable {
  public struct Node: Sendable {
    public let layer: any Layer
    public let options: LayerOptions
    /// The section the layer was read from.
    public let section: CfgFile.Section

    /// The section's canonical name.
    public var name: String { type(of: layer).spec.name }
  }

  public let net: NetSection
  public let nodes: [Node]
  /// The cfg's name, usually its path.
  public let name: String

  /// Builds the graph of a cfg.
  ///
  /// - Parameter size: replaces the input size that `[net]` states.
  /// - Throws: every error of the file at once, with its warnings, in line order.
  public init(
    _ file: CfgFile, registry: LayerRegistry = .builtin, size: (width: Int, height: Int)? = nil
  ) throws(CfgError) {
    let result = Graph.check(file, registry: registry, size: size)
    guard let graph = result.graph else { throw CfgError(result.diagnostics) }
    self = graph
  }

  package init(net: NetSection, nodes: [Node], name: String) {
    self.net = net
    self.nodes = nodes
    self.name = name
  }

  /// The index of the layer whose output is the network's: the last that is not for training only.
  public var outputLayer: Int {
    nodes.lastIndex { !($0.layer is any TrainingOnlyLayer) } ?? nodes.count - 1
  }

  /// The detection heads and their indices, in file order.
  public var heads: [(layer: Int, head: any DetectionHead)] {
    nodes.enumerated().compactMap { index, node in
      (node.layer as? any DetectionHead).map { (index, $0) }
    }
  }

  /// How the heads want overlapping boxes suppressed: as the last one says that says anything.
  ///
  /// Source: Darknet `detector.c`, where the last `[yolo]`, `[Gaussian_yolo]` or `[region]` decides.
  public var suppression: Suppression {
    heads.reversed().lazy.compactMap(\.head.suppression).first ?? Suppression()
  }

  /// The number of classes that the heads, or else the last layer, tell apart.
  public var classes: Int {
    heads.last?.head.classes ?? nodes[outputLayer].layer.output.count
  }

  /// Darknet's BFLOPs for one image.
  public var bflops: Double { nodes.reduce(0) { $0 + $1.layer.cost.bflops } }
  /// Multiply-adds of convolutions, connected and local layers for one image.
  public var multiplyAdds: Int {
    nodes.reduce(0) { saturatingSum($0, $1.layer.cost.multiplyAdds) }
  }
  /// Numbers in the weights file; `Int.max` where they cannot be counted.
  public var parameterCount: Int {
    nodes.reduce(0) { sum, node in
      node.layer.parameters.reduce(sum) { saturatingSum($0, $1.count) }
    }
  }
}
