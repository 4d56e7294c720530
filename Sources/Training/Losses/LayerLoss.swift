public import PenumbraCfg
public import PenumbraEngine

/// A layer that has a loss in a network, and that loss.
public struct LayerLoss: Sendable {
  public let layer: Int
  public let loss: any Loss

  public init(layer: Int, loss: any Loss) {
    (self.layer, self.loss) = (layer, loss)
  }

  /// The losses of a network in file order, each counted once.
  ///
  /// A `[cost]` on a `[softmax]` stands for the same loss in older files: the softmax's own counts,
  /// or with `noloss=1` the `[cost]`, in its units. The gradient is `p - target` either way.
  ///
  /// - Parameter net: the section `[net]` of the same file.
  /// - Throws: `CfgError` for losses that there are not and for keys that cannot be used.
  public static func losses(of graph: Graph, net: CfgFile.Section) throws -> [LayerLoss] {
    var losses: [LayerLoss] = []
    for (index, node) in graph.nodes.enumerated() {
      guard let layer = node.layer as? any LossLayer else { continue }
      if layer is Softmax, node.leavesLoss { continue }
      var place = index
      if layer is CostLayer, let read = layer.inputs.first?.layer, read >= 0 {
        if graph.nodes[read].layer is Softmax {
          guard graph.nodes[read].leavesLoss else { continue }
          place = read
        }
        let source = graph.source(of: index)
        if let first = losses.first(where: { graph.source(of: $0.layer) == source }) {
          throw CfgError([
            Diagnostic(
              .secondLoss(node.name, first: first.layer), at: node.section.location,
              sourceLine: node.section.sourceLine)
          ])
        }
      }
      losses.append(
        LayerLoss(layer: place, loss: try layer.makeLoss(node.section, net: net)))
    }
    return losses
  }
}

extension Graph.Node {
  /// Whether a softmax has `noloss=1`.
  fileprivate var leavesLoss: Bool {
    var keys = KeyValues(section, Softmax.spec)
    return keys.flag("noloss")
  }
}

extension Graph {
  /// The layer whose output a chain of `[cost]` sections reads.
  fileprivate func source(of layer: Int) -> Int {
    var layer = layer
    while layer >= 0, nodes[layer].layer is CostLayer, let input = nodes[layer].layer.inputs.first {
      layer = input.layer
    }
    return layer
  }
}
