public import PenumbraCfg
import PenumbraCompute

/// `[convolutional]`: filters slid over the maps, batch normalisation or bias, activation, and an
/// optional blur in place of a stride.
///
/// - Shape: `C×H×W` → `filters×H′×W′`, `H′ = (H + 2p − size) / stride + 1`, rounded down.
/// - Source: Darknet `convolutional_layer.c`; the defaults are those of its `parser.c`.
public struct Convolutional: Layer {
  public static let spec = SectionSpec(
    "convolutional", aliases: ["conv"],
    "Filters slid over the maps, then batch normalisation or bias, then the activation.",
    keys: shapeKeys + weightKeys + [activation, antialiasing] + TrainingKeys.convolutional)

  // MARK: Keys

  static let filters = Key(
    "filters", default: 1, in: 1...1 << 20, "Channels of the output.")
  static let size = Key("size", default: 1, in: 1...255, "Side of the square kernel.")
  static let stride = Key(
    "stride", default: 1, in: 1...1024, "Pixels between neighbouring outputs.")
  static let strideX = Key<Int?>(
    "stride_x", defaultText: "stride", in: -1...1024, "The same along the width alone.",
    quirk: "Below 1 it counts as absent.")
  static let strideY = Key<Int?>(
    "stride_y", defaultText: "stride", in: -1...1024, "The same along the height alone.",
    quirk: "Below 1 it counts as absent.")
  static let pad = Key(
    "pad", default: false, "Pad by size / 2 on every side.",
    quirk: "1 means 'keep the size', not one pixel; with size=1 it pads nothing.")
  static let padding = Key(
    "padding", default: 0, in: 0...1024, "Zeros on every side, where 'pad' is 0.")
  static let dilation = Key(
    "dilation", default: 1, in: 1...1024, "Pixels between neighbouring kernel elements.",
    quirk: "Counts as 1 with size=1. Darknet's shapes ignore it, so it needs pad=1 and an odd size."
  )
  static let groups = Key(
    "groups", default: 1, in: -1...1 << 20, "Independent groups of channels and filters.",
    quirk: "Below 1 it counts as 1.")
  static let batchNormalize = Key(
    "batch_normalize", default: false, "Normalise with the statistics of training, then scale.",
    quirk: "Any number but 0 is on; 2 selects another variant for training.")
  static let crossBatch = Key(
    "cbn", default: false, "Batch normalisation over several iterations; the same at inference.")
  static let shareIndex = Key<Int?>(
    "share_index", defaultText: "none", in: -1_000_000...1_000_000,
    "Use the weights of another convolution; the file holds none for this one."
  ).namingLayers()
  static let flipped = Key(
    "flipped", default: false, "The file holds the kernel transposed: inputs x filters.")
  static let binary = Key(
    "binary", default: false, "Binary weights in training; none at inference.")
  static let xnor = Key("xnor", default: false, "Binary weights and inputs: not supported.")
  static let binaryOutput = Key("bin_output", default: false, "Belongs to 'xnor': not supported.")
  static let antialiasing = Key(
    "antialiasing", default: 0, in: 0...2,
    "Convolve with stride 1, then blur (1: 3x3, 2: 2x2) with the stride.",
    quirk: "Darknet gives a later [route] or [shortcut] the size before the blur; here it is after."
  )
  static let activation = ActivationKey.key(default: "logistic")

  private static var shapeKeys: [any KeyDescription] {
    [filters, size, stride, strideX, strideY, pad, padding, dilation, groups]
  }
  private static var weightKeys: [any KeyDescription] {
    [batchNormalize, crossBatch, shareIndex, flipped, binary, xnor, binaryOutput]
  }

