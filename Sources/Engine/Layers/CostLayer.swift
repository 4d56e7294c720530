public import PenumbraCfg

/// `[cost]`: the loss of a classifier; zeros at inference, and never the network's output.
///
/// - Source: Darknet `cost_layer.c`.
public struct CostLayer: TrainingOnlyLayer {
  public static let spec = SectionSpec(
    "cost", "The loss of a classifier; only training computes it.", keys: TrainingKeys.cost)

  public let inputs: [Input]
  public let output: Shape

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    inputs = [upstream.previous]
    output = .vector(upstream.previous.shape.count)
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    program.emit(EmitZeros(), [], output)
  }
}

extension CostLayer: LowersForTraining {
  public func lowerForTraining(
    _ inputs: [ValueID], into program: inout ProgramBuilder
  ) -> ValueID {
    program.emit(CopyElements(), inputs, output)
  }
}
