import PenumbraCompute

/// Lets a convolution keep only the largest of every two by two outputs, where a max pool behind it
/// does: what stands between them is often among the largest tensors of a network. Those of the image
/// and those by Winograd's have kernels for it.
struct FusePool: Pass {
  func apply(to program: inout Program) {
    let unfused = program
    func isBlocked(_ id: ValueID) -> Bool { unfused[id].layout == .blocked }
    func root(_ id: ValueID) -> ValueID { unfused.root(of: id).parent }
    // `JoinInPlace` may have laid the pool's output over what is read until the pool is computed.
    program.absorb(onlyNeighbours: true) { producer, consumer in
      guard let first = producer.operation as? Convolution,
        let pool = consumer.operation as? Pool, pool.halves(first.geometry),
        Self.neverFalling.contains(first.epilogue.activation),
        isBlocked(producer.output), isBlocked(consumer.output),
        root(producer.inputs[0]) != root(consumer.output),
        isBlocked(producer.inputs[0])
          ? first.isWinogradOfStride1 : PlanarConvolution.fits(first.geometry, isPooled: true)
      else { return nil }
      return ConvolveThen(first: first, second: pool)
    }
  }

  /// The activations of which the largest result is that of the largest value, and short enough for
  /// registers.
  private static let neverFalling: Set<Activation> = [.linear, .leaky, .relu]
}

extension Convolution {
  fileprivate var isWinogradOfStride1: Bool {
    guard case .winograd = method else { return false }
    return geometry.strideX == 1 && geometry.strideY == 1
  }
}

extension Pool {
  /// Whether it takes the largest of every two by two outputs of a convolution, and leaves none.
  fileprivate func halves(_ geometry: ConvolutionGeometry) -> Bool {
    kind == .largest && window.size == 2 && window.strideX == 2 && window.strideY == 2
      && window.top == 0 && window.left == 0 && 2 * window.outHeight == geometry.outHeight
      && 2 * window.outWidth == geometry.outWidth
  }
}
