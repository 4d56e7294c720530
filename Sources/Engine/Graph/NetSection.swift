public import PenumbraCfg

/// `[net]`: the network's input, and how it is trained.
///
/// Source: Darknet `parser.c` (`parse_net_options`).
public struct NetSection: Sendable {
  public static let spec = SectionSpec(
    "net", aliases: ["network"], "The network's input and how it is trained; the first section.",
    keys: inferenceKeys + TrainingKeys.net)

  static let width = Key(
    "width", default: 0, in: 0...65536, "Width of the network's input, in pixels."
  ).example("416")
  static let height = Key(
    "height", default: 0, in: 0...65536, "Height of the network's input, in pixels."
  ).example("416")
  static let channels = Key(
    "channels", default: 0, in: 0...4096, "Channels of the input: 3 (red, green, blue) or 1."
  ).example("3")
  static let inputs = Key<Int?>(
    "inputs", defaultText: "width x height x channels", in: 0...1 << 30,
    "Length of a flat input, for networks that do not read images.")
  static let batch = Key(
    "batch", default: 1, in: 1...1_000_000, "Images of one training step.",
    quirk: "Inference takes one image at a time whatever it says.", .training)
  static let subdivisions = Key(
    "subdivisions", default: 1, in: 1...1_000_000, "Parts in which a training step is computed.",
    .training)
  static let timeSteps = Key(
    "time_steps", default: 1, in: 1...1_000_000, "Steps of a sequence; recurrent networks only.",
    .training)
  static let letterBox = Key(
    "letter_box", default: false,
    "Keep the picture's proportions and fill the rest with grey, instead of stretching it.")

  private static var inferenceKeys: [any KeyDescription] {
    [width, height, channels, inputs, batch, subdivisions, timeSteps, letterBox]
  }

  /// What a forward pass of one image reads.
  public private(set) var input: Shape
  /// Whether the cfg asks for letterboxed pictures.
  public let letterBox: Bool
  public let batch: Int
  public let subdivisions: Int

  /// Reads the section; `size` replaces the width and height that it states.
  init(_ section: inout SectionReader, size: (width: Int, height: Int)?) {
    let stated = (section.read(Self.width), section.read(Self.height))
    let (width, height) = size ?? stated
    let channels = section.read(Self.channels)
    let inputs = section.read(Self.inputs)
    letterBox = section.read(Self.letterBox)
    batch = section.read(Self.batch)
    subdivisions = section.read(Self.subdivisions)
    if batch % subdivisions != 0 {
      section.report(.unevenBatch(batch, subdivisions: subdivisions), at: Self.subdivisions)
    }
    if width > 0, height > 0, channels > 0 {
      input = Shape(channels, height, width)
      if let inputs, inputs != input.count {
        section.report(.inputsDiffer(inputs, image: input), at: Self.inputs)
      }
    } else if let inputs, inputs > 0 {
      input = .vector(inputs)
    } else {
      let missing = [("width", width), ("height", height), ("channels", channels)]
        .filter { $0.1 <= 0 }.map(\.0)
      if !section.hasErrors { section.report(.missingInputSize(missing)) }
      input = Shape(max(channels, 3), 416, 416)
    }
  }

  /// Puts a usual size in the place of one that cannot be meant, so that the rest can be read.
  mutating func guessInput() { input = Shape(3, 416, 416) }
}
