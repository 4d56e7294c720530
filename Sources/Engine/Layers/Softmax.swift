public import PenumbraCfg

/// `[softmax]`: class scores that sum to 1, as a whole or group by group.
///
/// - Source: Darknet `softmax_layer.c`.
public struct Softmax: Layer, ClassScores {
  public static let spec = SectionSpec(
    "softmax", aliases: ["soft"], "Class scores that sum to 1, as a whole or group by group.",
    keys: [groups, temperature, tree, spatial, noLoss])

  static let groups = Key(
    "groups", default: 1, in: 1...1 << 20, "Parts that sum to 1 each.")
  static let temperature = Key<Float>(
    "temperature", default: 1, in: 1e-6...1e6, "Divides the inputs.")
  static let tree = Key<String?>(
    "tree", "File of a class hierarchy; siblings sum to 1. Its path starts at the cfg's folder.")
  static let spatial = Key(
    "spatial", default: 0, "Softmax over the channels of each pixel.",
    quirk: "Only Darknet's graphics-card code honours it; its CPU code, and this, ignore it.")
  static let noLoss = Key("noloss", default: false, "Leave the loss to another layer.", .training)

  public let inputs: [Input]
  public let output: Shape
  /// The class hierarchy, if there is one.
  package let tree: ClassTree?
  /// The sizes of the parts that sum to 1 each.
  package let groups: [Int]
  package let temperature: Float

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    temperature = section.read(Self.temperature)
    let count = upstream.previous.shape.count
    let parts = section.read(Self.groups)
    if section.read(Self.spatial) != 0 {
      section.report(.spatialSoftmax, at: Self.spatial)
    }
    tree = ClassTree.read(Self.tree, &section, upstream)
    if let tree {
      groups = tree.groups
      guard tree.parents.count <= count else {
        throw section.error(
          .treeTooLarge(inputs: count, found: tree.parents.count), at: Self.tree)
      }
    } else {
      guard count % parts == 0 else {
        throw section.error(
          .groups(
            parts, doNotDivide: "the input of \(count)", help: "use a divisor of \(count)"),
          at: Self.groups)
      }
      groups = Array(repeating: count / parts, count: parts)
    }
    inputs = [upstream.previous]
    output = .vector(count)
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    program.emit(
      NormalizeExponentials(groups: groups, temperature: temperature), inputs, output)
  }
}
