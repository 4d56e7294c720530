import PenumbraCompute

/// `[batchnorm]`, or the batch normalisation of a layer that has not been folded into it.
struct Normalize: Operation {
  let name = "normalize"
  let normalization: Normalization
  let canOverwriteInput = true

  func run(_ call: borrowing KernelCall) {
    let shape = call.output.shape
    let affine = ChannelAffine(normalization, channels: shape.channels, call.weights)
    eachImage(call) { input, output in
      if input != output { output.update(from: input, count: shape.count) }
      for c in 0..<shape.channels {
        affine.apply(.linear, to: output + c * shape.planeCount, c, count: shape.planeCount)
      }
    }
  }
}

/// An activation that could not be fused into what computes its input.
struct Activate: Operation {
  let name = "activate"
  let function: ActivationFunction
  let canOverwriteInput = true

  func run(_ call: borrowing KernelCall) {
    let shape = call.output.shape
    eachImage(call) { input, output in
      switch function {
      case .elementwise(let activation):
        Reference.activate(
          activation, input, rowStride: shape.count, into: output, rowStride: shape.count,
          channels: 1, count: shape.count)
      case .channels(let normalization):
        normalization.apply(input, into: output, shape)
      }
    }
  }
}

extension Activate: Differentiable {
  var keeps: KeptTensors { .inputs }

  func backward(_ call: borrowing BackwardCall) {
    let shape = call.output.shape
    call.eachImage { x, dx, dy in
      switch function {
      case .elementwise(let activation):
        for i in 0..<shape.count { dx[i] += Float(activation.slope(Double(x[i])) * Double(dy[i])) }
      case .channels(let normalization):
        normalization.addGradient(x, to: dx, dy, shape)
      }
    }
  }
}

/// `y = activation(a · b)`, element by element.
struct Multiply: FusesActivation {
  let name = "multiply"
  var activation: Activation = .linear
  let canOverwriteInput = true

  func run(_ call: borrowing KernelCall) {
    let count = call.output.shape.count
    for n in 0..<call.batch {
      let (a, b) = (call.inputs[0].image(n), call.inputs[1].image(n))
      let output = call.output.image(n)
      for i in 0..<count { output[i] = a[i] * b[i] }
      activation.apply(output, count: count)
    }
  }
}

extension Multiply: Differentiable {
  var keeps: KeptTensors { .inputs }

  func backward(_ call: borrowing BackwardCall) {
    let (count, inputs) = (call.output.shape.count, call.inputs)
    for (input, other) in [(0, 1), (1, 0)] {
      guard let target = call.gradientToAddTo(input) else { continue }
      for n in 0..<call.batch {
        let (dx, dy) = (target.image(n), call.outputGradient.image(n))
        let factor = inputs[other].image(n)
        for i in 0..<count { dx[i] += factor[i] * dy[i] }
      }
    }
  }
}

/// `y[c] = activation(scale[c] · x[c])`: squeeze and excite. The scales are the second input.
struct ScaleByChannel: FusesActivation {
  let name = "scale-channels"
  var activation: Activation = .linear
  let canOverwriteInput = true

  func run(_ call: borrowing KernelCall) {
    let shape = call.output.shape
    for n in 0..<call.batch {
      let (x, scales) = (call.inputs[0].image(n), call.inputs[1].image(n))
      let output = call.output.image(n)
      for c in 0..<shape.channels {
        let scale = scales[c]
        for i in c * shape.planeCount..<(c + 1) * shape.planeCount { output[i] = x[i] * scale }
      }
      activation.apply(output, count: shape.count)
    }
  }
}

extension ScaleByChannel: Differentiable {
  var keeps: KeptTensors { .inputs }

  func backward(_ call: borrowing BackwardCall) {
    call.addScaledGradients(scaleIndex: { channel, _ in channel })
  }
}

extension BackwardCall {
  /// Of `y[c, p] = s[index(c, p)] · x[c, p]`, to `x` and to `s`.
  fileprivate func addScaledGradients(scaleIndex: (_ channel: Int, _ pixel: Int) -> Int) {
    let (shape, plane) = (output.shape, output.shape.planeCount)
    let (x, scales) = (inputs[0], inputs[1])
    if let target = gradientToAddTo(0) {
      for n in 0..<batch {
        let (dx, dy, s) = (target.image(n), outputGradient.image(n), scales.image(n))
        for i in 0..<shape.count { dx[i] += s[scaleIndex(i / plane, i % plane)] * dy[i] }
      }
    }
    guard let target = gradientToAddTo(1) else { return }
    for n in 0..<batch {
      let (x, dy) = (x.image(n), outputGradient.image(n))
      var sums = Array(repeating: 0.0, count: scales.shape.count)
      for i in 0..<shape.count {
        sums[scaleIndex(i / plane, i % plane)] += Double(x[i]) * Double(dy[i])
      }
      for (i, sum) in sums.enumerated() { target.image(n)[i] += Float(sum) }
    }
  }
}

