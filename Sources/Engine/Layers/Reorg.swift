public import PenumbraCfg

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

/// `[reorg]` (YOLOv2): blocks of pixels become channels, in the order the published weights expect.
///
/// - Source: Darknet `reorg_old_layer.c`, which walks the output with the input's dimensions.
public struct Reorg: Layer {
  public static let spec = SectionSpec(
    "reorg", "Blocks of pixels become channels, in YOLOv2's historic order.",
    keys: [ReorgGeometry.stride, ReorgGeometry.reverse, extra, flatten])

  static let extra = Key(
    "extra", default: 0, in: 0...1 << 20, "Read by the original Darknet alone.", .ignored)
  static let flatten = Key(
    "flatten", default: false, "Read by the original Darknet alone.", .ignored)

  private let geometry: ReorgGeometry
  public var inputs: [Input] { [geometry.input] }
  public var output: Shape { geometry.output }

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    geometry = try ReorgGeometry(&section, upstream: upstream, divides: true)
  }

  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    program.emit(
      Rearrange(
        extent: geometry.input.shape, stride: geometry.stride, gathers: !geometry.isReverse),
      inputs, output)
  }
}

/// `[reorg3d]`: blocks of pixels become channels, block offset by block offset.
///
/// - Source: Darknet `reorg_layer.c`.
public struct Reorg3D: Layer {
  public static let spec = SectionSpec(
    "reorg3d", "Blocks of pixels become channels, all channels of one offset together.",
    keys: [ReorgGeometry.stride, ReorgGeometry.reverse])

  private let geometry: ReorgGeometry
  public var inputs: [Input] { [geometry.input] }
  public var output: Shape { geometry.output }

  public init(_ section: inout SectionReader, upstream: Upstream) throws(CfgError) {
    geometry = try ReorgGeometry(&section, upstream: upstream, divides: false)
    if geometry.isReverse {
      section.report(.reverseReorg3D, at: ReorgGeometry.reverse)
    }
  }

  /// The reverse walks the input, which is what the forward direction wrote.
  public func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    let extent = geometry.isReverse ? geometry.input.shape : output
    return program.emit(
      Rearrange(extent: extent, stride: geometry.stride, gathers: !geometry.isReverse),
      inputs, output)
  }
}

// MARK: Table

extension ReorgGeometry {
  var details: LayerDetails {
    LayerDetails(strideX: stride, strideY: stride, note: isReverse ? "reverse" : nil)
  }
}

extension Reorg: DescribedLayer {
  public var details: LayerDetails { geometry.details }
}

extension Reorg3D: DescribedLayer {
  public var details: LayerDetails { geometry.details }
}
