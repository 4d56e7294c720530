public import PenumbraCfg

/// `[scale_channels]`: squeeze and excite. The layer before scales each channel (or, with
/// `scale_wh=1`, each pixel) of `from`.
///
/// - Shape: that of `from`.
/// - Source: Darknet `scale_channels_layer.c`.
public struct ScaleChannels: Layer {
  public static let spec = SectionSpec(
    "scale_channels",
    "Each channel, or each pixel, of a map times the value the layer before gives.",
    keys: [AttentionKeys.from, AttentionKeys.activation, scaleWH])

  static let scaleWH = Key(
    "scale_wh", default: false, "Scale pixels by a one-channel map instead of channels.")

  public let inputs: [Input]
  public let output: Shape
  private let activation: ActivationFunction
  private let scalesPixels: Bool

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    activation = AttentionKeys.activation(&section)
    scalesPixels = section.read(Self.scaleWH)
    let map = try AttentionKeys.map(&section, upstream)
    let scales = upstream.previous
    let expected =
      scalesPixels
      ? Shape(1, map.shape.height, map.shape.width) : Shape(map.shape.channels, 1, 1)
    guard scales.shape == expected else {
      throw section.error(
        .scalesDiffer(scales.shape, of: map, expected: expected, pixels: scalesPixels),
        at: AttentionKeys.from)
    }
    inputs = [map, scales]
    output = map.shape
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    let operation: any Operation = scalesPixels ? ScaleByPixel() : ScaleByChannel()
    return program.activate(program.emit(operation, inputs, output), activation)
  }
}