/// `y[c, p] = activation(scale[p] · x[c, p])`: one scale a pixel. The scales are the second input.
struct ScaleByPixel: FusesActivation {
  let name = "scale-pixels"
  var activation: Activation = .linear
  let canOverwriteInput = true

  func run(_ call: borrowing KernelCall) {
    let shape = call.output.shape
    for n in 0..<call.batch {
      let (x, scales) = (call.inputs[0].image(n), call.inputs[1].image(n))
      let output = call.output.image(n)
      for c in 0..<shape.channels {
        let offset = c * shape.planeCount
        for p in 0..<shape.planeCount { output[offset + p] = x[offset + p] * scales[p] }
      }
      activation.apply(output, count: shape.count)
    }
  }
}

extension ScaleByPixel: Differentiable {
  var keeps: KeptTensors { .inputs }

  func backward(_ call: borrowing BackwardCall) {
    call.addScaledGradients(scaleIndex: { _, pixel in pixel })
  }
}

/// `y = scale · x + shift`, element by element.
struct ScaleAndShift: Operation {
  let name = "scale-and-shift"
  let scale: Float
  let shift: Float
  let canOverwriteInput = true

  func run(_ call: borrowing KernelCall) {
    let count = call.output.shape.count
    eachImage(call) { input, output in
      for i in 0..<count { output[i] = scale * input[i] + shift }
    }
  }
}

extension ScaleAndShift: Differentiable {
  var keeps: KeptTensors { [] }

  func backward(_ call: borrowing BackwardCall) {
    let count = call.output.shape.count
    call.eachImage { _, dx, dy in
      for i in 0..<count { dx[i] += scale * dy[i] }
    }
  }
}

extension Activation {
  /// In place, by the formulas of the specification.
  func apply(_ values: UnsafeMutablePointer<Float>, count: Int) {
    guard self != .linear else { return }
    Reference.activate(
      self, values, rowStride: count, into: values, rowStride: count, channels: 1, count: count)
  }
}

extension ActivationFunction.ChannelNormalization {
  /// Added to every sum. Source: Darknet `gemm.c`.
  private static let epsilon = 1e-4

  /// Pixel by pixel, sums in double; `output` may be `input`.
  func apply(
    _ input: UnsafeMutablePointer<Float>, into output: UnsafeMutablePointer<Float>, _ shape: Shape
  ) {
    let plane = shape.planeCount
    for pixel in 0..<plane {
      let channels = stride(from: pixel, to: pixel + shape.channels * plane, by: plane)
      let maximum =
        self == .softmaxMaximum ? channels.reduce(-Float.infinity) { max($0, input[$1]) } : 0
      func term(_ i: Int) -> Double {
        self == .positive ? max(0, Double(input[i])) : exponential(Double(input[i] - maximum))
      }
      let sum = channels.reduce(Self.epsilon) { $0 + term($1) }
      for i in channels { output[i] = Float(term(i) / sum) }
    }
  }
}

extension ActivationFunction.ChannelNormalization {
  /// Adds the gradient with respect to `x`, pixel by pixel. The true one: Darknet's code multiplies
  /// by an approximation of it.
  func addGradient(
    _ x: UnsafePointer<Float>, to dx: UnsafeMutablePointer<Float>, _ dy: UnsafePointer<Float>,
    _ shape: Shape
  ) {
    let plane = shape.planeCount
    for pixel in 0..<plane {
      let channels = stride(from: pixel, to: pixel + shape.channels * plane, by: plane)
      let largest = channels.max { x[$0] < x[$1] } ?? pixel
      let maximum = self == .softmaxMaximum ? Double(x[largest]) : 0
      func term(_ i: Int) -> Double {
        self == .positive ? max(0, Double(x[i])) : exponential(Double(x[i]) - maximum)
      }
      let sum = channels.reduce(Self.epsilon) { $0 + term($1) }
      let mean = channels.reduce(0) { $0 + Double(dy[$1]) * term($1) } / sum
      for i in channels {
        let slope = self == .positive ? (x[i] > 0 ? 1 : 0) : term(i)
        dx[i] += Float(slope * (Double(dy[i]) - mean) / sum)
      }
      // Where the maximum is subtracted, it changes how much the summand of the sum weighs.
      if self == .softmaxMaximum { dx[largest] -= Float(mean * Self.epsilon / sum) }
    }
  }
}

/// Calls `body` with the first input and the output of each image.
func eachImage(
  _ call: borrowing KernelCall,
  _ body: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Void
) {
  for n in 0..<call.batch { body(call.inputs[0].image(n), call.output.image(n)) }
}
