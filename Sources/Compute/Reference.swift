/// The loops of the `reference` backend: plain, accumulating in double precision.
package enum Reference {
  /// y = activation(x · scale + bias) with one scale and one bias per channel, in place or not.
  package static func activate(
    _ activation: Activation, _ x: UnsafePointer<Float>, rowStride xStride: Int,
    into y: UnsafeMutablePointer<Float>, rowStride yStride: Int,
    scale: UnsafePointer<Float>? = nil, bias: UnsafePointer<Float>? = nil,
    channels: Int, count: Int
  ) {
    reference_scale_bias_activate(
      activation.kernelValue, x, xStride, y, yStride, scale, bias, channels, count)
  }

  /// `filters` of a convolution of the whole input, without bias.
  package static func convolution(
    _ geometry: ConvolutionGeometry, _ x: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    into y: UnsafeMutablePointer<Float>, filters: Range<Int>
  ) {
    withUnsafePointer(to: geometry) {
      reference_convolution($0, x, weights, y, filters.lowerBound, filters.upperBound)
    }
  }

  /// Rows `outputs` of y = weights · x.
  package static func connected(
    _ x: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    into y: UnsafeMutablePointer<Float>, inputs: Int, outputs: Range<Int>
  ) {
    reference_connected(x, weights, y, inputs, outputs.lowerBound, outputs.upperBound)
  }

  /// The largest cell of each window; `channels` of both tensors.
  package static func maxPool(
    _ window: PoolWindow, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    channels: Range<Int>
  ) {
    withUnsafePointer(to: window) {
      reference_max_pool($0, x, y, channels.lowerBound, channels.upperBound)
    }
  }

  /// The mean of the cells each window has; `channels` of both tensors.
  package static func averagePool(
    _ window: PoolWindow, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    channels: Range<Int>
  ) {
    withUnsafePointer(to: window) {
      reference_average_pool($0, x, y, channels.lowerBound, channels.upperBound)
    }
  }
}
