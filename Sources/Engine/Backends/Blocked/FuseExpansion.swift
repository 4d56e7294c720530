import PenumbraCompute

/// Lets a pixelwise convolution and the convolution of small groups behind it take turns, some rows
/// at a time, so that what stands between them, often the largest tensors of a network, need not
/// leave a processor's own cache.
struct FuseExpansion: Pass {
  /// What stands between them has at least so many bytes.
  let leastBytes: Int

  func apply(to program: inout Program) {
    program.absorb { producer, consumer in
      guard let first = producer as? Convolution, let second = consumer as? Convolution,
        first.products == .fp32, ExpandedConvolution.suits(first.geometry, second.geometry),
        4 * first.geometry.filters * first.geometry.outPlane >= leastBytes
      else { return nil }
      return ConvolveTwice(first: first, second: second)
    }
  }
}

/// `y = second(first(x))`: two convolutions.
struct ConvolveTwice: Operation {
  let name = "convolution-twice"
  let first: Convolution
  let second: Convolution

  /// What stands between them, of one image.
  var sharedScratchBytes: Int { 4 * first.geometry.filters * first.geometry.outPlane }

  func run(_ call: borrowing KernelCall) {
    let geometry = first.geometry
    let shape = Shape(geometry.filters, geometry.outHeight, geometry.outWidth)
    let between = Tensor(
      base: call.sharedScratch.assumingMemoryBound(to: Float.self), imageStride: shape.count,
      shape: shape)
    for n in 0..<call.batch {
      run(first, call.inputs[0].alone(n), between, call)
      run(second, between, call.output.alone(n), call)
    }
  }

  /// Never inlined, which the compiler of Swift 6.3 does not survive.
  @inline(never)
  private func run(
    _ convolution: Convolution, _ input: Tensor, _ output: Tensor, _ call: borrowing KernelCall
  ) {
    withUnsafePointer(to: input) { input in
      convolution.run(
        KernelCall(
          inputs: input, output: output, batch: 1, weights: call.weights, threads: call.threads,
          scratch: call.scratch))
    }
  }
}

extension Tensor {
  /// One image of it.
  fileprivate func alone(_ n: Int) -> Tensor {
    Tensor(base: image(n), imageStride: imageStride, shape: shape, layout: layout)
  }
}
