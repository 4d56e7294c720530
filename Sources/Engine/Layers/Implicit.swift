public import PenumbraCfg

/// `[implicit]` (YOLOR): trained constants, whatever the input.
///
/// - Shape: `filters×atoms×1`.
/// - Source: Darknet `representation_layer.c`.
public struct Implicit: Layer {
  public static let spec = SectionSpec(
    "implicit", "Trained constants, whatever the input (YOLOR).",
    keys: [filters, atoms, mean, deviation])

  static let filters = Key("filters", default: 128, in: 1...1 << 20, "Channels of the output.")
  static let atoms = Key("atoms", default: 1, in: 1...1 << 20, "Height of the output.")
  static let mean = Key("mean", default: 0, "Mean of the initial values.", .training)
  static let deviation = Key(
    "std", default: 0.2, "Half width of the initial values' range.", .training)

  public let inputs: [Input] = []
  public let output: Shape

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    output = Shape(section.read(Self.filters), section.read(Self.atoms), 1)
  }

  public var parameters: [Parameter] { [Parameter(.constants, count: output.count)] }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    program.emit(EmitParameter(parameter: program.parameter(0)), [], output)
  }
}
