// MARK: Convolutions backwards, of blocked tensors

extension Kernels {
  /// Adds to `sums`, [channels of the blocks][taps][filters of the unit, up to whole `wide`s], what a
  /// part of one image gives to the gradients of the unit's weights.
  package func weightGradient(
    _ geometry: ConvolutionGeometry, isPlanar: Bool, _ unit: FilterUnit, _ x: UnsafePointer<Float>,
    _ dy: UnsafePointer<Float>, _ part: GradientPart, to sums: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: geometry) { geometry in
      withUnsafePointer(to: unit) { unit in
        withUnsafePointer(to: part) {
          table.pointee.weight_gradient(geometry, isPlanar, unit, x, dy, $0, sums)
        }
      }
    }
  }

  /// The same for one block of a depthwise convolution: [taps][8].
  package func depthwiseGradient(
    _ geometry: ConvolutionGeometry, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
    _ part: GradientPart, to sums: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: geometry) { geometry in
      withUnsafePointer(to: part) { table.pointee.depthwise_gradient(geometry, x, dy, $0, sums) }
    }
  }

  /// Adds one block of each tap, output `rows` of it and `tapStride` floats apart, to the input cells
  /// that the tap looks at.
  package func foldBlocked(
    _ geometry: ConvolutionGeometry, _ cells: UnsafePointer<Float>, tapStride: Int,
    rows: Range<Int>, to dx: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: geometry) {
      table.pointee.fold_blocked($0, cells, tapStride, rows.lowerBound, rows.upperBound, dx)
    }
  }

  /// `packFilters` backwards, added: w[r · stride + i] += packed[i · lanes + r].
  package static func addFilters(
    _ packed: UnsafePointer<Float>, rows: Int, columns: Int, lanes: Int,
    to w: UnsafeMutablePointer<Float>, stride: Int
  ) {
    add_filters(packed, rows, columns, lanes, w, stride)
  }

  /// One group's weights, filters × channels × taps, as those of the opposite direction, channels ×
  /// filters × taps, the last tap first.
  package static func turnFilters(
    _ w: UnsafePointer<Float>, filters: Int, channels: Int, taps: Int, range: Range<Int>,
    into turned: UnsafeMutablePointer<Float>
  ) {
    turn_filters(w, filters, channels, taps, range.lowerBound, range.upperBound, turned)
  }
}

// MARK: What stands between convolutions, backwards; one block where no count of floats is named

extension Kernels {
  /// dx = dy · activation'(x), or added to dx; `dx` may be `x` or `dy`.
  package func activationGradient(
    _ activation: Activation, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
    into dx: UnsafeMutablePointer<Float>, count: Int, adds: Bool
  ) {
    table.pointee.activation_gradient(activation.kernelValue, x, dy, dx, count, adds)
  }

  /// Adds the sum of each lane to 8 doubles.
  package func sumBlocked(
    _ x: UnsafePointer<Float>, to sums: UnsafeMutablePointer<Double>, plane: Int
  ) {
    table.pointee.sum_blocked(x, sums, plane)
  }

  /// Adds the sum of each lane's products to 8 doubles.
  package func dotBlocked(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, to sums: UnsafeMutablePointer<Double>,
    plane: Int
  ) {
    table.pointee.dot_blocked(x, y, sums, plane)
  }

  /// Adds the sums of x - shift to 8 doubles, and those of its square to 8 more.
  package func momentsBlocked(
    _ x: UnsafePointer<Float>, shift: UnsafePointer<Float>,
    to sums: UnsafeMutablePointer<Double>, plane: Int
  ) {
    table.pointee.moments_blocked(x, shift, sums, plane)
  }

  /// y = activation((x - mean) · factor + bias).
  package func normalizeBlocked(
    _ activation: Activation, _ x: UnsafePointer<Float>, _ block: BlockNormalization,
    into y: UnsafeMutablePointer<Float>, plane: Int
  ) {
    withUnsafePointer(to: block) {
      table.pointee.normalize_blocked(activation.kernelValue, x, $0, y, plane)
    }
  }

  /// With g = dy · activation'(z), adds the sums of g to 8 doubles, and those of g · (x - mean) to 8
  /// more.
  package func normalizeSums(
    _ activation: Activation, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
    _ block: BlockNormalization, to sums: UnsafeMutablePointer<Double>, plane: Int
  ) {
    withUnsafePointer(to: block) {
      table.pointee.normalize_sums(activation.kernelValue, x, dy, $0, sums, plane)
    }
  }

  /// dx = g · factor + constant + (x - mean) · along, or added to dx.
  package func normalizeGradient(
    _ activation: Activation, _ x: UnsafePointer<Float>, _ dy: UnsafePointer<Float>,
    _ block: BlockNormalization, constant: UnsafePointer<Float>, along: UnsafePointer<Float>,
    into dx: UnsafeMutablePointer<Float>, plane: Int, adds: Bool
  ) {
    withUnsafePointer(to: block) {
      table.pointee.normalize_gradient(
        activation.kernelValue, x, dy, $0, constant, along, dx, plane, adds)
    }
  }

  /// Adds each output's gradient to the first cell of its window that is as large as the output.
  package func maxPoolGradient(
    _ window: PoolWindow, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
    _ dy: UnsafePointer<Float>, to dx: UnsafeMutablePointer<Float>
  ) {
    withUnsafePointer(to: window) { table.pointee.max_pool_gradient($0, x, y, dy, dx) }
  }

  /// dx = scale · the sum of the cells that repeat it, or added to dx.
  package func upsampleGradient(
    _ dy: UnsafePointer<Float>, into dx: UnsafeMutablePointer<Float>, height: Int, width: Int,
    stride: Int, scale: Float, adds: Bool
  ) {
    table.pointee.upsample_gradient(dy, dx, height, width, stride, scale, adds)
  }

  /// dx = rest where x is as large as y, or added to dx; what was given is taken from `rest`.
  package func competitionGradient(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, rest: UnsafeMutablePointer<Float>,
    into dx: UnsafeMutablePointer<Float>, count: Int, adds: Bool
  ) {
    table.pointee.competition_gradient(x, y, rest, dx, count, adds)
  }
}
