import PenumbraCompute

/// A convolution as a matrix product of the weights with the unfolded image.
///
/// The work is cut into tiles by the shapes alone, never by the number of threads or images, so that
/// results depend on neither.
struct BlasConvolution: Kernel {
  private let convolution: Convolution
  private let geometry: ConvolutionGeometry
  private let affine: ChannelAffine
  private let method: Method
  private let gemm: Gemm

  private enum Method {
    /// One channel a group: no matrix worth the name.
    case depthwise
    /// 1x1 with stride 1: the image is the matrix already.
    case pointwise(columns: Int, filters: Int)
    /// The whole image unfolded once, shared by tiles of filters and columns.
    case whole(columns: Int, filters: Int)
    /// Strips of output rows, each unfolded by the thread that multiplies it.
    case strips(rows: Int)
  }

  // A product packs each operand once a tile, which costs as much as 1 / (2 columns) and
  // 1 / (2 filters) of its multiply-adds in memory traffic: hence large tiles, but enough of them
  // to share. Measured: docs/benchmarks.md.
  private static let tileFilters = 512
  private static let tileColumns = 1024
  /// An image is cut into so many tiles while they stay longer than `longTile`, else into two.
  private static let wantedTiles = 4
  private static let longTile = 512
  /// Multiply-adds below which a tile is not cut further.
  private static let leastTileWork = 1 << 20
  /// A strip has at least so many columns, and more while it and its result are within the bytes:
  /// half of an inner cache.
  private static let stripColumns = 1024
  private static let stripBytes = 1 << 19

  init(_ convolution: Convolution, _ weights: Weights) throws(PlanError) {
    self.convolution = convolution
    geometry = convolution.geometry
    affine = convolution.epilogue.affine(filters: Int(geometry.filters), weights)
    method = Self.method(geometry)
    gemm = try .loaded()
  }

  var algorithm: String? {
    switch method {
    case .depthwise: "depthwise \(geometry.windowText)"
    case .pointwise: "gemm"
    case .whole: "im2col \(geometry.windowText), whole"
    case .strips: "im2col \(geometry.windowText), strips"
    }
  }

  private static func method(_ geometry: ConvolutionGeometry) -> Method {
    if geometry.groups == geometry.channels, geometry.groups > 1 { return .depthwise }
    if geometry.size == 1, geometry.strideX == 1, geometry.strideY == 1, geometry.padding == 0 {
      let tile = tile(geometry)
      return .pointwise(columns: tile.columns, filters: tile.filters)
    }
    // Few columns and many filters: strips would pack all the weights for a handful of columns.
    if geometry.outPlane < geometry.groupFilters {
      let tile = tile(geometry)
      return .whole(columns: tile.columns, filters: tile.filters)
    }
    return .strips(rows: stripRows(geometry))
  }

  private static func stripRows(_ geometry: ConvolutionGeometry) -> Int {
    let columnBytes = 4 * (geometry.groupDepth + geometry.groupFilters)
    let all = geometry.outPlane * geometry.groups
    let share = max(all / wantedTiles, min(all / 2, longTile))
    let columns = min(max(stripBytes / columnBytes, stripColumns), share)
    let rows = min(geometry.outHeight, max(1, columns / geometry.outWidth))
    // Evened out, so that no strip is a remnant.
    return geometry.outHeight.parts(of: geometry.outHeight.parts(of: rows))
  }

  private static func tile(_ geometry: ConvolutionGeometry) -> (filters: Int, columns: Int) {
    let (allFilters, allColumns) = (geometry.groupFilters, geometry.outPlane)
    var (filters, columns) = (min(allFilters, tileFilters), min(allColumns, tileColumns))
    while filters * columns * geometry.groupDepth > 2 * leastTileWork {
      let tiles =
        allFilters.parts(of: filters) * allColumns.parts(of: columns) * geometry.groups
      guard tiles < (max(filters, columns) > longTile ? wantedTiles : 2) else { break }
      if filters >= columns { filters = filters.halved } else { columns = columns.halved }
    }
    return (filters, columns)
  }

  // MARK: Scratch

  private var groupDepth: Int { geometry.groupDepth }
  private var plane: Int { geometry.outPlane }

  var sharedScratchBytes: Int {
    guard case .whole = method else { return 0 }
    return groupDepth * geometry.groups * plane * 4
  }

  var threadScratchBytes: Int {
    guard case .strips(let rows) = method else { return 0 }
    return groupDepth * rows * geometry.outWidth * 4
  }

  // MARK: Execution

