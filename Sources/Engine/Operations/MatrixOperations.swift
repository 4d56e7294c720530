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

extension MultiplyMatrix: Differentiable {
  var keeps: KeptTensors { .inputs }
  var parameters: [ParameterID] { [weights] + (epilogue.bias.map { [$0] } ?? []) }

  func backward(_ call: borrowing BackwardCall) {
    precondition(epilogue.isTrainable, "activations and normalisations are trained as steps")
    let (inputs, outputs) = (call.inputs[0].shape.count, call.output.shape.count)
    let (x, dy, batch) = (call.inputs[0], call.outputGradient, call.batch)
    if let bias = epilogue.bias { call.addChannelSums(to: bias) }
    let sums = call.parameterGradients.pointer(weights)
    call.parallel(outputs) { row, _ in
      for i in 0..<inputs {
        var sum = 0.0
        for n in 0..<batch { sum += Double(dy.image(n)[row]) * Double(x.image(n)[i]) }
        sums[row * inputs + i] += Float(sum)
      }
    }
    guard let target = call.gradientToAddTo(0) else { return }
    let matrix = call.weights.pointer(weights)
    call.parallel(batch) { n, _ in
      var sums = Array(repeating: 0.0, count: inputs)
      for row in 0..<outputs {
        let factor = Double(dy.image(n)[row])
        for i in 0..<inputs { sums[i] += factor * Double(matrix[row * inputs + i]) }
      }
      for i in 0..<inputs { target.image(n)[i] += Float(sums[i]) }
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
    eachCell(shape, top: top, left: left) { weight, cell in
      sum += Double(kernel[weight]) * Double(input[cell])
    }
    return sum
  }

  /// The weights of a window and the cells of the image they meet.
  private func eachCell(
    _ shape: Shape, top: Int, left: Int, _ body: (_ weight: Int, _ cell: Int) -> Void
  ) {
    for c in 0..<shape.channels {
      for ky in 0..<size {
        let y = top + ky - padding
        guard (0..<shape.height).contains(y) else { continue }
        for kx in 0..<size {
          let x = left + kx - padding
          guard (0..<shape.width).contains(x) else { continue }
          body((c * size + ky) * size + kx, (c * shape.height + y) * shape.width + x)
        }
      }
    }
  }
}

extension LocalConvolution: Differentiable {
  var keeps: KeptTensors { .inputs }
  var parameters: [ParameterID] { [biases, weights] }

  func backward(_ call: borrowing BackwardCall) {
    precondition(activation == .linear, "activations are trained as steps")
    let (from, to) = (call.inputs[0].shape, call.output.shape)
    let window = from.channels * size * size
    let kernels = call.weights.pointer(weights)
    let (kernelSums, biasSums) = (
      call.parameterGradients.pointer(weights), call.parameterGradients.pointer(biases)
    )
    let target = call.gradientToAddTo(0)
    for n in 0..<call.batch {
      let (x, dy, dx) = (
        call.inputs[0].image(n), call.outputGradient.image(n), target?.image(n)
      )
      for index in 0..<to.count {
        let (filter, place) = (index / to.planeCount, index % to.planeCount)
        let kernel = (place * to.channels + filter) * window
        let (row, column) = (place / to.width, place % to.width)
        biasSums[index] += dy[index]
        eachCell(from, top: row * stride, left: column * stride) { weight, cell in
          kernelSums[kernel + weight] += dy[index] * x[cell]
          dx?[cell] += dy[index] * kernels[kernel + weight]
        }
      }
    }
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

extension NormalizeExponentials: Differentiable {
  var keeps: KeptTensors { .output }

  /// Of a softmax inside a network; where it is the loss, the gradient begins before it.
  func backward(_ call: borrowing BackwardCall) {
    guard let target = call.gradientToAddTo(0) else { return }
    for n in 0..<call.batch {
      let (y, dy, dx) = (call.output.image(n), call.outputGradient.image(n), target.image(n))
      var start = 0
      for count in groups {
        let group = start..<start + count
        let mean = group.reduce(0) { $0 + Double(y[$1]) * Double(dy[$1]) }
        for i in group { dx[i] += Float(Double(y[i]) * (Double(dy[i]) - mean)) / temperature }
        start += count
      }
      for i in start..<call.output.shape.count { dx[i] += dy[i] }
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
        let energies = energies(input + p, shape)
        for c in 0..<shape.channels {
          output[c * plane + p] = Float(
            Double(input[c * plane + p]) * power(energies[c], -Double(beta)))
        }
      }
    }
  }

  /// What the channels of a pixel are divided by, before the power.
  private func energies(_ x: UnsafePointer<Float>, _ shape: Shape) -> [Double] {
    let plane = shape.planeCount
    func square(_ c: Int) -> Double {
      guard (0..<shape.channels).contains(c) else { return 0 }
      return Double(alpha) * Double(x[c * plane]) * Double(x[c * plane])
    }
    var energy = Double(kappa)
    for c in 0..<min(size / 2, shape.channels) { energy += square(c) }
    return (0..<shape.channels).map { c in
      if c > 0 { energy += square(c + size / 2) - square(c - (size - 1) / 2 - 1) }
      return energy
    }
  }

  /// How often channel `j` counts in the energy of channel `c`: 1, 0, or -1 where the window loses
  /// the channel that it never gained.
  private func weight(of j: Int, in c: Int) -> Double {
    let isGained = j < size / 2 || (c > 0 && j > size / 2 && j <= c + size / 2)
    let isLost = c > 0 && j < c - (size - 1) / 2
    return (isGained ? 1 : 0) - (isLost ? 1 : 0)
  }
}

extension NormalizeAcrossChannels: Differentiable {
  var keeps: KeptTensors { .inputs }

  func backward(_ call: borrowing BackwardCall) {
    let (shape, plane) = (call.output.shape, call.output.shape.planeCount)
    call.eachImage { x, dx, dy in
      for p in 0..<plane {
        let energies = energies(x + p, shape)
        let pulls = (0..<shape.channels).map { c in
          Double(dy[c * plane + p]) * Double(x[c * plane + p])
            * power(energies[c], -Double(beta) - 1)
        }
        for j in 0..<shape.channels {
          let pull = pulls.indices.reduce(0) { $0 + pulls[$1] * weight(of: j, in: $1) }
          let own = Double(dy[j * plane + p]) * power(energies[j], -Double(beta))
          let others = 2 * Double(alpha) * Double(beta) * Double(x[j * plane + p]) * pull
          dx[j * plane + p] += Float(own - others)
        }
      }
    }
  }
}
