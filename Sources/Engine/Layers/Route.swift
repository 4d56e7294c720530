public import PenumbraCfg

/// `[route]`: earlier layers joined along the channels, or a part of each.
///
/// - Shape: `Cᵢ×H×W` → `(Σ Cᵢ / groups)×H×W`. Each input is divided by itself: part `group_id` of
///   every one is joined.
/// - Source: Darknet `route_layer.c`.
public struct Route: Layer {
  public static let spec = SectionSpec(
    "route", "Earlier layers joined along the channels, or one of 'groups' parts of each.",
    keys: [layers, groups, groupID] + TrainingKeys.streams)

  static let layers = Key.layers(
    "layers", "The layers joined, in this order.",
    quirk: "0 is the first layer. Darknet does not check the numbers.")
  static let groups = Key(
    "groups", default: 1, in: 1...1 << 20, "Parts each layer is divided into.")
  static let groupID = Key(
    "group_id", default: 0, in: 0...1 << 20, "Which part is taken, from 0.")

  public let inputs: [Input]
  public let output: Shape
  private let groups: Int
  private let group: Int

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    inputs = try upstream.resolve(Self.layers, example: "-1,-3", &section)
    groups = section.read(Self.groups)
    group = section.read(Self.groupID)
    let first = inputs[0].shape
    for (element, input) in inputs.enumerated() {
      let shape = input.shape
      if shape.height != first.height || shape.width != first.width
        || shape.isImage != first.isImage
      {
        section.report(
          .routeSizesDiffer(input, from: inputs[0], stride: upstream.stride), at: Self.layers,
          element: element)
      } else if shape.channels % groups != 0 {
        section.report(
          .groups(
            groups, doNotDivide: "the \(shape.channels) channels of layer \(input.layer)",
            help: "use a divisor of \(shape.channels)"),
          at: Self.groups)
      }
    }
    if group >= groups {
      throw section.error(.groupOutOfRange(group, groups: groups), at: Self.groupID)
    }
    let parts = groups
    let channels = inputs.reduce(0) { $0 + $1.shape.channels / parts }
    output = first.isImage ? first.with(channels: max(channels, 1)) : .vector(channels)
  }

  /// Parts are views; only joining two or more may have to move anything.
  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    let parts = inputs.map { input in
      guard groups > 1 else { return input }
      let shape = program.shape(of: input)
      let part = shape.count / groups
      return program.view(
        of: input, offset: part * group, shape: shape.with(channels: shape.channels / groups))
    }
    return parts.count == 1 ? parts[0] : program.concatenate(parts, output)
  }
}

extension Route: DescribedLayer {
  public var details: LayerDetails {
    LayerDetails(namesInputs: true, note: groups > 1 ? "part \(group + 1) of \(groups)" : nil)
  }
}
