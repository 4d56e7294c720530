import PenumbraCompute

/// Lets a pixelwise convolution and the convolution of small groups behind it take turns, some rows
/// at a time, so that what stands between them, often the largest tensors of a network, need not
/// leave a processor's own cache.
struct FuseExpansion: Pass {
  /// What stands between them has at least so many bytes.
  let leastBytes: Int

  func apply(to program: inout Program) {
    let input = program.input  // stands in planes, which an expansion does not read
    program.absorb { producer, consumer in
      guard let first = producer.operation as? Convolution,
        let second = consumer.operation as? Convolution, producer.inputs != [input],
        PixelRows.suits(first), ExpandedConvolution.suits(first.geometry, second.geometry),
        4 * first.geometry.filters * first.geometry.outPlane >= leastBytes
      else { return nil }
      return ConvolveThen(first: first, second: second)
    }
  }
}
