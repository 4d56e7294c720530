public import PenumbraCfg

/// `[reorg3d]`: blocks of pixels become channels, block offset by block offset.
///
/// - Source: Darknet `reorg_layer.c`.
public struct Reorg3D: Layer {
  public static let spec = SectionSpec(
    "reorg3d", "Blocks of pixels become channels, all channels of one offset together.",
    keys: [ReorgGeometry.stride, ReorgGeometry.reverse])

  private let geometry: ReorgGeometry
  public var inputs: [Input] { [geometry.input] }
  public var output: Shape { geometry.output }

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    geometry = try ReorgGeometry(&section, upstream: upstream, divides: false)
    if geometry.isReverse {
      section.report(.reverseReorg3D, at: ReorgGeometry.reverse)
    }
  }

  /// The reverse walks the input, which is what the forward direction wrote.
  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    let extent = geometry.isReverse ? geometry.input.shape : output
    return program.emit(
      Rearrange(extent: extent, stride: geometry.stride, gathers: !geometry.isReverse),
      inputs, output)
  }
}

extension Reorg3D: DescribedLayer {
  public var details: LayerDetails { geometry.details }
}
