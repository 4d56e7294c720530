/// What the plain backward passes share: planar tensors, image after image.
extension BackwardCall {
  /// The gradient of an input, ready to be added to; nil where nobody needs it.
  func gradientToAddTo(_ input: Int) -> Tensor? {
    guard let tensor = inputGradients[input].tensor else { return nil }
    if !inputGradients[input].accumulates {
      for n in 0..<batch {
        tensor.image(n).update(repeating: 0, count: tensor.layout.count(tensor.shape))
      }
    }
    return tensor
  }

  /// Calls `body` with the input, its gradient, to be added to, and the output's gradient of each
  /// image; not at all where nobody needs the input's gradient.
  func eachImage(
    input: Int = 0,
    _ body: (
      _ x: UnsafeMutablePointer<Float>, _ dx: UnsafeMutablePointer<Float>,
      _ dy: UnsafeMutablePointer<Float>
    ) -> Void
  ) {
    guard let gradient = gradientToAddTo(input) else { return }
    for n in 0..<batch {
      body(inputs[input].image(n), gradient.image(n), outputGradient.image(n))
    }
  }
}

/// Which outputs of a sliding window a tap of it meets inside the image.
func outputsMet(
  tap: Int, stride: Int, dilation: Int = 1, padding: Int, inputs: Int, outputs: Int
) -> Range<Int> {
  let start = tap * dilation - padding
  let first = start >= 0 ? 0 : (-start + stride - 1) / stride
  let end = inputs - start <= 0 ? 0 : (inputs - start + stride - 1) / stride
  return min(first, outputs)..<max(min(first, outputs), min(end, outputs))
}
