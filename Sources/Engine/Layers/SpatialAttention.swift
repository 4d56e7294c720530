public import PenumbraCfg

/// `[sam]`: spatial attention, the layer before times `from`, element by element.
///
/// - Source: Darknet `sam_layer.c`.
public struct SpatialAttention: Layer {
  public static let spec = SectionSpec(
    "sam", "Spatial attention: the layer before times an earlier one, element by element.",
    keys: [AttentionKeys.from, AttentionKeys.activation])

  public let inputs: [Input]
  public let output: Shape
  private let activation: ActivationFunction

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    activation = AttentionKeys.activation(&section)
    let map = try AttentionKeys.map(&section, upstream)
    guard map.shape == upstream.previous.shape else {
      throw section.error(
        .attentionDiffers(map, from: upstream.previous.shape), at: AttentionKeys.from)
    }
    inputs = [upstream.previous, map]
    output = map.shape
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    program.activate(program.emit(Multiply(), inputs, output), activation)
  }
}
