public import PenumbraCfg

/// `[local_avgpool]`: the mean of the valid values of each window.
///
/// - Source: Darknet `maxpool_layer.c` (`forward_local_avgpool_layer`).
public struct LocalAveragePool: Layer {
  public static let spec = SectionSpec(
    "local_avgpool", aliases: ["local_avg"],
    "The mean of each window, channel by channel; cells outside the image do not count.",
    keys: PoolGeometry.keys)

  private let geometry: PoolGeometry
  public var inputs: [Input] { [geometry.input] }
  public var output: Shape { geometry.output }
  public var cost: Cost { geometry.cost }

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    geometry = try PoolGeometry(&section, upstream: upstream)
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    program.emit(Pool(kind: .mean, window: geometry.window), inputs, output)
  }
}

extension LocalAveragePool: DescribedLayer {
  public var details: LayerDetails { geometry.details }
}
