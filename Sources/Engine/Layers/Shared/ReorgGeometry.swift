import PenumbraCfg

/// The keys and shapes that `[reorg]` and `[reorg3d]` share: space to depth and back.
///
/// - Shape: `C×H×W` → `C·s²×H/s×W/s`, the other way round with `reverse=1`.
struct ReorgGeometry: Sendable {
  static let stride = Key(
    "stride", default: 1, in: 1...64, "Side of the blocks that become channels.")
  static let reverse = Key("reverse", default: false, "Channels become blocks instead.")

  let input: Input
  let output: Shape
  let stride: Int
  let isReverse: Bool

  init(_ section: inout SectionReader, upstream: Upstream, divides: Bool) throws(CfgError) {
    stride = section.read(Self.stride)
    isReverse = section.read(Self.reverse)
    input = try upstream.previousImage(for: section)
    let (shape, block) = (input.shape, stride * stride)
    if isReverse || divides, shape.channels % block != 0 {
      throw section.error(
        .notDivisible(
          "the input's \(shape.channels) channels", by: block, "stride x stride",
          help: "give the layer before a multiple of \(block) filters"),
        at: Self.stride)
    }
    if isReverse {
      output = Shape(shape.channels / block, shape.height * stride, shape.width * stride)
    } else {
      guard shape.height % stride == 0, shape.width % stride == 0 else {
        throw section.error(
          .notDivisible(
            "the input of \(shape.width)x\(shape.height)", by: stride, "stride",
            help: "use a network size that makes both sides multiples of \(stride)"),
          at: Self.stride)
      }
      output = Shape(shape.channels * block, shape.height / stride, shape.width / stride)
    }
  }
}

// MARK: Table

extension ReorgGeometry {
  var details: LayerDetails {
    LayerDetails(strideX: stride, strideY: stride, note: isReverse ? "reverse" : nil)
  }
}
