public import PenumbraCfg

/// What `[scale_channels]` and `[sam]` share: a map, `from`, and scales from the layer before.
enum AttentionKeys {
  static let from = Key.layers("from", "The map that is scaled; the layer before holds the scales.")
  static let activation = ActivationKey.key(default: "linear")

  static func map(_ section: inout SectionReader, _ upstream: Upstream) throws(CfgError) -> Input {
    let maps = try upstream.resolve(from, example: "-4", &section)
    if maps.count > 1 {
      section.report(.onlyFirstSource, at: from, element: 1)
    }
    return maps[0]
  }

  static func activation(_ section: inout SectionReader) -> ActivationFunction {
    let function = ActivationKey.read(activation, from: &section)
    ActivationKey.noteZeros(
      function, activation, zeros: ActivationKey.zerosInPlainDispatch, &section)
    return function
  }
}

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
