import PenumbraCompute

/// What every layer of a network computed for one input, in the form of the golden cases: enough to
/// find where two programs part ways.
public struct Trace: Codable, Hashable, Sendable {
  public var cfg: String
  public var width: Int
  public var height: Int
  public var channels: Int
  public var weightsFloats: Int?
  public var weightsSeed: UInt64?
  public var inputSeed: UInt64?
  public var layers: [LayerRecord]
  public var detections: Detections?
  /// Of the bytes of `outputs.f32`, by which the file that belongs to this trace is known.
  public var outputsChecksum: String?

  public struct LayerRecord: Codable, Hashable, Sendable {
    public var index: Int
    public var section: String
    /// Channels, height, width; zeros for a flat vector.
    public var shape: [Int]
    public var outputs: Int
    public var bflops: Double
    public var mean: Double
    public var rms: Double
    public var min: Double
    public var max: Double
    /// Pairs of flat index and value.
    public var samples: [Sample]
  }

  /// A place in a layer's output and what stands there, written as `[index, value]`.
  public struct Sample: Codable, Hashable, Sendable {
    public var index: Int
    public var value: Double

    public init(index: Int, value: Double) {
      self.index = index
      self.value = value
    }

    public init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      index = try container.decode(Int.self)
      value = try container.decode(Double.self)
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.unkeyedContainer()
      try container.encode(index)
      try container.encode(value)
    }
  }

  /// The boxes of a network with heads.
  public struct Detections: Codable, Hashable, Sendable {
    /// The image's size in pixels; the network's where the input was not an image.
    public var width: Int
    public var height: Int
    public var thresh: Float
    public var nms: Float
    public var letterbox: Int
    public var detections: [Found]
  }

  /// A box by centre and size, as shares of the image.
  public struct Found: Codable, Hashable, Sendable {
    public var `class`: Int
    public var prob: Float
    public var x: Float
    public var y: Float
    public var w: Float
    public var h: Float
    public var objectness: Float?

    package init(
      class number: Int, prob: Float, x: Float, y: Float, w: Float, h: Float, objectness: Float?
    ) {
      (`class`, self.prob, self.objectness) = (number, prob, objectness)
      (self.x, self.y, self.w, self.h) = (x, y, w, h)
    }
  }

  enum CodingKeys: String, CodingKey {
    case cfg, width, height, channels, layers, detections
    case weightsFloats = "weights_floats"
    case weightsSeed = "weights_seed"
    case inputSeed = "input_seed"
    case outputsChecksum = "outputs_checksum"
  }
}

// MARK: Recording

extension Trace {
  /// How many values of each layer are kept.
  static let samplesPerLayer = 16

  /// Records what a session that keeps all outputs holds after a run.
  public init(_ session: borrowing Session, cfg: String) {
    let graph = session.plan.graph
    self.cfg = cfg
    width = graph.net.input.width
    height = graph.net.input.height
    channels = graph.net.input.channels
    weightsFloats = graph.parameterCount
    layers = []
    for (index, node) in graph.nodes.enumerated() {
      session.withOutput(layer: index) { values in
        layers.append(LayerRecord(index, node, values))
      }
    }
  }

  /// Adds the boxes of the last run.
  public mutating func record(
    _ found: [Detection], fit: ImageFit, options: DetectionOptions, isLetterboxed: Bool
  ) {
    let (width, height) = (Float(fit.imageWidth), Float(fit.imageHeight))
    detections = Detections(
      width: fit.imageWidth, height: fit.imageHeight, thresh: options.threshold,
      nms: options.overlap ?? 1, letterbox: isLetterboxed ? 1 : 0,
      detections: found.map {
        Found(
          class: $0.classIndex, prob: $0.confidence, x: $0.box.x / width, y: $0.box.y / height,
          w: $0.box.width / width, h: $0.box.height / height, objectness: $0.objectness)
      })
  }
}

extension Trace.LayerRecord {
  fileprivate init(_ index: Int, _ node: Graph.Node, _ values: UnsafeBufferPointer<Float>) {
    let shape = node.layer.output
    self.index = index
    section = node.name
    self.shape = shape.isImage ? [shape.channels, shape.height, shape.width] : [0, 0, 0]
    outputs = values.count
    bflops = node.layer.cost.bflops
    var (sum, squares) = (0.0, 0.0)
    var (least, most) = (Double.infinity, -Double.infinity)
    for value in values {
      let value = Double(value)
      sum += value
      squares += value * value
      least = Swift.min(least, value)
      most = Swift.max(most, value)
    }
    let count = Double(Swift.max(1, values.count))
    mean = sum / count
    rms = (squares / count).squareRoot()
    min = values.isEmpty ? 0 : least
    max = values.isEmpty ? 0 : most
    let generator = SplitMix(seed: UInt64(1000 + index))
    samples = (0..<Trace.samplesPerLayer).compactMap { k in
      guard !values.isEmpty else { return nil }
      let place = Int(generator.bits(k) % UInt64(values.count))
      return Trace.Sample(index: place, value: Double(values[place]))
    }
  }
}
