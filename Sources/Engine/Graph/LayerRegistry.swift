import PenumbraCfg

/// The sections that a graph can be built from.
///
/// Other packages add a layer by passing `LayerRegistry.builtin + [Theirs.self]`.
public struct LayerRegistry: Sendable {
  public let layers: [any Layer.Type]
  private let byName: [String: any Layer.Type]

  public init(_ layers: [any Layer.Type]) {
    self.layers = layers
    byName = Dictionary(
      layers.flatMap { layer in layer.spec.names.map { ($0, layer) } },
      uniquingKeysWith: { _, last in last })
  }

  public static func + (registry: LayerRegistry, more: [any Layer.Type]) -> LayerRegistry {
    LayerRegistry(registry.layers + more)
  }

  public subscript(name: String) -> (any Layer.Type)? { byName[name] }
  /// Every name and alias, for the search for misspelt ones.
  public var names: [String] { layers.flatMap { $0.spec.names } }

  public static let builtin = LayerRegistry([
    Convolutional.self, MaxPool.self, LocalAveragePool.self, AveragePool.self, Route.self,
    Partial.self, Shortcut.self, Maxout.self, Upsample.self, ScaleChannels.self,
    SpatialAttention.self, Dropout.self, Reorg.self, Reorg3D.self, Connected.self, Softmax.self,
    CostLayer.self, Crop.self, Local.self, BatchNormalization.self, ActivationLayer.self,
    LocalResponseNormalization.self, Implicit.self, Empty.self, Yolo.self, GaussianYolo.self,
    Region.self, DetectionGrid.self, Contrastive.self,
  ])
}
