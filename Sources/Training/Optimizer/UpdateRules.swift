public import PenumbraCfg
public import PenumbraEngine

/// How the tensors of a network take part in updates, as its layers' keys say.
///
/// Source: Darknet `network_kernels.cu` (`update_network_gpu`), `convolutional_kernels.cu`; there
/// most of these keys work on a graphics card alone.
public struct UpdateRules: Sendable {
  /// One tensor that learns.
  struct Tensor: Sendable {
    let id: ParameterID
    let role: Parameter.Role
    let count: Int
    /// Whether it is drawn to 0 by momentum's decay.
    let decays: Bool
    /// Of the learning rate; below 0 for a layer with `reverse`.
    let rateFactor: Float
    /// Bounds the numbers after an update; 0 does not.
    let clip: Float
    /// Filters whose gradients have their mean subtracted; 0 for none.
    let centeredFilters: Int
    /// The first iteration that changes it.
    let firstIteration: Int
  }

  let tensors: [Tensor]
  /// No gradient reaches this layer or those before it; -1 where all learn.
  public let lastFrozenLayer: Int

  /// - Throws: the keys that cannot be used, all at once.
  public init(_ graph: Graph, _ hyperparameters: Hyperparameters) throws(CfgError) {
    var layers: [LayerKeys] = []
    var wrong: [Diagnostic] = []
    for node in graph.nodes {
      do throws(CfgError) {
        layers.append(try LayerKeys(node))
      } catch {
        wrong += error.diagnostics
      }
    }
    guard wrong.isEmpty else { throw CfgError(wrong) }

    lastFrozenLayer = layers.lastIndex { $0.stopsBackward == 1 } ?? -1
    let lastNormalizing = layers.lastIndex { $0.trainsOnlyNormalization } ?? -1
    // A layer further on may hold back all before it for some iterations.
    var held = layers.map(\.stopsBackward)
    for index in held.indices.dropLast().reversed() {
      held[index] = max(held[index], held[index + 1])
    }
    var tensors: [Tensor] = []
    for entry in WeightsLayout(graph).entries where entry.id.layer > lastFrozenLayer {
      let (layer, parameter) = (entry.id.layer, entry.parameter)
      let siblings = graph.nodes[layer].layer.parameters
      let isNormalized = siblings.contains { $0.role == .scales }
      guard parameter.role.learns,
        layer > lastNormalizing || isNormalized && !parameter.role.decays
      else { continue }
      let keys = layers[layer]
      let isWeights = parameter.role == .weights
      let filters = siblings.first { $0.role == .biases }?.count ?? 0
      tensors.append(
        Tensor(
          id: entry.id, role: parameter.role, count: parameter.count,
          decays: parameter.role.decays, rateFactor: keys.rateFactor,
          clip: isWeights ? keys.clip : 0,
          centeredFilters: isWeights && keys.centersGradients ? filters : 0,
          firstIteration: max(keys.firstIteration(hyperparameters), held[layer])))
    }
    self.tensors = tensors
  }
}

extension UpdateRules {
  /// - Throws: the keys of one layer that cannot be used.
  static func check(_ node: Graph.Node) throws(CfgError) { _ = try LayerKeys(node) }
}

extension Parameter.Role {
  /// Statistics are gathered, not learnt.
  var learns: Bool { self != .rollingMean && self != .rollingVariance }
  /// Biases and scales are not drawn to 0.
  var decays: Bool { self == .weights || self == .mixingWeights || self == .constants }
}

/// The keys of one layer that say how it is updated.
private struct LayerKeys {
  let rateFactor: Float
  let clip: Float
  let centersGradients: Bool
  let trainsOnlyNormalization: Bool
  /// 0 never, 1 always, else until that iteration.
  let stopsBackward: Int
  private let dontUpdate: Int
  private let burnInUpdate: Float

  init(_ node: Graph.Node) throws(CfgError) {
    var keys = KeyValues(node.section, type(of: node.layer).spec, keys: LayerOptions.keys)
    clip = keys.float("clip", "at least 0") { $0 >= 0 }
    trainsOnlyNormalization = keys.int("train_only_bn") != 0
    stopsBackward = keys.int("stopbackward", "at least 0") { $0 >= 0 }
    dontUpdate = keys.int("dont_update", "at least 0") { $0 >= 0 }
    burnInUpdate = keys.float("burnin_update", "at least 0") { $0 >= 0 }
    var reverse: Float = 0
    var centers = 0
    var ofConvolution: KeyValues?
    // Other sections have keys of these names that mean something else, such as reverse in [reorg].
    if node.layer is Convolutional {
      var own = KeyValues(node.section, Convolutional.spec)
      (reverse, centers) = (own.float("reverse"), own.int("grad_centr"))
      ofConvolution = own
    }
    centersGradients = centers != 0
    rateFactor = keys.float("learning_rate") * (reverse != 0 ? -1 : 1)
    if keys.int("onlyforward") != 0 {
      keys.report(
        .cannotTrain(
          "onlyforward", "a layer without a backward pass",
          help: "use stopbackward=1, which keeps the weights of this layer and those before it;"
            + " their rolling statistics still follow the images"),
        at: "onlyforward")
    }
    try keys.check(with: ofConvolution)
  }

  func firstIteration(_ hyperparameters: Hyperparameters) -> Int {
    let burnIn = Float(hyperparameters.learningRate.burnIn) * burnInUpdate
    return max(dontUpdate > 0 ? dontUpdate + 1 : 0, Int(min(burnIn, 1e9).rounded(.up)))
  }
}
