public import PenumbraCfg

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
