import PenumbraEngine

/// A layer that has a loss in a network, and that loss.
public struct LayerLoss: Sendable {
  public let layer: Int
  public let loss: any Loss

  public init(layer: Int, loss: any Loss) {
    (self.layer, self.loss) = (layer, loss)
  }
}
