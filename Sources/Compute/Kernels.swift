/// The vectorised kernels of one instruction set, with Swift labels. Pointers and lengths are the
/// caller's business: nothing is checked. `CKernels.h` describes each kernel in full.
package struct Kernels: @unchecked Sendable {
  /// Constant for the life of the process, which is what makes this type `Sendable`.
  package let table: UnsafePointer<KernelTable>

  /// The best kernels of this machine, within the limit of `limit(to:)`.
  package static var current: Kernels { Kernels(table: kernels_current()) }

  /// The best kernels of this machine that need no more than `isa`.
  package init(upTo isa: InstructionSet) { table = kernels_up_to(isa.kernelValue) }

  private init(table: UnsafePointer<KernelTable>) { self.table = table }

  /// Bounds what `current` returns from now on, for the whole process.
  package static func limit(to isa: InstructionSet) { kernels_limit_isa(isa.kernelValue) }

  package var instructionSet: InstructionSet { InstructionSet(table.pointee.isa) }
}

// MARK: Elementwise

extension Kernels {
  /// y = activation(x); `y` may be `x`.
  package func activate(
    _ activation: Activation, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    count: Int
  ) {
    table.pointee.activate(activation.kernelValue, x, y, count)
  }

  /// y = activation(x · scale + bias) with one scale and one bias per channel, in place or not.
  package func activate(
    _ activation: Activation, _ x: UnsafePointer<Float>, rowStride xStride: Int,
    into y: UnsafeMutablePointer<Float>, rowStride yStride: Int,
    scale: UnsafePointer<Float>? = nil, bias: UnsafePointer<Float>? = nil,
    channels: Int, count: Int
  ) {
    table.pointee.scale_bias_activate(
      activation.kernelValue, x, xStride, y, yStride, scale, bias, channels, count)
  }

  /// y = eˣ; `y` may be `x`.
  package func exponential(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int
  ) {
    table.pointee.exponential(x, y, count)
  }

  /// z = x + y; `z` may be either.
  package func add(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, into z: UnsafeMutablePointer<Float>,
    count: Int
  ) {
    table.pointee.add(x, y, z, count)
  }

  /// z = x · y; `z` may be either.
  package func multiply(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, into z: UnsafeMutablePointer<Float>,
    count: Int
  ) {
    table.pointee.multiply(x, y, z, count)
  }

  /// y += a · x.
  package func add(
    _ x: UnsafePointer<Float>, times a: Float, to y: UnsafeMutablePointer<Float>, count: Int
  ) {
    table.pointee.add_scaled(a, x, y, count)
  }

  /// y = x · scale[channel], planes of `count`; `y` may be `x`.
  package func scaleChannels(
    _ x: UnsafePointer<Float>, by scale: UnsafePointer<Float>,
    into y: UnsafeMutablePointer<Float>, channels: Int, count: Int
  ) {
    table.pointee.scale_channels(x, scale, y, channels, count)
  }

  /// y[channel] = mean of its plane of `count`.
  package func channelMeans(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, channels: Int, count: Int
  ) {
    table.pointee.channel_means(x, y, channels, count)
  }
}

// MARK: Windows

extension Kernels {
  /// The largest cell of each window; `channels` of both tensors.
  package func maxPool(
    _ window: PoolWindow, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    channels: Range<Int>
  ) {
    withUnsafePointer(to: window) {
      table.pointee.max_pool($0, x, y, channels.lowerBound, channels.upperBound)
    }
  }

  /// The mean of the cells each window has; `channels` of both tensors.
  package func averagePool(
    _ window: PoolWindow, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    channels: Range<Int>
  ) {
    withUnsafePointer(to: window) {
      table.pointee.average_pool($0, x, y, channels.lowerBound, channels.upperBound)
    }
  }

  /// y = scale · x, each cell repeated `stride` × `stride` times.
  package func upsample(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    channels: Int, height: Int, width: Int, stride: Int, scale: Float = 1
  ) {
    table.pointee.upsample(x, y, channels, height, width, stride, scale)
  }

  /// y[g] = max of x[g], x[g + outChannels], …; planes of `count`.
  package func maxout(
    _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>,
    channels: Int, outChannels: Int, count: Int
  ) {
    table.pointee.maxout(x, y, channels, outChannels, count)
  }

  /// Unfolds output `rows` of `channels` into a matrix of (channels · size²) × (rows · outWidth),
  /// its rows `rowStride` floats apart, in weight order.
  package func im2col(
    _ geometry: ConvolutionGeometry, _ x: UnsafePointer<Float>, channels: Range<Int>,
    rows: Range<Int>, into columns: UnsafeMutablePointer<Float>, rowStride: Int
  ) {
    withUnsafePointer(to: geometry) {
      table.pointee.im2col(
        $0, x, channels.lowerBound, channels.upperBound, rows.lowerBound, rows.upperBound, columns,
        rowStride)
    }
  }

  /// `filters` of a convolution with one input channel per group, without bias.
  package func depthwise(
    _ geometry: ConvolutionGeometry, _ x: UnsafePointer<Float>, weights: UnsafePointer<Float>,
    into y: UnsafeMutablePointer<Float>, filters: Range<Int>
  ) {
    withUnsafePointer(to: geometry) {
      table.pointee.depthwise($0, x, weights, y, filters.lowerBound, filters.upperBound)
    }
  }
}
