/// The ranges of the inputs of a network's convolutions, as `penumbra calibrate` found them: what
/// bytes need to stand for floats. Belongs to a cfg and its weights.
public struct Calibration: Codable, Hashable, Sendable {
  /// The cfg's name, for messages.
  public var cfg: String
  /// Numbers in the weights file, so that a calibration of another network is noticed.
  public var parameters: Int
  public var images: Int
  public var inputs: [LayerInput]

  /// What one layer reads.
  public struct LayerInput: Codable, Hashable, Sendable {
    public var layer: Int
    public var low: Float
    public var high: Float

    public init(layer: Int, low: Float, high: Float) {
      self.layer = layer
      self.low = low
      self.high = high
    }
  }

  public init(cfg: String, parameters: Int, images: Int, inputs: [LayerInput]) {
    self.cfg = cfg
    self.parameters = parameters
    self.images = images
    self.inputs = inputs
  }

  public func range(ofInputTo layer: Int) -> ValueRange? {
    inputs.first { $0.layer == layer }.map { ValueRange(low: $0.low, high: $0.high) }
  }
}
