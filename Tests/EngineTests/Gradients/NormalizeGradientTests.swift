import PenumbraCompute
import PenumbraEngine
import TestSupport
import Testing

/// Batch normalisation and activation in blocks, against the definition: loops in double.
struct NormalizeGradientTests {
  private func network(_ width: Int, _ height: Int, _ channels: Int) throws -> TestNetwork {
    try TestNetwork(
      """
      [net]
      width=\(width)
      height=\(height)
      channels=3

      [convolutional]
      filters=\(channels)
      batch_normalize=1
      size=1
      activation=linear
      """, seed: 4)
  }

  /// The derivative at `x`, from the activation itself.
  private func slope(_ activation: Activation, _ x: Double) -> Double {
    (activation(x + 1e-6) - activation(x - 1e-6)) / 2e-6
  }

  @Test(arguments: [(5, 3, 20, 3), (1, 1, 8, 4), (40, 30, 3, 2), (13, 13, 200, 1)])
  func `computes the definition on every instruction set`(
    width: Int, height: Int, channels: Int, batch: Int
  ) throws {
    let network = try network(width, height, channels)
    for set in KernelChoice.sets {
      try KernelChoice.limited(to: set) {
        for activation in [Activation.linear, .leaky, .relu, .mish, .swish, .logistic] {
          try check(network, activation, batch: batch, "\(activation) on \(set)")
        }
      }
    }
  }

  private func check(
    _ network: TestNetwork, _ activation: Activation, batch: Int, _ name: String
  ) throws {
    let trial = try TrainingTrial(
      normalizing: network.graph, layer: 0, activation, weights: network.weights, batch: batch,
      threads: 2)
    let shape = trial.outputShape
    let ids = try #require(trial.normalizationParameters)
    let scales = network.weights.values(ids.scales)
    let biases = network.weights.values(ids.biases)
    var generator = SeededGenerator(seed: 8)
    // Far from zero, where sums of squares lose digits.
    let inputs = (0..<batch).map { _ in generator.floats(shape.count).map { $0 + 30 } }
    let gradients = (0..<batch).map { _ in generator.floats(shape.count) }
    let before = (0..<batch).map { _ in generator.floats(shape.count) }
    for n in 0..<batch {
      trial.setInput(0, image: n, inputs[n])
      trial.setOutputGradient(image: n, gradients[n])
      trial.setInputGradient(0, image: n, before[n])
    }
    trial.forward()
    trial.backward()
    #expect(trial.isFinite, "\(name)")
    let plain = (0..<batch).map { trial.inputGradient(0, image: $0) }
    for n in 0..<batch { trial.setInputGradient(0, image: n, before[n]) }
    trial.backward(adds: true)

    let plane = shape.planeCount
    var expected = (y: inputs.map { $0.map(Double.init) }, dx: inputs.map { $0.map(Double.init) })
    var (scaleGradient, biasGradient): ([Double], [Double]) = ([], [])
    for c in 0..<shape.channels {
      let cells = (0..<batch).flatMap { n in (c * plane..<(c + 1) * plane).map { (n, $0) } }
      let count = Double(cells.count)
      let mean = cells.reduce(0.0) { $0 + Double(inputs[$1.0][$1.1]) } / count
      let variance =
        cells.reduce(0.0) {
          $0 + (Double(inputs[$1.0][$1.1]) - mean) * (Double(inputs[$1.0][$1.1]) - mean)
        }
        / count
      let inverse = 1 / (variance + 1e-5).squareRoot()
      func normal(_ cell: (Int, Int)) -> Double {
        (Double(inputs[cell.0][cell.1]) - mean) * inverse
      }
      func gradient(_ cell: (Int, Int)) -> Double {
        let z = Double(scales[c]) * normal(cell) + Double(biases[c])
        return Double(gradients[cell.0][cell.1]) * slope(activation, z)
      }
      let first = cells.reduce(0.0) { $0 + gradient($1) }
      let second = cells.reduce(0.0) { $0 + gradient($1) * normal($1) }
      biasGradient.append(first)
      scaleGradient.append(second)
      for cell in cells {
        let z = Double(scales[c]) * normal(cell) + Double(biases[c])
        expected.y[cell.0][cell.1] = activation(z)
        expected.dx[cell.0][cell.1] =
          Double(scales[c]) * inverse
          * (gradient(cell) - first / count - normal(cell) * second / count)
      }
      #expect(
        abs(
          Double(trial.parameters.pointer(ids.means)[c])
            - (0.9 * Double(network.weights.values(ids.means)[c]) + 0.1 * mean)) < 1e-4)
      #expect(
        abs(
          Double(trial.parameters.pointer(ids.variances)[c])
            - (0.9 * Double(network.weights.values(ids.variances)[c]) + 0.1 * variance * count
              / max(count - 1, 1))) < 1e-4)
    }
    for n in 0..<batch {
      #expect(worstError(trial.output(image: n), expected.y[n]) < 2e-4, "output, \(name)")
      #expect(worstError(plain[n], expected.dx[n]) < 2e-4, "gradient, \(name)")
      let sums = zip(before[n], expected.dx[n]).map { Double($0) + $1 }
      #expect(worstError(trial.inputGradient(0, image: n), sums) < 2e-4, "added, \(name)")
    }
    // Both passes added theirs.
    let found = (trial.gradients.numbers(ids.scales), trial.gradients.numbers(ids.biases))
    #expect(worstError(Array(found.0), scaleGradient.map { 2 * $0 }) < 1e-3, "scales, \(name)")
    #expect(worstError(Array(found.1), biasGradient.map { 2 * $0 }) < 1e-3, "biases, \(name)")
  }
}
