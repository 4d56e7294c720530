import PenumbraCompute

/// `y = activation(W x)` over the flattened input; normalisation and bias are steps of their own.
struct MultiplyMatrix: FusesActivation {
  let name = "connected"
  let weights: ParameterID
  var epilogue = Convolution.Epilogue()

  var activation: Activation {
    get { epilogue.activation }
    set { epilogue.activation = newValue }
  }

  func run(_ call: borrowing KernelCall) {
    let (inputs, outputs) = (call.inputs[0].shape.count, call.output.shape.count)
    let matrix = call.weights.pointer(weights)
    let affine = epilogue.affine(filters: outputs, call.weights)
    for n in 0..<call.batch {
      let (x, y) = (call.inputs[0].image(n), call.output.image(n))
      call.parallel(outputs) { row, _ in
        Reference.connected(x, weights: matrix, into: y, inputs: inputs, outputs: row..<row + 1)
        affine.apply(activation, to: y + row, row, count: 1)
      }
    }
  }
}

/// A convolution whose weights differ from place to place, with a bias for every output element.
///
/// Source: Darknet `local_layer.c`.
struct LocalConvolution: FusesActivation {
  let name = "local"
  let size: Int
  let stride: Int
  let padding: Int
  let biases: ParameterID
  let weights: ParameterID
  var activation: Activation = .linear

  func run(_ call: borrowing KernelCall) {
    let (from, to) = (call.inputs[0].shape, call.output.shape)
    let (weights, biases) = (call.weights.pointer(weights), call.weights.pointer(biases))
    let window = from.channels * size * size
    for n in 0..<call.batch {
      let (input, output) = (call.inputs[0].image(n), call.output.image(n))
      call.parallel(to.planeCount) { place, _ in
        let (row, column) = (place / to.width, place % to.width)
        for filter in 0..<to.channels {
          let kernel = weights + (place * to.channels + filter) * window
          let sum = sum(input, from, kernel, top: row * stride, left: column * stride)
          let index = filter * to.planeCount + place
          output[index] = Float(sum + Double(biases[index]))
        }
      }
      activation.apply(output, count: to.count)
    }
  }

  private func sum(
    _ input: UnsafeMutablePointer<Float>, _ shape: Shape, _ kernel: UnsafePointer<Float>,
    top: Int, left: Int
  ) -> Double {
    var sum = 0.0
    for c in 0..<shape.channels {
      for ky in 0..<size {
        let y = top + ky - padding
        guard (0..<shape.height).contains(y) else { continue }
        for kx in 0..<size {
          let x = left + kx - padding
          guard (0..<shape.width).contains(x) else { continue }
          let weight = kernel[(c * size + ky) * size + kx]
          sum += Double(weight) * Double(input[(c * shape.height + y) * shape.width + x])
        }
      }
    }
    return sum
  }
}

/// `[softmax]`: over each of `groups`, consecutive elements sum to 1.
struct NormalizeExponentials: Operation {
  let name = "softmax"
  /// How many elements each group has; the groups stand one behind another.
  let groups: [Int]
  let temperature: Float
  let canOverwriteInput = true

  func run(_ call: borrowing KernelCall) {
    eachImage(call) { input, output in
      var start = 0
      for count in groups {
        softmax(input + start, into: output + start, count: count, temperature: temperature)
        start += count
      }
      // A tree may have fewer classes than there are inputs.
      for i in start..<call.output.shape.count { output[i] = input[i] }
    }
  }
}

/// `y[i] = exp((x[i] - max x) / T) / Σ`; `y` may be `x`. Source: Darknet `blas.c` (`softmax`).
func softmax(
  _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, count: Int, temperature: Float = 1
) {
  var maximum = -Float.greatestFiniteMagnitude
  for i in 0..<count where x[i] > maximum { maximum = x[i] }
  var sum = 0.0
  for i in 0..<count {
    let e = exponential(Double(x[i] / temperature - maximum / temperature))
    sum += e
    y[i] = Float(e)
  }
  for i in 0..<count { y[i] = Float(Double(y[i]) / sum) }
}

/// `[normalization]`: each element divided by a power of its neighbours' energy across channels.
///
/// Source: Darknet `normalization_layer.c`, with its window that leaves out one channel at the start.
struct NormalizeAcrossChannels: Operation {
  let name = "lrn"
  let size: Int
  let alpha: Float
  let beta: Float
  let kappa: Float

  func run(_ call: borrowing KernelCall) {
    let shape = call.output.shape
    let plane = shape.planeCount
    eachImage(call) { input, output in
      for p in 0..<plane {
        func square(_ c: Int) -> Double {
          guard (0..<shape.channels).contains(c) else { return 0 }
          return Double(input[c * plane + p]) * Double(input[c * plane + p])
        }
        var energy = Double(kappa)
        for c in 0..<min(size / 2, shape.channels) { energy += Double(alpha) * square(c) }
        for c in 0..<shape.channels {
          if c > 0 {
            energy -= Double(alpha) * square(c - (size - 1) / 2 - 1)
            energy += Double(alpha) * square(c + size / 2)
          }
          output[c * plane + p] = Float(
            Double(input[c * plane + p]) * power(energy, -Double(beta)))
        }
      }
    }
  }
}
