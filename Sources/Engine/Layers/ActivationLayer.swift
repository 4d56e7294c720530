public import PenumbraCfg

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
