public import PenumbraCfg

/// `[empty]`, `[silence]`: the layer before, under another number.
///
/// - Source: Darknet `parser.c` (`parse_network_cfg_custom`).
public struct Empty: Layer {
  public static let spec = SectionSpec(
    "empty", aliases: ["silence"], "The layer before, under another number.", keys: [])

  public let inputs: [Input]
  public var output: Shape { inputs[0].shape }

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    inputs = [upstream.previous]
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    inputs[0]
  }
}
