public import PenumbraCfg

/// `[reorg]` (YOLOv2): blocks of pixels become channels, in the order the published weights expect.
///
/// - Source: Darknet `reorg_old_layer.c`, which walks the output with the input's dimensions.
public struct Reorg: Layer {
  public static let spec = SectionSpec(
    "reorg", "Blocks of pixels become channels, in YOLOv2's historic order.",
    keys: [ReorgGeometry.stride, ReorgGeometry.reverse, extra, flatten])

  static let extra = Key(
    "extra", default: 0, in: 0...1 << 20, "Read by the original Darknet alone.", .ignored)
  static let flatten = Key(
    "flatten", default: false, "Read by the original Darknet alone.", .ignored)

  private let geometry: ReorgGeometry
  public var inputs: [Input] { [geometry.input] }
  public var output: Shape { geometry.output }

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    geometry = try ReorgGeometry(&section, upstream: upstream, divides: true)
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    program.emit(
      Rearrange(
        extent: geometry.input.shape, stride: geometry.stride, gathers: !geometry.isReverse),
      inputs, output)
  }
}

extension Reorg: DescribedLayer {
  public var details: LayerDetails { geometry.details }
}
