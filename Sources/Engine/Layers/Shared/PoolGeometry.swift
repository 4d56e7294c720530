import PenumbraCfg
import PenumbraCompute

/// The keys and the geometry that `[maxpool]` and `[local_avgpool]` share.
///
/// - Shape: `C×H×W` → `C×H′×W′`, `H′ = (H + padding − size) / stride + 1`, rounded down.
/// - Padding counts both sides together; the smaller half lies above and to the left.
struct PoolGeometry: Sendable {
  static let size = Key<Int?>(
    "size", defaultText: "stride", in: 1...1024, "Side of the square window.")
  static let padding = Key<Int?>(
    "padding", defaultText: "size - 1", in: 0...2048,
    "Cells outside the image, both sides together; they do not take part.",
    quirk:
      "The half above and to the left is rounded down, so size=2 with stride=1 pads right and below."
  )

  static var keys: [any KeyDescription] {
    [size, padding, Convolutional.stride, Convolutional.strideX, Convolutional.strideY]
  }

  let input: Input
  let output: Shape
  let window: PoolWindow

  init(
    _ section: inout SectionReader, upstream: Upstream, ignoringStrides: Bool = false
  ) throws(CfgError) {
    let given = Strides(&section)
    let strides = ignoringStrides ? Strides(x: 1, y: 1) : given
    let size = section.read(Self.size) ?? section.read(Convolutional.stride)
    let padding = section.read(Self.padding) ?? size - 1
    input = try upstream.previousImage(for: section)
    guard let (height, width) = input.shape.slid(size: size, strides, padding: padding) else {
      throw section.error(
        .windowTooLarge(size, input: input.shape, padding: "\(padding) pixels in all"),
        at: Self.size)
    }
    output = Shape(input.shape.channels, height, width)
    window = PoolWindow(
      channels: input.shape.channels, height: input.shape.height, width: input.shape.width,
      outHeight: height, outWidth: width, size: size, strideX: strides.x, strideY: strides.y,
      top: padding / 2, left: padding / 2)
    // The first or the last window lies outside the image only when the padding is that large.
    if padding / 2 >= size || (height - 1) * strides.y - padding / 2 >= input.shape.height
      || (width - 1) * strides.x - padding / 2 >= input.shape.width
    {
      throw section.error(.windowSeesNothing(size, padding: padding), at: Self.padding)
    }
  }

  /// One comparison or addition an element of every window.
  var cost: Cost { Cost(operations: saturatingProduct(window.size, window.size, output.count)) }
}

// MARK: Table

extension PoolGeometry {
  var details: LayerDetails {
    LayerDetails(size: window.size, strideX: window.strideX, strideY: window.strideY)
  }
}
