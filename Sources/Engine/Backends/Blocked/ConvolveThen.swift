import PenumbraCompute

/// `y = second(first(x))`: a convolution, and what alone reads its result.
struct ConvolveThen: Operation {
  let first: Convolution
  let second: any Operation

  var name: String { "\(first.name)-and-\(second.name)" }

  /// What stands between them, of one image.
  var sharedScratchBytes: Int { 4 * first.geometry.filters * first.geometry.outPlane }

  func run(_ call: borrowing KernelCall) {
    let geometry = first.geometry
    let shape = Shape(geometry.filters, geometry.outHeight, geometry.outWidth)
    let between = Tensor(
      base: call.sharedScratch.assumingMemoryBound(to: Float.self), imageStride: shape.count,
      shape: shape)
    for n in 0..<call.batch {
      first.run(call.inputs[0].alone(n), between, call)
      second.run(between, call.output.alone(n), call)
    }
  }
}

extension Operation {
  /// One image. Neither inlined nor specialised, which the compiler of Swift 6.3 does not survive.
  @inline(never)
  @_semantics("optimize.sil.specialize.generic.never")
  fileprivate func run(_ input: Tensor, _ output: Tensor, _ call: borrowing KernelCall) {
    withUnsafePointer(to: input) { input in
      run(
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