  public let inputs: [Input]
  public let output: Shape
  let geometry: ConvolutionGeometry
  let isNormalized: Bool
  package let activation: ActivationFunction
  /// The layer whose weights this one uses.
  let sharedLayer: Int?
  private let isFlipped: Bool
  private let blur: Blur?

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    let input = try upstream.previousImage(for: section)
    activation = ActivationKey.read(
      Self.activation, from: &section, warnsWhenAbsent: true)
    isNormalized = section.read(Self.batchNormalize) || section.read(Self.crossBatch)
    isFlipped = section.read(Self.flipped)
    if section.read(Self.xnor) {
      section.report(.xnor, at: Self.xnor)
    }

    let kind = section.read(Self.antialiasing)
    let strides = Strides(&section)
    geometry = try Self.geometry(
      &section, input.shape, strides: kind == 0 ? strides : Strides(x: 1, y: 1))
    let convolved = Shape(Int(geometry.filters), geometry.outHeight, geometry.outWidth)
    blur = kind == 0 ? nil : Blur(kind: kind, strides: strides, over: convolved)
    if let blur, blur.output.planeCount <= 0 {
      throw section.error(blur.doesNotFit(convolved), at: Self.antialiasing)
    }
    inputs = [input]
    output = blur?.output ?? convolved
    sharedLayer = try Self.sharedLayer(&section, upstream, geometry, isNormalized)
  }

  private static func geometry(
    _ section: inout SectionReader, _ input: Shape, strides: Strides
  ) throws(CfgError) -> ConvolutionGeometry {
    let size = section.read(Self.size)
    let stated = section.read(Self.padding)
    let padding = section.read(Self.pad) ? size / 2 : stated
    if padding != stated, stated != 0 { section.report(.paddingOverruled, at: Self.padding) }
    let dilation = size == 1 ? 1 : section.read(Self.dilation)
    let groups = max(1, section.read(Self.groups))
    let filters = section.read(Self.filters)
    try checkGroups(section, groups: groups, filters: filters, channels: input.channels)
    if dilation > 1, size % 2 == 0 || padding != size / 2 {
      section.report(.dilationGarbage, at: Self.dilation)
    }
    if size == 1, padding > 0 {
      section.report(.paddedPoint, at: Self.padding)
    }
    if size == 1, strides.x == 1, strides.y != 1 { section.report(.stridedPoint, at: Self.strideY) }
    checkDeformation(&section, size: size)
    guard let (height, width) = input.slid(size: size, strides, padding: 2 * padding) else {
      throw section.error(
        .windowTooLarge(size, input: input, padding: "\(padding) pixels on every side"),
        at: Self.size)
    }
    return ConvolutionGeometry(
      channels: input.channels, height: input.height, width: input.width, filters: filters,
      outHeight: height, outWidth: width, size: size, strideX: strides.x, strideY: strides.y,
      padding: padding * dilation, dilation: dilation, groups: groups)
  }

  /// Kernels can be deformed in one way, and only where there is something to deform.
  private static func checkDeformation(_ section: inout SectionReader, size: Int) {
    let used = TrainingKeys.deformations.filter { section.read($0) }
    if used.count > 1 { section.report(.severalDeformations(used.map(\.name)), at: used[1]) }
    if let key = used.first, size == 1 { section.report(.deformedPoint(key.name), at: key) }
  }

  private static func checkGroups(
    _ section: SectionReader, groups: Int, filters: Int, channels: Int
  ) throws(CfgError) {
    for (what, count) in [
      ("the input's \(channels) channels", channels), ("filters=\(filters)", filters),
    ]
    where count % groups != 0 {
      let divisors = (1...max(groups, 1)).filter { channels % $0 == 0 && filters % $0 == 0 }
      throw section.error(
        .groups(
          groups, doNotDivide: what,
          help: "use a divisor of both, for example groups=\(divisors.last ?? 1)"),
        at: Self.groups)
    }
  }

  private static func sharedLayer(
    _ section: inout SectionReader, _ upstream: Upstream, _ geometry: ConvolutionGeometry,
    _ isNormalized: Bool
  ) throws(CfgError) -> Int? {
    guard let reference = section.read(shareIndex) else { return nil }
    guard let shared = upstream.resolve(reference, of: shareIndex, element: 0, &section) else {
      return nil
    }
    guard let other = upstream.nodes[shared.layer].layer as? Convolutional else {
      throw section.error(
        .sharedWithAnother(shared.layer, section: upstream.nodes[shared.layer].section.name),
        at: shareIndex)
    }
    guard geometry.hasWeightsOf(other.geometry), isNormalized == other.isNormalized else {
      throw section.error(
        .sharedWeightsDiffer(
          shared.layer, expected: geometry.weightText(isNormalized),
          found: other.geometry.weightText(other.isNormalized)),
        at: shareIndex)
    }
    return other.sharedLayer ?? shared.layer
  }

  // MARK: Cost and parameters

  /// Weights that the layer multiplies with, be they its own or another layer's.
  package var weightCount: Int { geometry.weightCount }

  public var cost: Cost {
    let multiplyAdds = saturatingProduct(
      geometry.weightCount, geometry.outHeight, geometry.outWidth)
    return Cost(operations: saturatingProduct(2, multiplyAdds), multiplyAdds: multiplyAdds)
  }

  /// Source: Darknet `parser.c` (`load_convolutional_weights`).
  public var parameters: [Parameter] {
    guard sharedLayer == nil else { return [] }
    let filters = Int(geometry.filters)
    let fanIn = geometry.weightCount / filters
    var parameters = [Parameter(.biases, count: filters)]
    if isNormalized {
      parameters += [
        Parameter(.scales, count: filters), Parameter(.rollingMean, count: filters),
        Parameter(.rollingVariance, count: filters),
      ]
    }
    let transposition =
      isFlipped ? Parameter.Transposition(rows: fanIn, columns: filters, condition: .always) : nil
    parameters.append(
      Parameter(
        .weights, count: geometry.weightCount, fanIn: fanIn, transposition: transposition))
    return parameters
  }

  // MARK: Lowering

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    let owner = sharedLayer ?? program.layer
    func parameter(_ index: Int) -> ParameterID { ParameterID(layer: owner, index: index) }

    let convolved = Shape(Int(geometry.filters), geometry.outHeight, geometry.outWidth)
    let convolution = Convolution(
      geometry: geometry, weights: .parameter(parameter(isNormalized ? 4 : 1)),
      epilogue: Convolution.Epilogue(bias: isNormalized ? nil : parameter(0)))
    var value = program.emit(convolution, inputs, convolved)
    if isNormalized {
      let normalize = Normalize(
        normalization: Normalization(
          biases: parameter(0), scales: parameter(1), means: parameter(2), variances: parameter(3)))
      value = program.emit(normalize, [value], convolved)
    }
    value = program.activate(value, activation)
    guard let blur else { return value }
    return program.emit(blur.operation(over: convolved), [value], blur.output)
  }
}

extension ConvolutionGeometry {
  var weightCount: Int { saturatingProduct(channels / groups, filters, size, size) }

  fileprivate func hasWeightsOf(_ other: ConvolutionGeometry) -> Bool {
    size == other.size && filters == other.filters && channels == other.channels
      && groups == other.groups
  }

  fileprivate func weightText(_ isNormalized: Bool) -> String {
    "\(filters) filters of \(size)x\(size)x\(channels / groups)"
      + (isNormalized ? " with batch_normalize=1" : " with batch_normalize=0")
  }
}

// MARK: Table

extension Convolutional: DescribedLayer {
  public var details: LayerDetails {
    LayerDetails(
      filters: geometry.filters, groups: geometry.groups, size: geometry.size,
      strideX: blur?.strides.x ?? geometry.strideX, strideY: blur?.strides.y ?? geometry.strideY,
      dilation: geometry.dilation, blur: blur?.size,
      note: notes.isEmpty ? nil : notes.joined(separator: "; "))
  }

  private var notes: [String] {
    var notes: [String] = []
    if let blur { notes.append("blurred \(blur.size)x\(blur.size)") }
    if let sharedLayer { notes.append("weights of layer \(sharedLayer)") }
    return notes
  }
}
