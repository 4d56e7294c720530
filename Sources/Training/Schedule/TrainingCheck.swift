public import PenumbraCfg
import PenumbraData
public import PenumbraEngine

/// What training would refuse in a cfg that inference accepts.
public enum TrainingCheck {
  /// Every error that the start of a training would report, in the same words and at the same place.
  ///
  /// Files that the cfg names are not read.
  public static func diagnostics(_ file: CfgFile, _ graph: Graph) -> [Diagnostic] {
    guard let net = file.sections.first else { return [] }
    var found: [Diagnostic] = []
    func collect(_ body: () throws -> Void) {
      do { try body() } catch {
        let new = (error as? CfgError)?.diagnostics ?? []
        found += new.filter { !found.contains($0) }
      }
    }
    collect { _ = try Hyperparameters(net: net) }
    let head = graph.heads.last.map { graph.nodes[$0.layer].section }
    collect { _ = try Augmentation(net: net, head: head) }
    if net.hasPictures { collect { _ = try MultiScale(net: net, head: head, seed: 1) } }
    for node in graph.nodes {
      collect { try UpdateRules.check(node) }
      guard let layer = node.layer as? any LossLayer, node.namesNoFile else { continue }
      collect { _ = try layer.makeLoss(node.section, net: net) }
    }
    if graph.nodes.allSatisfy(\.namesNoFile) {
      collect { _ = try LayerLoss.losses(of: graph, net: net) }
    }
    return found
  }
}

extension CfgFile.Section {
  /// Whether `[net]` states the size of pictures, without which there are no sizes to train at.
  fileprivate var hasPictures: Bool { entry("width") != nil && entry("height") != nil }
}

extension Graph.Node {
  fileprivate var namesNoFile: Bool { section.entry("map") == nil }
}
