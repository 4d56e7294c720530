public import PenumbraCfg

/// `[dropout]`: nothing at inference.
///
/// - Source: Darknet `dropout_layer.c`.
public struct Dropout: Layer {
  public static let spec = SectionSpec(
    "dropout", "Drops elements at random in training; nothing at inference.",
    keys: TrainingKeys.dropout)

  public let inputs: [Input]
  public var output: Shape { inputs[0].shape }

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    inputs = [upstream.previous]
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    inputs[0]
  }
}
