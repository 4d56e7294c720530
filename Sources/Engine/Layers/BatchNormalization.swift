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
