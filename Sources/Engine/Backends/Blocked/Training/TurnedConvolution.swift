import PenumbraCompute

extension ConvolutionGeometry {
  /// The convolution that makes input gradients of output gradients, with turned weights; nil where
  /// strides leave cells out, the border is wider than the windows, or there are too many cells.
  var opposite: ConvolutionGeometry? {
    let reach = (size - 1) * dilation + 1
    guard strideX == 1, strideY == 1, padding < reach else { return nil }
    var opposite = self
    (opposite.channels, opposite.filters) = (filters, channels)
    (opposite.height, opposite.outHeight) = (outHeight, height)
    (opposite.width, opposite.outWidth) = (outWidth, width)
    opposite.padding = reach - 1 - padding
    return opposite.fitsBlocks ? opposite : nil
  }
}

extension Convolution {
  /// What an inference kernel computes is rebuilt whenever the weights change: here the kernels of
  /// both directions, by Winograd's with transformed weights where the method says so.
  ///
  /// - Parameter weights: nil before there are any; they count as zeros then.
  func trainingKernel(isPlanar: Bool, _ weights: PenumbraEngine.Weights?) throws(PlanError)
    -> any PackingKernel
  {
    var convolution = self
    if weights == nil {
      let count = geometry.filters * geometry.groupChannels * geometry.size * geometry.size
      convolution = Convolution(
        geometry: geometry, weights: .constant(Array(repeating: 0, count: count)),
        epilogue: Epilogue(), method: method)
    }
    let weights = weights ?? PenumbraEngine.Weights()
    let epilogue = try PackedEpilogue(convolution, nil, weights)
    if isPlanar { return try convolution.planarKernel(epilogue, weights) }
    if GroupedConvolution.suits(geometry) {
      return try GroupedConvolution(convolution, epilogue, weights)
    }
    if case .winograd = method {
      return try WinogradConvolution(convolution, epilogue, keepsTransformed: true, weights)
    }
    return try DirectConvolution(convolution, epilogue, isPlanar: false, weights)
  }

  /// The convolution of the opposite direction; nil where it is none.
  func turned(_ weights: PenumbraEngine.Weights) -> Convolution? {
    guard let opposite = geometry.opposite else { return nil }
    let (filters, depth) = (geometry.groupFilters, geometry.groupChannels)
    let taps = geometry.size * geometry.size
    let count = geometry.filters * depth * taps
    let turned = withWeights(weights) { raw in
      [Float](unsafeUninitializedCapacity: count) { turned, initialized in
        let base = turned.baseAddress!
        let pieces = (depth + Self.turnedChannels - 1) / Self.turnedChannels
        parallelFor(geometry.groups * pieces, threads: ThreadPool.processors) { index in
          let (offset, piece) = (index / pieces * filters * depth * taps, index % pieces)
          let first = piece * Self.turnedChannels
          Kernels.turnFilters(
            raw + offset, filters: filters, channels: depth, taps: taps,
            range: first..<min(first + Self.turnedChannels, depth), into: base + offset)
        }
        initialized = count
      }
    }
    return Convolution(
      geometry: opposite, weights: .constant(turned), epilogue: Convolution.Epilogue(),
      method: inputGradientMethod)
  }

  /// Channels that are turned at a time, so that lines of memory are read and written whole.
  private static var turnedChannels: Int { 16 }
}
