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

/// Calls `body` with the first input and the output of each image.
func eachImage(
  _ call: borrowing KernelCall,
  _ body: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Void
) {
  for n in 0..<call.batch { body(call.inputs[0].image(n), call.output.image(n)) }
}
