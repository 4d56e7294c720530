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

  /// What is wrong with a calibration that came from a file, and where; nil where nothing is.
  public var fault: String? {
    guard parameters >= 0 else { return "parameters is \(parameters), expected 0 or more" }
    guard images >= 1 else { return "images is \(images), expected 1 or more" }
    var layers: Set<Int> = []
    for (place, input) in inputs.enumerated() {
      guard input.layer >= 0, layers.insert(input.layer).inserted else {
        return "inputs[\(place)].layer is \(input.layer), expected a layer that has no range yet"
      }
      guard input.low <= 0, input.high >= 0, (input.high - input.low).isFinite else {
        return "inputs[\(place)] is from \(input.low) to \(input.high), expected numbers around 0"
      }
    }
    return nil
  }

  public func range(ofInputTo layer: Int) -> ValueRange? {
    inputs.first { $0.layer == layer }.map { ValueRange(low: $0.low, high: $0.high) }
  }
}
