public import PenumbraEngine

/// What a network takes for one image, layer by layer and in all.
///
/// ```swift
/// let cost = NetworkCost(graph)
/// print(cost.total.paperBFLOPs, cost.total.weights, cost.bottleneck?.index)
/// ```
public struct NetworkCost: Sendable {
  /// One for each layer, in file order.
  public let layers: [LayerCost]
  public let total: Tally

  public init(_ graph: Graph) {
    layers = zip(graph.nodes, ReceptiveField.fields(of: graph)).enumerated().map {
      LayerCost($1.0, index: $0, field: $1.1)
    }
    total = layers.map(\.tally).total
  }

  /// The sum over some of the layers.
  public func total(of layers: some Sequence<Int>) -> Tally {
    layers.map { self.layers[$0].tally }.total
  }

  // MARK: The computational bottleneck

  /// The layer with the most operations by the paper's convention, the first of equals; nil when no
  /// layer has any. Its cost is the dashed ceiling of the paper's Figure 7.
  public var bottleneck: LayerCost? { heaviest(1).first }

  /// The layers with the most operations by the paper's convention, the heaviest first.
  public func heaviest(_ count: Int) -> [LayerCost] {
    let costly = layers.filter { $0.tally.paperOperations > 0 }
    let ordered = costly.sorted {
      ($0.tally.paperOperations, $1.index) > ($1.tally.paperOperations, $0.index)
    }
    return Array(ordered.prefix(count))
  }

  /// A layer's share of the network's operations, 0 to 1.
  public func share(of layer: LayerCost) -> Double {
    total.paperOperations == 0
      ? 0 : Double(layer.tally.paperOperations) / Double(total.paperOperations)
  }
}

/// What one layer takes.
public struct LayerCost: Sendable {
  public let index: Int
  /// The section's canonical name.
  public let section: String
  public let kind: LayerKind
  /// The layers read; -1 is the network's input.
  public let inputs: [Input]
  public let output: Shape
  public let details: LayerDetails
  public let tally: Tally
  public let field: ReceptiveField

  init(_ node: Graph.Node, index: Int, field: ReceptiveField) {
    self.index = index
    section = node.name
    kind = LayerKind(node.layer)
    inputs = node.layer.inputs
    output = node.layer.output
    details = (node.layer as? any DescribedLayer)?.details ?? LayerDetails()
    tally = Tally(node.layer)
    self.field = field
  }

  /// Elements of all inputs together.
  public var inputCount: Int { inputs.reduce(0) { saturatingSum($0, $1.shape.count) } }
  /// Whether the layer reads the one before it and nothing else.
  public var readsPrevious: Bool { inputs.map(\.layer) == [index - 1] }
  /// Whether the layer has a bar in the paper's Figure 7: every one but routes and shortcuts.
  public var isCharted: Bool { !kind.isView && kind != .shortcut }
}
