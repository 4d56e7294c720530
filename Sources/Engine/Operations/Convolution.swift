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
  /// The same of its input's gradient, in training.
  public internal(set) var inputGradientMethod = ConvolutionMethod.direct
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

extension Convolution: Differentiable {
  public var keeps: KeptTensors { .inputs }

  public var parameters: [ParameterID] {
    var parameters = epilogue.bias.map { [$0] } ?? []
    if case .parameter(let id) = weights { parameters.append(id) }
    return parameters
  }

  public func backward(_ call: borrowing BackwardCall) {
    precondition(epilogue.isTrainable, "activations and normalisations are trained as steps")
    if case .parameter(let id) = weights { addWeightGradients(call, id) }
    if let bias = epilogue.bias { call.addChannelSums(to: bias) }
    addInputGradient(call)
  }

  /// The outputs that row or column `tap` of the kernels meets the image at.
  private func rows(_ tap: Int) -> Range<Int> {
    outputsMet(
      tap: tap, stride: geometry.strideY, dilation: geometry.dilation, padding: geometry.padding,
      inputs: geometry.height, outputs: geometry.outHeight)
  }
  private func columns(_ tap: Int) -> Range<Int> {
    outputsMet(
      tap: tap, stride: geometry.strideX, dilation: geometry.dilation, padding: geometry.padding,
      inputs: geometry.width, outputs: geometry.outWidth)
  }

  /// How far the input of an output at row and column 0 lies from the image's first pixel.
  private func start(_ ky: Int, _ kx: Int) -> Int {
    (ky * geometry.dilation - geometry.padding) * geometry.width
      + kx * geometry.dilation - geometry.padding
  }

  private func addWeightGradients(_ call: borrowing BackwardCall, _ id: ParameterID) {
    let g = geometry
    let (depth, filters, size) = (g.channels / g.groups, g.filters / g.groups, g.size)
    let (plane, outPlane) = (g.height * g.width, g.outHeight * g.outWidth)
    let (input, gradient, batch) = (call.inputs[0], call.outputGradient, call.batch)
    let sums = call.parameterGradients.pointer(id)
    call.parallel(g.filters) { f, _ in
      for c in 0..<depth {
        for tap in 0..<size * size {
          let (ky, kx) = (tap / size, tap % size)
          var sum = 0.0
          for n in 0..<batch {
            let x = input.image(n) + (f / filters * depth + c) * plane
            let dy = gradient.image(n) + f * outPlane
            for oy in rows(ky) {
              for ox in columns(kx) {
                let cell = start(ky, kx) + oy * g.strideY * g.width + ox * g.strideX
                sum += Double(dy[oy * g.outWidth + ox]) * Double(x[cell])
              }
            }
          }
          sums[(f * depth + c) * size * size + tap] += Float(sum)
        }
      }
    }
  }

  private func addInputGradient(_ call: borrowing BackwardCall) {
    guard let target = call.gradientToAddTo(0) else { return }
    let g = geometry
    let (depth, filters, size) = (g.channels / g.groups, g.filters / g.groups, g.size)
    let (plane, outPlane) = (g.height * g.width, g.outHeight * g.outWidth)
    let (gradient, batch) = (call.outputGradient, call.batch)
    withWeights(call.weights) { weights in
      call.parallel(g.channels) { channel, _ in
        let (group, c) = (channel / depth, channel % depth)
        for n in 0..<batch {
          let dx = target.image(n) + channel * plane
          for f in group * filters..<(group + 1) * filters {
            let dy = gradient.image(n) + f * outPlane
            for tap in 0..<size * size {
              let (ky, kx) = (tap / size, tap % size)
              let weight = weights[(f * depth + c) * size * size + tap]
              for oy in rows(ky) {
                for ox in columns(kx) {
                  let cell = start(ky, kx) + oy * g.strideY * g.width + ox * g.strideX
                  dx[cell] += weight * dy[oy * g.outWidth + ox]
                }
              }
            }
          }
        }
      }
    }
  }
}

extension Convolution.Epilogue {
  /// Whether it is nothing but a bias.
  var isTrainable: Bool { normalization == nil && activation == .linear }
}

extension BackwardCall {
  /// Adds what reaches each channel of the output to a parameter's gradient: that of a bias.
  func addChannelSums(to bias: ParameterID) {
    let (shape, plane) = (outputGradient.shape, outputGradient.shape.planeCount)
    let sums = parameterGradients.pointer(bias)
    for c in 0..<shape.channels {
      var sum = 0.0
      for n in 0..<batch {
        let dy = outputGradient.image(n) + c * plane
        for i in 0..<plane { sum += Double(dy[i]) }
      }
      sums[c] += Float(sum)
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
