public import PenumbraCfg

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
