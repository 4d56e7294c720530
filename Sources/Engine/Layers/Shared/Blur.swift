import PenumbraCfg
import PenumbraCompute

/// A fixed depthwise blur that takes over the stride of a convolution or a pool.
struct Blur: Sendable {
  let size: Int
  let padding: Int
  let output: Shape
  let strides: Strides
  private let kernel: [Float]

  init(kind: Int, strides: Strides, over input: Shape) {
    size = kind == 1 ? 3 : 2
    padding = kind == 1 ? 1 : 0
    kernel = kind == 1 ? [1, 2, 1, 2, 4, 2, 1, 2, 1].map { $0 / 16 } : [0.25, 0.25, 0.25, 0.25]
    self.strides = strides
    let (height, width) = input.slid(size: size, strides, padding: 2 * padding) ?? (0, 0)
    output = Shape(input.channels, height, width)
  }

  func doesNotFit(_ input: Shape) -> Problem {
    .windowTooLarge(size, input: input, padding: "padding \(padding), the blur of 'antialiasing'")
  }

  func operation(over input: Shape) -> Convolution {
    let channels = input.channels
    let geometry = ConvolutionGeometry(
      channels: channels, height: input.height, width: input.width, filters: channels,
      outHeight: output.height, outWidth: output.width, size: size, strideX: strides.x,
      strideY: strides.y, padding: padding, dilation: 1, groups: channels)
    let weights = (0..<channels).flatMap { _ in kernel }
    return Convolution(geometry: geometry, weights: .constant(weights), epilogue: .init())
  }
}
