public import PenumbraCfg

/// `[upsample]`: each element repeated `stride × stride` times; with a negative stride, blocks summed.
///
/// - Source: Darknet `upsample_layer.c`.
public struct Upsample: Layer {
  public static let spec = SectionSpec(
    "upsample", "Each pixel repeated 'stride' times in both directions.", keys: [stride, scale])

  static let stride = Key(
    "stride", default: 2, in: -64...64, "How many times larger the output is.",
    quirk: "Below 0 the output is that many times smaller and sums (not averages) each block.")
  static let scale = Key<Float>("scale", default: 1, "Factor of every output.")

  public let inputs: [Input]
  public let output: Shape
  private let stride: Int
  private let scale: Float

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    stride = section.read(Self.stride)
    scale = section.read(Self.scale)
    let input = try upstream.previousImage(for: section)
    inputs = [input]
    let shape = input.shape
    switch stride {
    case 0:
      throw section.error(.zeroStride, at: Self.stride)
    case 1...:
      output = Shape(shape.channels, shape.height * stride, shape.width * stride)
    default:
      output = Shape(shape.channels, shape.height / -stride, shape.width / -stride)
      guard output.height > 0, output.width > 0 else {
        throw section.error(
          .windowTooLarge(-stride, input: shape, padding: "no padding"), at: Self.stride)
      }
    }
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    let operation: any Operation =
      stride > 0 ? Repeat(stride: stride, scale: scale) : SumBlocks(stride: -stride, scale: scale)
    return program.emit(operation, inputs, output)
  }
}

extension Upsample: DescribedLayer {
  public var details: LayerDetails {
    LayerDetails(note: stride > 0 ? "\(stride) times larger" : "\(-stride) times smaller")
  }
}
