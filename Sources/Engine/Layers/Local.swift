public import PenumbraCfg
import PenumbraCompute

/// `[local]`: a convolution whose weights differ from place to place.
///
/// - Shape: `pad=0`: `H′ = (H − size) / stride + 1`; else `H′ = (H − 1) / stride + 1`.
/// - Source: Darknet `local_layer.c`.
public struct Local: Layer {
  public static let spec = SectionSpec(
    "local", "A convolution whose weights differ from place to place.",
    keys: [Convolutional.filters, size, Convolutional.stride, pad, activation])

  static let size = Key("size", default: 1, in: 1...255, "Side of the square kernel.")
  static let pad = Key(
    "pad", default: 0, in: 0...255, "Zeros around the image.",
    quirk:
      "Used as a number of pixels; the shape assumes 'same' padding, so only size=3 with pad=1 fits."
  )
  static let activation = ActivationKey.key(default: "logistic")

  public let inputs: [Input]
  public let output: Shape
  private let size: Int
  private let stride: Int
  private let pad: Int
  private let activation: ActivationFunction

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    activation = ActivationKey.read(
      Self.activation, from: &section, warnsWhenAbsent: true)
    ActivationKey.noteZeros(
      activation, Self.activation, zeros: ActivationKey.zerosInPlainDispatch, &section)
    size = section.read(Self.size)
    stride = section.read(Convolutional.stride)
    pad = section.read(Self.pad)
    let filters = section.read(Convolutional.filters)
    let input = try upstream.previousImage(for: section)
    if pad != 0, size != 2 * pad + 1 { section.report(.localPadding(size, pad: pad), at: Self.pad) }
    let reach = pad == 0 ? size : 1
    guard input.shape.height >= reach, input.shape.width >= reach else {
      throw section.error(
        .windowTooLarge(size, input: input.shape, padding: "pad=\(pad)"), at: Self.size)
    }
    inputs = [input]
    output = Shape(
      filters, (input.shape.height - reach) / stride + 1, (input.shape.width - reach) / stride + 1)
  }

  private var window: Int { saturatingProduct(inputs[0].shape.channels, size, size) }

  public var cost: Cost { Cost(multiplyAdds: saturatingProduct(window, output.count)) }

  /// Source: Darknet `parser.c` (`load_weights_upto`): a bias for every output element.
  public var parameters: [Parameter] {
    [
      Parameter(.biases, count: output.count),
      Parameter(.weights, count: saturatingProduct(window, output.count), fanIn: window),
    ]
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    let local = LocalConvolution(
      size: size, stride: stride, padding: pad, biases: program.parameter(0),
      weights: program.parameter(1))
    return program.activate(program.emit(local, inputs, output), activation)
  }
}

extension Local: DescribedLayer {
  public var details: LayerDetails {
    LayerDetails(filters: output.channels, size: size, strideX: stride, strideY: stride)
  }
}
