public import PenumbraCompute

/// A convolution of each image, and what is done to its result before it is stored.
///
/// `y[f] = activation(scale[f] · Σ weights · x + bias[f])`, cross-correlation, zero outside the image.
public struct Convolution: FusesActivation {
  public enum Weights: Hashable, Sendable {
    case parameter(ParameterID)
    /// The same weights for every network, such as a blur's.
    case constant([Float])
  }

  public let name = "convolution"
  public let geometry: ConvolutionGeometry
  public let weights: Weights
  public internal(set) var epilogue: Epilogue
  /// How the blocked backend computes it where there is a choice.
  public internal(set) var method = ConvolutionMethod.direct
  /// What fast kernels may multiply in; `run` is in double whatever it says.
  public internal(set) var products = Products.fp32

  public enum Products: Hashable, Sendable {
    case fp32, bf16
    case int8(input: ValueRange)

    public var format: NumberFormat {
      switch self {
      case .fp32: .fp32
      case .bf16: .bf16
      case .int8: .int8
      }
    }
  }

  /// What follows the sum: in this order, each only where present.
  public struct Epilogue: Hashable, Sendable {
    public var normalization: Normalization?
    public var bias: ParameterID?
    public var activation: Activation = .linear
  }

  public var activation: Activation {
    get { epilogue.activation }
    set { epilogue.activation = newValue }
  }

  /// Sums in double, output channel by output channel.
  public func run(_ call: borrowing KernelCall) {
    let filters = Int(geometry.filters)
    let plane = geometry.outHeight * geometry.outWidth
    let affine = epilogue.affine(filters: filters, call.weights)
    withWeights(call.weights) { weights in
      for n in 0..<call.batch {
        let (input, output) = (call.inputs[0].image(n), call.output.image(n))
        call.parallel(filters) { filter, _ in
          Reference.convolution(
            geometry, input, weights: weights, into: output, filters: filter..<filter + 1)
          affine.apply(epilogue.activation, to: output + filter * plane, filter, count: plane)
        }
      }
    }
  }

  func withWeights<Result, Failure: Error>(
    _ weights: PenumbraEngine.Weights,
    _ body: (UnsafePointer<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    switch self.weights {
    case .parameter(let id): try body(weights.pointer(id))
    case .constant(let values):
      try values.withUnsafeBufferPointer { values throws(Failure) in
        try body(values.baseAddress!)
      }
    }
  }
}

/// Batch normalisation with the statistics gathered in training, by its parameters.
public struct Normalization: Hashable, Sendable {
  public let biases: ParameterID
  public let scales: ParameterID
  public let means: ParameterID
  public let variances: ParameterID

  /// Source: Darknet `blas.c` (`normalize_cpu`).
  static let epsilon = 1e-5
}

extension Convolution.Epilogue {
  /// One factor and one summand a filter that do the work of normalisation and bias.
  ///
  /// Source: Darknet `network.c` (`fuse_conv_batchnorm`), in double.
  func affine(filters: Int, _ weights: Weights) -> ChannelAffine {
    if let normalization { return ChannelAffine(normalization, channels: filters, weights) }
    guard let bias else { return ChannelAffine(scales: nil, biases: nil) }
    let values = weights.pointer(bias)
    return ChannelAffine(scales: nil, biases: (0..<filters).map { values[$0] })
  }
}

/// `scale · x + bias`, one of each a channel.
struct ChannelAffine: Sendable {
  let scales: [Float]?
  let biases: [Float]?

  init(scales: [Float]?, biases: [Float]?) {
    self.scales = scales
    self.biases = biases
  }

  init(_ normalization: Normalization, channels: Int, _ weights: Weights) {
    let (gammas, betas) = (
      weights.pointer(normalization.scales), weights.pointer(normalization.biases)
    )
    let (means, variances) = (
      weights.pointer(normalization.means), weights.pointer(normalization.variances)
    )
    var (scales, biases): ([Float], [Float]) = ([], [])
    for c in 0..<channels {
      let factor = Double(gammas[c]) / (Double(variances[c]) + Normalization.epsilon).squareRoot()
      scales.append(Float(factor))
      biases.append(Float(Double(betas[c]) - factor * Double(means[c])))
    }
    self.init(scales: scales, biases: biases)
  }

  /// In place on one channel, in double.
  func apply(
    _ activation: Activation, to values: UnsafeMutablePointer<Float>, _ channel: Int, count: Int
  ) {
    var (scale, bias) = (scales?[channel] ?? 1, biases?[channel] ?? 0)
    Reference.activate(
      activation, values, rowStride: count, into: values, rowStride: count, scale: &scale,
      bias: &bias, channels: 1, count: count)
  }
}
