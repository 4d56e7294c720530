public import PenumbraCfg

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
