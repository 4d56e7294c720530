public import PenumbraCfg

/// `[dropout]`: nothing at inference.
///
/// - Source: Darknet `dropout_layer.c`.
public struct Dropout: Layer {
  public static let spec = SectionSpec(
    "dropout", "Drops elements at random in training; nothing at inference.",
    keys: TrainingKeys.dropout)

  public let inputs: [Input]
  public var output: Shape { inputs[0].shape }

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    inputs = [upstream.previous]
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    inputs[0]
  }
}

/// `[empty]`, `[silence]`: the layer before, under another number.
///
/// - Source: Darknet `parser.c` (`parse_network_cfg_custom`).
public struct Empty: Layer {
  public static let spec = SectionSpec(
    "empty", aliases: ["silence"], "The layer before, under another number.", keys: [])

  public let inputs: [Input]
  public var output: Shape { inputs[0].shape }

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    inputs = [upstream.previous]
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    inputs[0]
  }
}

/// `[cost]`: the loss of a classifier; zeros at inference, and never the network's output.
///
/// - Source: Darknet `cost_layer.c`.
public struct CostLayer: TrainingOnlyLayer {
  public static let spec = SectionSpec(
    "cost", "The loss of a classifier; only training computes it.", keys: TrainingKeys.cost)

  public let inputs: [Input]
  public let output: Shape

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    inputs = [upstream.previous]
    output = .vector(upstream.previous.shape.count)
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    program.emit(EmitZeros(), [], output)
  }
}

/// `[contrastive]`: a loss over embeddings; zeros at inference.
///
/// - Source: Darknet `contrastive_layer.c`.
public struct Contrastive: TrainingOnlyLayer {
  public static let spec = SectionSpec(
    "contrastive", "A loss over embeddings; only training computes it.",
    keys: [yoloLayer] + TrainingKeys.contrastive)

  static let yoloLayer = Key<Int?>(
    "yolo_layer", defaultText: "required", in: -1_000_000...1_000_000,
    "The [yolo] section whose boxes are compared.", quirk: "0 means none, and Darknet crashes.",
    .training
  ).namingLayers()

  public let inputs: [Input]
  public let output: Shape

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    inputs = [upstream.previous]
    output = .vector(upstream.previous.shape.count)
    Self.checkReference(&section, upstream)
  }

  private static func checkReference(_ section: inout SectionReader, _ upstream: Upstream) {
    let reference = section.read(yoloLayer) ?? 0
    let layer = reference < 0 ? upstream.index + reference : reference
    let named = reference != 0 && upstream.nodes.indices.contains(layer)
    let target = named ? upstream.nodes[layer] : nil
    if target?.layer is Yolo { return }
    section.report(.notAYoloLayer(layer, section: target?.section.name), at: yoloLayer)
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    program.emit(EmitZeros(), [], output)
  }
}

/// `[implicit]` (YOLOR): trained constants, whatever the input.
///
/// - Shape: `filters×atoms×1`.
/// - Source: Darknet `representation_layer.c`.
public struct Implicit: Layer {
  public static let spec = SectionSpec(
    "implicit", "Trained constants, whatever the input (YOLOR).",
    keys: [filters, atoms, mean, deviation])

  static let filters = Key("filters", default: 128, in: 1...1 << 20, "Channels of the output.")
  static let atoms = Key("atoms", default: 1, in: 1...1 << 20, "Height of the output.")
  static let mean = Key("mean", default: 0, "Mean of the initial values.", .training)
  static let deviation = Key(
    "std", default: 0.2, "Half width of the initial values' range.", .training)

  public let inputs: [Input] = []
  public let output: Shape

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    output = Shape(section.read(Self.filters), section.read(Self.atoms), 1)
  }

  public var parameters: [Parameter] { [Parameter(.constants, count: output.count)] }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    program.emit(EmitParameter(parameter: program.parameter(0)), [], output)
  }
}

/// `[crop]`: the middle of the image, and values mapped from 0…1 to −1…1.
///
/// - Source: Darknet `crop_layer.c`.
public struct Crop: Layer {
  public static let spec = SectionSpec(
    "crop", "The middle of the image, its values mapped from 0...1 to -1...1.",
    keys: [height, width, noAdjust] + TrainingKeys.crop)

  static let height = Key("crop_height", default: 1, in: 1...65536, "Height of the output.")
  static let width = Key("crop_width", default: 1, in: 1...65536, "Width of the output.")
  static let noAdjust = Key(
    "noadjust", default: false, "Leave the values as they are.",
    quirk: "Without it every value x becomes 2x - 1, which old classifiers were trained with.")

  public let inputs: [Input]
  public let output: Shape
  private let adjusts: Bool

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    adjusts = !section.read(Self.noAdjust)
    let (height, width) = (section.read(Self.height), section.read(Self.width))
    let input = try upstream.previousImage(for: section)
    guard height <= input.shape.height, width <= input.shape.width else {
      throw section.error(
        .cropTooLarge(width, height, input: input.shape),
        at: height > input.shape.height ? Self.height : Self.width)
    }
    inputs = [input]
    output = Shape(input.shape.channels, height, width)
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    let from = self.inputs[0].shape
    let crop = CropWindow(
      top: (from.height - output.height) / 2, left: (from.width - output.width) / 2)
    let cropped = program.emit(crop, inputs, output)
    guard adjusts else { return cropped }
    return program.emit(ScaleAndShift(scale: 2, shift: -1), [cropped], output)
  }
}
