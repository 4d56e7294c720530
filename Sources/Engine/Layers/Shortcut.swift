public import PenumbraCfg

/// `[shortcut]`: earlier layers added to the one before.
///
/// - Shape: that of the layer before. A source with fewer channels is added to the first ones, the
///   surplus of one with more is not used; a source of another size is sampled by strides.
/// - Source: Darknet `shortcut_layer.c`; for other sizes, the original Darknet's `blas.c`
///   (`shortcut_cpu`), which the published ResNet weights were trained with.
public struct Shortcut: Layer {
  public static let spec = SectionSpec(
    "shortcut", "Earlier layers added to the one before, plainly or by trained weights.",
    keys: [from, activation, weightsType, weightsNormalization, alpha, beta])

  static let from = Key.layers("from", "The layers added.", quirk: "0 is the first layer.")
  static let activation = ActivationKey.key(default: "linear")
  static let weightsType = Key(
    "weights_type", oneOf: ["none", "per_feature", "per_layer", "per_channel"],
    defaultText: "none", "Weights of the sum: one a map (per_feature, per_layer), or per_channel.")
  static let weightsNormalization = Key(
    "weights_normalization", oneOf: ["none", "relu", "avg_relu", "softmax"], defaultText: "none",
    "How the weights are made to sum to 1; required with 'weights_type'.",
    quirk: "After Darknet's fusing a relu weight counts at least 0.001, and so it does here.")
  static let alpha = Key<Float>(
    "alpha", default: 1, "Factor of the layer before, in the original Darknet alone.", .ignored)
  static let beta = Key<Float>(
    "beta", default: 1, "Factor of the layer added, in the original Darknet alone.", .ignored)

  public let inputs: [Input]
  public let output: Shape
  private let activation: ActivationFunction
  private let mixing: (normalization: MixingNormalization, isPerChannel: Bool)?

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    activation = ActivationKey.read(Self.activation, from: &section)
    ActivationKey.noteZeros(
      activation, Self.activation, zeros: ActivationKey.zerosInShortcut, &section)
    mixing = Self.mixing(&section)
    for factor in [Self.alpha, Self.beta] where section.read(factor) != 1 {
      section.report(.shortcutFactor(factor.name), at: factor)
    }
    let previous = upstream.previous
    let sources = try upstream.resolve(Self.from, example: "-3", &section)
    for (element, source) in sources.enumerated() {
      Self.check(
        source, against: previous.shape, element: element, upstream.stride, &section)
    }
    inputs = [previous] + sources
    output = previous.shape
  }

  private static func mixing(
    _ section: inout SectionReader
  ) -> (normalization: MixingNormalization, isPerChannel: Bool)? {
    let kind = section.read(weightsType) ?? "none"
    let normalization = section.read(weightsNormalization) ?? "none"
    guard kind != "none" else { return nil }
    switch normalization {
    case "relu", "avg_relu": return (.relu, kind == "per_channel")
    case "softmax": return (.softmax, kind == "per_channel")
    default:
      let isStated = section.has(weightsNormalization)
      section.report(
        .mixingNeedsNormalization(stated: isStated),
        at: isStated ? weightsNormalization : weightsType)
      return nil
    }
  }

  private static func check(
    _ source: Input, against target: Shape, element: Int, _ stride: InputStride,
    _ section: inout SectionReader
  ) {
    let shape = source.shape
    guard shape.isImage == target.isImage, dividesEvenly(shape, target) else {
      section.report(
        .shortcutSizesDiffer(source, target: target, stride: stride), at: from, element: element)
      return
    }
    if shape.planeCount != target.planeCount {
      section.report(
        .shortcutSampled(source, target: target), at: from, element: element)
    } else if shape.channels != target.channels {
      section.report(
        .shortcutChannels(source, target: target), at: from, element: element)
    }
  }

  /// Whether one map's sides are the other's times a whole number, rounded as strides round.
  private static func dividesEvenly(_ a: Shape, _ b: Shape) -> Bool {
    max(1, a.width / b.width) == max(1, a.height / b.height)
      && max(1, b.width / a.width) == max(1, b.height / a.height)
  }

  /// An addition an element and source, twice that with weights.
  public var cost: Cost {
    Cost(
      operations: saturatingProduct(output.count, inputs.count - 1, mixing == nil ? 1 : 2))
  }

  /// Source: Darknet `parser.c` (`load_shortcut_weights`): the layer before first, then the sources.
  public var parameters: [Parameter] {
    guard let mixing else { return [] }
    let count = inputs.count * (mixing.isPerChannel ? output.channels : 1)
    return [Parameter(.mixingWeights, count: count)]
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    let weights = mixing.map {
      AddMaps.Mixing(
        parameter: program.parameter(0), normalization: $0.normalization,
        isPerChannel: $0.isPerChannel)
    }
    let sum = program.emit(AddMaps(mixing: weights, inputCount: inputs.count), inputs, output)
    return program.activate(sum, activation)
  }
}

extension Shortcut: DescribedLayer {
  public var details: LayerDetails {
    LayerDetails(namesInputs: true, note: mixing.map { "weighted, \($0.normalization.rawValue)" })
  }
}
