public import PenumbraCfg

/// `[batchnorm]`: batch normalisation by itself, with the arithmetic of `[convolutional]`.
///
/// - Source: Darknet `batchnorm_layer.c`.
public struct BatchNormalization: Layer {
  public static let spec = SectionSpec(
    "batchnorm", "Each channel normalised with the statistics of training, then scaled.", keys: [])

  public let inputs: [Input]
  public var output: Shape { inputs[0].shape }

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    inputs = [try upstream.previousImage(for: section)]
  }

  /// Source: Darknet `parser.c` (`load_batchnorm_weights`).
  public var parameters: [Parameter] {
    let roles: [Parameter.Role] = [.biases, .scales, .rollingMean, .rollingVariance]
    return roles.map { Parameter($0, count: output.channels) }
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    let normalization = Normalization(
      biases: program.parameter(0), scales: program.parameter(1), means: program.parameter(2),
      variances: program.parameter(3))
    return program.emit(Normalize(normalization: normalization), inputs, output)
  }
}

/// `[activation]`: an activation by itself.
///
/// - Source: Darknet `activation_layer.c`.
public struct ActivationLayer: Layer {
  public static let spec = SectionSpec(
    "activation", "An activation by itself.", keys: [activation])

  static let activation = ActivationKey.key(default: "linear")

  public let inputs: [Input]
  public var output: Shape { inputs[0].shape }
  private let activation: ActivationFunction

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    activation = ActivationKey.read(Self.activation, from: &section)
    ActivationKey.noteZeros(
      activation, Self.activation, zeros: ActivationKey.zerosInPlainDispatch, &section)
    inputs = [upstream.previous]
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    program.activate(inputs[0], activation)
  }
}

/// `[normalization]`: local response normalisation across channels.
///
/// - Source: Darknet `normalization_layer.c`.
public struct LocalResponseNormalization: Layer {
  public static let spec = SectionSpec(
    "normalization", aliases: ["lrn"], "Local response normalisation across channels.",
    keys: [alpha, beta, kappa, size])

  static let alpha = Key("alpha", default: 0.0001, "Factor of the neighbours' energy.")
  static let beta = Key("beta", default: 0.75, "Power of the divisor.")
  static let kappa = Key<Float>("kappa", default: 1, "Summand of the divisor.")
  static let size = Key(
    "size", default: 5, in: 1...1024, "Channels whose energy is summed.",
    quirk: "Channel size/2 is left out of the sum at first, and subtracted later all the same.")

  public let inputs: [Input]
  public var output: Shape { inputs[0].shape }
  private let operation: NormalizeAcrossChannels

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    operation = NormalizeAcrossChannels(
      size: section.read(Self.size), alpha: section.read(Self.alpha),
      beta: section.read(Self.beta), kappa: section.read(Self.kappa))
    inputs = [try upstream.previousImage(for: section)]
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    program.emit(operation, inputs, output)
  }
}
