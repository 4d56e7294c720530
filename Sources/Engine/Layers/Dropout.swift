public import PenumbraCfg

/// `[dropout]`: nothing at inference.
///
/// - Source: Darknet `dropout_layer.c`.
public struct Dropout: Layer {
  public static let spec = SectionSpec(
    "dropout", "Drops elements at random in training; nothing at inference.",
    keys: [probability] + TrainingKeys.dropout)

  static let probability = Key<Float>(
    "probability", default: 0.2, in: 0...1, "Share of the elements dropped.",
    quirk: "0.5 in the original Darknet.", .training)

  public let inputs: [Input]
  private let probability: Float
  public var output: Shape { inputs[0].shape }

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    probability = section.read(Self.probability)
    inputs = [upstream.previous]
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    inputs[0]
  }
}

extension Dropout: LowersForTraining {
  public func lowerForTraining(
    _ inputs: [ValueID], into program: inout ProgramBuilder
  ) -> ValueID {
    guard probability > 0 else { return inputs[0] }
    return program.emit(
      DropElements(probability: probability, layer: program.layer), inputs, output)
  }
}
