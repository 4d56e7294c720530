import PenumbraCompute

/// Lets the convolution that reads the network's input keep only the largest of every two by two
/// outputs, where a max pool behind it does: what stands between them is often the largest tensor.
struct FusePool: Pass {
  func apply(to program: inout Program) {
    let input = program.input
    program.absorb { producer, consumer in
      guard let first = producer.operation as? Convolution, producer.inputs == [input],
        let pool = consumer.operation as? Pool, pool.halves(first.geometry),
        first.geometry.groups == 1, first.geometry.channels < channelBlock,
        PlanarConvolution.neverFalling.contains(first.epilogue.activation)
      else { return nil }
      return ConvolveThen(first: first, second: pool)
    }
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
