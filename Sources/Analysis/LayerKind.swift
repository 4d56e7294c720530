public import PenumbraEngine

/// What a layer is to those who count and draw networks.
public enum LayerKind: String, Hashable, Sendable, Codable, CaseIterable {
  case convolution
  /// A matrix: `[connected]`.
  case connected
  /// A convolution with weights of its own at every place: `[local]`.
  case local
  case maxPool = "max-pool"
  case averagePool = "average-pool"
  /// The mean of each channel over the whole map: `[avgpool]`.
  case globalPool = "global-pool"
  /// Channels that compete: `[maxout]`, or `[maxpool]` with `maxpool_depth=1`.
  case maxout
  /// Earlier layers, or a part of each, joined along the channels.
  case route
  /// A share of an earlier layer's channels: `[partial]`.
  case partial
  case shortcut
  case upsample
  /// Pixels moved to channels or back: `[reorg]`, `[reorg3d]`.
  case reorg
  /// A map times another one, element by element: `[sam]`.
  case spatialAttention = "spatial-attention"
  /// A map times a number for each channel or pixel: `[scale_channels]`.
  case scaleChannels = "scale-channels"
  /// What turns its input into boxes: `[yolo]` and the like.
  case head
  case softmax
  /// For training only, or nothing at inference: `[cost]`, `[dropout]`, `[empty]`.
  case idle
  /// Whatever else, other packages' layers among them.
  case other

  public init(_ layer: any Layer) {
    self =
      switch layer {
      case is Convolutional: .convolution
      case is Connected: .connected
      case is Local: .local
      case let pool as MaxPool: pool.isMaxout ? .maxout : .maxPool
      case is LocalAveragePool: .averagePool
      case is AveragePool: .globalPool
      case is Maxout: .maxout
      case is Route: .route
      case is Partial: .partial
      case is Shortcut: .shortcut
      case is Upsample: .upsample
      case is Reorg, is Reorg3D: .reorg
      case is SpatialAttention: .spatialAttention
      case is ScaleChannels: .scaleChannels
      case is any DetectionHead: .head
      case is Softmax: .softmax
      case is any TrainingOnlyLayer, is Dropout, is Empty: .idle
      default: .other
      }
  }

  /// Whether the layer only points at what others computed.
  public var isView: Bool { [.route, .partial, .idle].contains(self) }
}