  func run(_ call: borrowing KernelCall) {
    convolution.withWeights(call.weights) { weights in
      for n in 0..<call.batch {
        let (input, output) = (call.inputs[0].image(n), call.output.image(n))
        switch method {
        case .depthwise: depthwise(call, input, weights, output)
        case .pointwise(let columns, let filters):
          multiply(call, input, rowStride: plane, weights, output, columns, filters)
        case .whole(let columns, let filters):
          let matrix = call.sharedScratch.assumingMemoryBound(to: Float.self)
          let rows = geometry.size * geometry.size * plane
          call.parallel(geometry.channels) { c, _ in
            Kernels.current.im2col(
              geometry, input, channels: c..<c + 1, rows: 0..<geometry.outHeight,
              into: matrix + c * rows, rowStride: plane)
          }
          multiply(call, matrix, rowStride: plane, weights, output, columns, filters)
        case .strips(let rows): strips(call, input, weights, output, rows)
        }
      }
    }
  }

  private func depthwise(
    _ call: borrowing KernelCall, _ input: UnsafeMutablePointer<Float>,
    _ weights: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>
  ) {
    call.parallel(geometry.filters) { filter, _ in
      Kernels.current.depthwise(
        geometry, input, weights: weights, into: output, filters: filter..<filter + 1)
      finish(output + filter * plane, filters: filter..<filter + 1, columns: plane)
    }
  }

  /// The product with a matrix that holds every column, tile by tile.
  private func multiply(
    _ call: borrowing KernelCall, _ matrix: UnsafeMutablePointer<Float>, rowStride: Int,
    _ weights: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ columns: Int,
    _ filters: Int
  ) {
    let groupFilters = geometry.groupFilters
    let (across, down) = (plane.parts(of: columns), groupFilters.parts(of: filters))
    call.parallel(geometry.groups * down * across) { tile, _ in
      let (row, column) = (tile / across, tile % across * columns)
      let (group, first) = (row / down, row % down * filters)
      let tileFilters = first..<min(first + filters, groupFilters)
      let count = min(columns, plane - column)
      let start = group * groupFilters + first
      let target = output + start * plane + column
      gemm(
        m: tileFilters.count, n: count, k: groupDepth, weights + start * groupDepth,
        lda: groupDepth, matrix + group * groupDepth * rowStride + column, ldb: rowStride, target,
        ldc: plane)
      finish(target, filters: start..<start + tileFilters.count, columns: count)
    }
  }

  private func strips(
    _ call: borrowing KernelCall, _ input: UnsafeMutablePointer<Float>,
    _ weights: UnsafePointer<Float>, _ output: UnsafeMutablePointer<Float>, _ rows: Int
  ) {
    let groupFilters = geometry.groupFilters
    let groupChannels = geometry.channels / geometry.groups
    let down = geometry.outHeight.parts(of: rows)
    call.parallel(down * geometry.groups) { tile, thread in
      let (group, strip) = (tile / down, tile % down)
      let strips = strip * rows..<min((strip + 1) * rows, geometry.outHeight)
      let columns = strips.count * geometry.outWidth
      let matrix = call.threadScratch(thread).assumingMemoryBound(to: Float.self)
      Kernels.current.im2col(
        geometry, input, channels: group * groupChannels..<(group + 1) * groupChannels,
        rows: strips, into: matrix, rowStride: columns)
      let start = group * groupFilters
      let target = output + start * plane + strips.lowerBound * geometry.outWidth
      gemm(
        m: groupFilters, n: columns, k: groupDepth, weights + start * groupDepth, lda: groupDepth,
        matrix, ldb: columns, target, ldc: plane)
      finish(target, filters: start..<start + groupFilters, columns: columns)
    }
  }

  /// Normalisation, bias and activation of a tile, while it is in the cache.
  private func finish(_ tile: UnsafeMutablePointer<Float>, filters: Range<Int>, columns: Int) {
    affine.withPointers(from: filters.lowerBound) { scales, biases in
      Kernels.current.activate(
        convolution.epilogue.activation, tile, rowStride: plane, into: tile, rowStride: plane,
        scale: scales, bias: biases, channels: filters.count, count: columns)
    }
  }
}

extension ChannelAffine {
  /// Lends the factors and summands from a channel on; null where there are none.
  func withPointers(
    from channel: Int, _ body: (UnsafePointer<Float>?, UnsafePointer<Float>?) -> Void
  ) {
    func lend(_ values: [Float]?, _ body: (UnsafePointer<Float>?) -> Void) {
      guard let values else { return body(nil) }
      values.withUnsafeBufferPointer { body($0.baseAddress.map { $0 + channel }) }
    }
    lend(scales) { scales in lend(biases) { biases in body(scales, biases) } }
  }
}

extension Int {
  /// How many parts of a size it takes to cover this.
  fileprivate func parts(of size: Int) -> Int { (self + size - 1) / size }
  /// Half of this, rounded up to whole registers.
  fileprivate var halved: Int { (self / 2 + 15) / 16 * 16 }
}
