import PenumbraCompute
import PenumbraEngine
import TestSupport
import Testing

/// The convolution that trains in blocks, against its definition.
struct ConvolutionGradientTests {
  /// One convolution over an input of one block or several, or over planes.
  private struct Case: CustomStringConvertible {
    var width = 9
    var height = 7
    var channels = 8
    var filters = 8
    var options = ""
    /// Whether the input comes from another convolution, in blocks.
    var isBlocked = true
    /// Whether something before planes learns.
    var needsInputGradient = false
    var batch = 2

    var description: String { "\(width)x\(height)x\(channels) -> \(filters) \(options)" }

    var cfg: String {
      """
      [net]
      width=\(width)
      height=\(height)
      channels=\(isBlocked ? 1 : channels)

      \(isBlocked ? "[convolutional]\nfilters=\(channels)\nsize=1\nactivation=linear\n" : "")
      [convolutional]
      filters=\(filters)
      activation=linear
      \(options.split(separator: " ").joined(separator: "\n"))
      """
    }
  }

  private func check(_ item: Case, on set: String, threads: Int = 2) throws {
    let network = try TestNetwork(item.cfg, seed: 3)
    let layer = item.isBlocked ? 1 : 0
    let (batch, needs) = (item.batch, item.isBlocked || item.needsInputGradient)
    let backend = GuardedBackend(inner: BlockedBackend())
    defer { #expect(backend.findings.all.isEmpty, "\(item) on \(set)") }
    let trial = try TrainingTrial(
      network.graph, layer: layer, weights: network.weights, backend: backend, batch: batch,
      threads: threads, needsInputGradient: needs)
    let geometry = try #require(trial.geometry)
    let ids = try #require(trial.convolutionParameters)
    let plain = PlainConvolution(
      geometry: geometry, weights: Array(network.weights.values(ids.weights)),
      bias: Array(network.weights.values(ids.bias)))
    var generator = SeededGenerator(seed: 11)
    let inputs = (0..<batch).map { _ in generator.floats(trial.inputShapes[0].count) }
    let gradients = (0..<batch).map { _ in generator.floats(trial.outputShape.count) }
    let before = (0..<batch).map { _ in generator.floats(trial.inputShapes[0].count) }
    for n in 0..<batch {
      trial.setInput(0, image: n, inputs[n])
      trial.setOutputGradient(image: n, gradients[n])
    }
    trial.forward()
    trial.backward(needs: needs)
    #expect(trial.isFinite, "\(item) on \(set)")
    var weightGradient = plain.weights.map { _ in 0.0 }
    var biasGradient = plain.bias.map { _ in 0.0 }
    for n in 0..<batch {
      let output = worstError(trial.output(image: n), plain.output(inputs[n]))
      #expect(output < 1e-4, "output of \(item) on \(set)")
      plain.addWeightGradient(inputs[n], gradients[n], to: &weightGradient)
      plain.addBiasGradient(gradients[n], to: &biasGradient)
      guard needs else { continue }
      let error = worstError(
        trial.inputGradient(0, image: n), plain.inputGradient(gradients[n]))
      #expect(error < 1e-4, "input gradient of \(item) on \(set)")
    }
    let weightError = worstError(Array(trial.gradients.numbers(ids.weights)), weightGradient)
    #expect(weightError < 1e-5, "weight gradient of \(item) on \(set)")
    let biasError = worstError(Array(trial.gradients.numbers(ids.bias)), biasGradient)
    #expect(biasError < 1e-5, "bias gradient of \(item) on \(set)")

    // Once more, on top of what stands there.
    for n in 0..<batch { trial.setInputGradient(0, image: n, before[n]) }
    trial.backward(adds: true, needs: needs)
    let twice = worstError(
      Array(trial.gradients.numbers(ids.weights)), weightGradient.map { 2 * $0 })
    #expect(twice < 1e-5, "weight gradient of \(item) on \(set), added")
    guard needs else { return }
    for n in 0..<batch {
      let expected = zip(before[n], plain.inputGradient(gradients[n])).map { Double($0) + $1 }
      let error = worstError(trial.inputGradient(0, image: n), expected)
      #expect(error < 1e-4, "input gradient of \(item) on \(set), added")
    }
  }

  private static let cases: [Case] = [
    Case(options: "size=3 pad=1"),
    Case(width: 1, height: 1, channels: 20, filters: 33, options: "size=3 pad=1"),
    Case(width: 1, height: 1, channels: 5, filters: 3, options: "size=1"),
    Case(width: 17, height: 18, channels: 24, filters: 40, options: "size=3 pad=1", batch: 3),
    Case(width: 13, height: 13, channels: 40, filters: 21, options: "size=1"),
    Case(width: 20, height: 20, channels: 64, filters: 72, options: "size=3 pad=1"),
    Case(width: 15, height: 14, channels: 12, filters: 20, options: "size=3 stride=2 pad=1"),
    Case(width: 16, height: 16, channels: 70, filters: 48, options: "size=3 stride=2 pad=1"),
    Case(width: 11, height: 9, channels: 9, filters: 17, options: "size=5 stride=3 pad=1"),
    Case(width: 12, height: 12, channels: 8, filters: 16, options: "size=2 stride=2"),
    Case(width: 12, height: 9, channels: 16, filters: 8, options: "size=3 stride_x=2 stride_y=1"),
    Case(width: 14, height: 13, channels: 16, filters: 24, options: "size=3 pad=1 dilation=2"),
    Case(width: 9, height: 9, channels: 8, filters: 8, options: "size=2 padding=3"),
    Case(width: 9, height: 9, channels: 8, filters: 8, options: "size=7 pad=1"),
    Case(width: 9, height: 7, channels: 19, filters: 19, options: "size=3 pad=1 groups=19"),
    Case(
      width: 9, height: 7, channels: 24, filters: 24, options: "size=5 stride=2 pad=1 groups=24"),
    Case(width: 9, height: 7, channels: 12, filters: 24, options: "size=3 pad=1 groups=12"),
    Case(width: 9, height: 7, channels: 32, filters: 64, options: "size=3 pad=1 groups=2"),
    Case(width: 9, height: 7, channels: 30, filters: 20, options: "size=3 stride=2 pad=1 groups=5"),
    Case(width: 9, height: 7, channels: 40, filters: 40, options: "size=3 pad=1 groups=10"),
    Case(width: 8, height: 8, channels: 36, filters: 54, options: "size=1 groups=3"),
    Case(width: 10, height: 8, channels: 16, filters: 24, options: "size=1 stride=3"),
    Case(width: 9, height: 8, channels: 16, filters: 24, options: "size=2 stride=2 padding=3"),
    Case(width: 7, height: 9, channels: 32, filters: 32, options: "size=2 padding=3 groups=2"),
    Case(
      width: 9, height: 7, channels: 48, filters: 48, options: "size=3 stride=2 pad=1 groups=2"),
    Case(width: 1, height: 1, channels: 24, filters: 24, options: "size=3 pad=1 groups=24"),
    Case(
      width: 19, height: 23, channels: 3, filters: 16, options: "size=3 stride=2 pad=1",
      isBlocked: false),
    Case(width: 8, height: 9, channels: 7, filters: 9, options: "size=3 pad=1", isBlocked: false),
    Case(width: 70, height: 5, channels: 1, filters: 32, options: "size=3", isBlocked: false),
    Case(
      width: 9, height: 7, channels: 4, filters: 16, options: "size=3 pad=1", isBlocked: false,
      needsInputGradient: true),
    Case(
      width: 9, height: 7, channels: 5, filters: 8, options: "size=3 stride=2 pad=1",
      isBlocked: false, needsInputGradient: true),
  ]

  @Test
  func `computes the gradients of the definition on every instruction set`() throws {
    for set in KernelChoice.sets {
      try KernelChoice.limited(to: set) {
        for item in Self.cases { try check(item, on: set) }
      }
    }
  }

  @Test
  func `sums weights of several chunks, and of several parts, right`() throws {
    for set in KernelChoice.sets {
      try KernelChoice.limited(to: set) {
        try check(
          Case(width: 5, height: 5, channels: 264, filters: 72, options: "size=3 pad=1"), on: set)
        try check(
          Case(width: 600, height: 2, channels: 4, filters: 8, options: "size=3 pad=1", batch: 1),
          on: set)
        try check(
          Case(
            width: 600, height: 2, channels: 4, filters: 8, options: "size=3 pad=1",
            isBlocked: false, batch: 3),
          on: set)
      }
    }
  }

  @Test(arguments: [
    ("size=3 pad=1", 40, 24), ("size=3 stride=2 pad=1", 40, 24), ("size=1", 16, 16),
    ("size=3 pad=1 groups=24", 24, 24),
  ])
  func `gives the same bits for any number of threads`(
    options: String, channels: Int, filters: Int
  ) throws {
    let item = Case(
      width: 33, height: 21, channels: channels, filters: filters, options: options)
    let network = try TestNetwork(item.cfg)
    try KernelChoice.held {
      let found = try (1...3).map { threads in
        let trial = try TrainingTrial(
          network.graph, layer: 1, weights: network.weights, batch: 2, threads: threads)
        var generator = SeededGenerator(seed: 5)
        for n in 0..<2 {
          trial.setInput(0, image: n, generator.floats(trial.inputShapes[0].count))
          trial.setOutputGradient(image: n, generator.floats(trial.outputShape.count))
        }
        trial.forward()
        trial.backward()
        let bits = (Array(trial.gradients.values) + trial.inputGradient(0, image: 1)).map(
          \.bitPattern)
        return bits
      }
      #expect(found[0] == found[1])
      #expect(found[0] == found[2])
    }
  }
}
