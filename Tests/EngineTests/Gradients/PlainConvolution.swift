import PenumbraCompute

/// A convolution and its gradients by their definitions: loops over every pair of cells, in double.
struct PlainConvolution {
  let geometry: ConvolutionGeometry
  /// Filters × channels of a group × size × size.
  let weights: [Float]
  let bias: [Float]

  /// Calls `body` with the index of each output, of each input and of each weight that meet.
  func eachProduct(_ body: (_ output: Int, _ input: Int, _ weight: Int) -> Void) {
    let g = geometry
    let (depth, filters) = (g.channels / g.groups, g.filters / g.groups)
    for f in 0..<g.filters {
      for oy in 0..<g.outHeight {
        for ox in 0..<g.outWidth {
          for c in 0..<depth {
            for ky in 0..<g.size {
              for kx in 0..<g.size {
                let y = oy * g.strideY + ky * g.dilation - g.padding
                let x = ox * g.strideX + kx * g.dilation - g.padding
                guard (0..<g.height).contains(y), (0..<g.width).contains(x) else { continue }
                body(
                  (f * g.outHeight + oy) * g.outWidth + ox,
                  ((f / filters * depth + c) * g.height + y) * g.width + x,
                  ((f * depth + c) * g.size + ky) * g.size + kx)
              }
            }
          }
        }
      }
    }
  }

  func output(_ input: [Float]) -> [Double] {
    let plane = geometry.outHeight * geometry.outWidth
    var output = bias.flatMap { Array(repeating: Double($0), count: plane) }
    eachProduct { output[$0] += Double(input[$1]) * Double(weights[$2]) }
    return output
  }

  func inputGradient(_ outputGradient: [Float]) -> [Double] {
    var gradient = Array(
      repeating: 0.0, count: geometry.channels * geometry.height * geometry.width)
    eachProduct { gradient[$1] += Double(outputGradient[$0]) * Double(weights[$2]) }
    return gradient
  }

  /// Adds one image's share.
  func addWeightGradient(_ input: [Float], _ outputGradient: [Float], to gradient: inout [Double]) {
    eachProduct { gradient[$2] += Double(outputGradient[$0]) * Double(input[$1]) }
  }

  func addBiasGradient(_ outputGradient: [Float], to gradient: inout [Double]) {
    let plane = geometry.outHeight * geometry.outWidth
    for (index, value) in outputGradient.enumerated() { gradient[index / plane] += Double(value) }
  }
}

/// The largest difference, as a part of the largest number expected; infinite where there is a NaN.
func worstError(_ found: [Float], _ expected: [Double]) -> Double {
  let scale = max(expected.reduce(0) { max($0, abs($1)) }, 1e-3)
  return zip(found, expected).reduce(found.count == expected.count ? 0 : .infinity) {
    let error = abs(Double($1.0) - $1.1) / scale
    return error.isNaN ? .infinity : max($0, error)
  }
}
