import PenumbraCompute

/// Batch normalisation while it is trained: `y = activation(scale · x̂ + bias)`, where `x̂` has mean 0
/// and variance 1 in each channel of the mini-batch.
///
/// The variance that normalises is that of the mini-batch (divided by N); the rolling one, which
/// inference uses, gathers the estimate for all images (divided by N - 1). Darknet's CPU code divides
/// by N - 1 in both places, its graphics-card code as here. The bias is trained, which Darknet's CPU
/// code forgets.
///
/// Source: Ioffe and Szegedy, Batch Normalization (2015); Darknet `batchnorm_layer.c`.
struct NormalizeBatch: Operation {
  let name = "normalize-batch"
  let normalization: Normalization
  let channels: Int
  /// Applied to the normalised values, so that what lies between needs no memory.
  var activation: Activation = .linear

  /// The share of a mini-batch in the rolling statistics.
  static let share: Float = 0.1

  /// The statistics of training, as `Normalize`: what the operation computes outside of it.
  func run(_ call: borrowing KernelCall) {
    Normalize(normalization: normalization).run(call)
    for n in 0..<call.batch {
      activation.apply(call.output.image(n), count: call.output.shape.count)
    }
  }
}

extension NormalizeBatch: Differentiable {
  var keeps: KeptTensors { .inputs }
  var parameters: [ParameterID] { [normalization.biases, normalization.scales] }
  /// The mean of each channel, then the inverse of its standard deviation.
  func savedFloats(batch: Int) -> Int { 2 * channels }

  func forward(_ call: borrowing ForwardCall) {
    let (input, output, batch, saved) = (call.inputs[0], call.output, call.batch, call.saved)
    let plane = input.shape.planeCount
    let (weights, parameters) = (call.weights, call.parameters)
    call.parallel(channels) { c, _ in
      var (sum, squares) = (0.0, 0.0)
      for n in 0..<batch {
        let x = input.image(n) + c * plane
        for i in 0..<plane { sum += Double(x[i]) }
      }
      let count = Double(batch * plane)
      let mean = sum / count
      for n in 0..<batch {
        let x = input.image(n) + c * plane
        for i in 0..<plane { squares += (Double(x[i]) - mean) * (Double(x[i]) - mean) }
      }
      let inverse = 1 / (squares / count + Normalization.epsilon).squareRoot()
      (saved[c], saved[channels + c]) = (Float(mean), Float(inverse))
      gather(parameters, c, mean: mean, variance: squares / max(count - 1, 1))

      var scale = Float(Double(weights.pointer(normalization.scales)[c]) * inverse)
      var bias = weights.pointer(normalization.biases)[c] - Float(mean) * scale
      for n in 0..<batch {
        Reference.activate(
          activation, input.image(n) + c * plane, rowStride: plane,
          into: output.image(n) + c * plane, rowStride: plane, scale: &scale, bias: &bias,
          channels: 1, count: plane)
      }
    }
  }

  /// Moves the rolling statistics of a channel towards those of a mini-batch.
  func gather(_ parameters: ParameterBuffer, _ channel: Int, mean: Double, variance: Double) {
    let means = parameters.pointer(normalization.means)
    let variances = parameters.pointer(normalization.variances)
    means[channel] += Self.share * (Float(mean) - means[channel])
    variances[channel] += Self.share * (Float(variance) - variances[channel])
  }

  func backward(_ call: borrowing BackwardCall) {
    let (input, gradient, batch, saved) = (
      call.inputs[0], call.outputGradient, call.batch, call.saved
    )
    let plane = input.shape.planeCount
    let count = Double(batch * plane)
    let scales = call.weights.pointer(normalization.scales)
    let biases = call.weights.pointer(normalization.biases)
    let scaleGradients = call.parameterGradients.pointer(normalization.scales)
    let biasGradients = call.parameterGradients.pointer(normalization.biases)
    let target = call.gradientToAddTo(0)
    call.parallel(channels) { c, _ in
      let (mean, inverse) = (Double(saved[c]), Double(saved[channels + c]))
      let (scale, bias) = (Double(scales[c]), Double(biases[c]))
      func normalized(_ n: Int, _ i: Int) -> Double {
        (Double(input.image(n)[c * plane + i]) - mean) * inverse
      }
      /// The gradient with respect to what the activation reads.
      func inner(_ n: Int, _ i: Int, _ x: Double) -> Double {
        Double(gradient.image(n)[c * plane + i]) * activation.slope(scale * x + bias)
      }
      var (sum, product) = (0.0, 0.0)
      for n in 0..<batch {
        for i in 0..<plane {
          let x = normalized(n, i)
          let g = inner(n, i, x)
          sum += g
          product += g * x
        }
      }
      scaleGradients[c] += Float(product)
      biasGradients[c] += Float(sum)
      guard let target else { return }
      for n in 0..<batch {
        let dx = target.image(n) + c * plane
        for i in 0..<plane {
          let x = normalized(n, i)
          dx[i] += Float(scale * inverse * (inner(n, i, x) - sum / count - x * product / count))
        }
      }
    }
  }
}
