public import PenumbraCfg

/// `[avgpool]`: the mean of each channel.
///
/// - Source: Darknet `avgpool_layer.c`.
public struct AveragePool: Layer {
  public static let spec = SectionSpec(
    "avgpool", aliases: ["avg"], "The mean of each channel over the whole map.", keys: [])

  public let inputs: [Input]
  public let output: Shape

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    let input = try upstream.previousImage(for: section)
    inputs = [input]
    output = Shape(input.shape.channels, 1, 1)
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    program.emit(GlobalAverage(), inputs, output)
  }
}
