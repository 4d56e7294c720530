import Penumbra
import TestSupport
import Testing

/// Convolutions of bfloat16 and of bytes against the definition, and networks of them against fp32.
struct ReducedPrecisionTests {
  /// Small whole numbers are exact in bfloat16 and in bytes, and so are their sums in floats: a direct
  /// convolution of them has to give what the definition gives, whatever its shape.
  @Test(arguments: 0..<120)
  func `convolves whole numbers exactly`(seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed) &+ 4001)
    let shape = Shape(
      generator.pick([8, 9, 12, 16, 24, 33, 40, 64]), generator.pick(Array(1...19)),
      generator.pick(Array(1...19) + [40]))
    let size = generator.pick([1, 1, 2, 3, 3, 5])
    let groups = shape.channels == 64 ? generator.pick([1, 2, 4]) : 1
    let filters = generator.pick([1, 4, 8, 16, 24, 30, 40, 64]) * groups
    let cfg = """
      [net]
      width=\(shape.width)
      height=\(shape.height)
      channels=\(shape.channels)

      [convolutional]
      filters=\(filters)
      size=\(size)
      groups=\(groups)
      stride=\(generator.pick([1, 1, 2, 3]))
      padding=\(generator.pick([0, size / 2, size - 1]))
      dilation=\(generator.pick([1, 1, 2]))
      activation=\(generator.pick(["linear", "leaky", "relu", "mish"]))
      """
    let perFilter = shape.channels / groups * size * size
    var weights = (0..<filters).map { _ in Float(generator.pick(Array(-9...9))) }
    for _ in 0..<filters {
      var row = (0..<perFilter).map { _ in Float(generator.pick(Array(-100...100))) }
      row[0] = 127  // so that the steps of a filter's bytes are 1
      weights += row
    }
    guard let network = try? TestNetwork(cfg, weights: weights) else { return }
    let image = (0..<shape.count).map { _ in Float(generator.pick(Array(-128...127))) }
    let calibration = Calibration(
      cfg: "test.cfg", parameters: weights.count, images: 1,
      inputs: [Calibration.LayerInput(layer: 0, low: -128, high: 127)])

    try KernelChoice.held {
      let expected = try network.outputs(image)[0]
      for precision in [Precision.bf16, .int8(calibration)] where precision.format.isSupported {
        for threads in [1, 3] {
          let got = try network.run(
            [image],
            PlanOptions(
              backend: BlockedBackend(method: .direct), threads: threads, keepsAllOutputs: true,
              precision: precision, fp32Layers: []))
          // What remains is the activation's own error.
          let error = worstError(got[0][0] ?? [], expected, absolute: 1e-5, relative: 1e-6)
          #expect(error <= 1, "\(precision.format)\n\(cfg)")
        }
      }
    }
  }

  /// The order of the products of a pixel does not depend on what is computed in turns.
  @Test(arguments: 400..<410)
  func `expands pixels in turns to the same bits`(seed: Int) throws {
    guard Precision.bf16.format.isSupported else { return }
    var generator = RandomLayers(seed: UInt64(seed))
    for _ in 0..<20 {
      let (cfg, network) = try generator.next { $0.expansion() }
      try KernelChoice.held {
        let outputs = try [0, Int.max].map { leastBytes in
          let options = PlanOptions(
            backend: BlockedBackend(expandedBytes: leastBytes), threads: 2, precision: .bf16,
            fp32Layers: [])
          let names = Plan.program(network.graph, options).steps.map(\.operation.name)
          // More channels are converted too often.
          let isExpanded = leastBytes == 0 && network.graph.nodes[0].layer.output.channels <= 32
          #expect(names.contains("convolution-and-convolution") == isExpanded, "\(cfg)")
          return try network.run([network.input()], options)[0]
        }
        #expect(outputs[0] == outputs[1], "\(cfg)")
      }
    }
  }

  /// Winograd's coefficients are rounded, which costs more than to round the numbers themselves.
  @Test(arguments: [(16, 24, 20), (32, 32, 26), (40, 64, 13), (128, 48, 9), (256, 32, 17)])
  func `convolves by Winograd within 2 percent`(channels: Int, filters: Int, side: Int) throws {
    let cfg = """
      [net]
      width=\(side)
      height=\(side)
      channels=\(channels)

      [convolutional]
      filters=\(filters)
      size=3
      stride=1
      pad=1
      activation=linear
      """
    let network = try TestNetwork(cfg, seed: UInt64(side))
    let image = network.input().map { 2 * $0 - 1 }
    try KernelChoice.held {
      let exact = try network.outputs(image)[0]
      var errors: [Double] = []
      for method in [ConvolutionMethod.direct, .winograd(keepsTransformed: true)] {
        let got = try network.run(
          [image],
          PlanOptions(
            backend: BlockedBackend(method: method), keepsAllOutputs: true, precision: .bf16,
            fp32Layers: []))
        errors.append(rootMeanSquareError(got[0][0] ?? [], exact))
      }
      guard NumberFormat.bf16.isSupported else { return }
      #expect((1e-4...0.005).contains(errors[0]), "direct: \(errors[0])")
      #expect((1e-4...0.02).contains(errors[1]), "winograd: \(errors[1])")
    }
  }

  /// A backbone with joins, residuals and two heads' worth of convolutions.
  private static let network = """
    [net]
    width=64
    height=48
    channels=3

    \(convolution(16))
    \(convolution(32, stride: 2))
    \(convolution(32))
    \(convolution(32, size: 1))
    [shortcut]
    from=-3
    activation=leaky

    \(convolution(64, stride: 2))
    [route]
    layers=-1
    groups=2
    group_id=1

    \(convolution(40))
    [route]
    layers=-1,-3

    \(convolution(64, size: 1))
    \(convolution(24, size: 1))
    """

  private static func convolution(_ filters: Int, size: Int = 3, stride: Int = 1) -> String {
    "[convolutional]\nbatch_normalize=1\nfilters=\(filters)\nsize=\(size)\nstride=\(stride)\npad=1\n"
      + "activation=leaky\n"
  }

  private static func calibration(_ network: TestNetwork) throws -> Calibration {
    var calibrator = try Calibrator(
      network.graph, weights: network.weights, options: PlanOptions(backend: BlockedBackend()))
    for seed in 1...4 {
      calibrator.withInput { _ = $0.update(fromContentsOf: network.input(seed: UInt64(seed))) }
      try calibrator.run()
    }
    return calibrator.calibration
  }

  @Test(arguments: [(NumberFormat.bf16, 0.02), (.int8, 0.03)])
  func `computes a network close to fp32, the same bits for any threads`(
    format: NumberFormat, tolerance: Double
  ) throws {
    let network = try TestNetwork(Self.network, seed: 3)
    let precision: Precision = format == .bf16 ? .bf16 : .int8(try Self.calibration(network))
    let images = (0..<3).map { network.input(seed: UInt64(70 + $0)) }
    try KernelChoice.held {
      let exact = try network.run(images, PlanOptions(backend: BlockedBackend()))
      var first: [[Int: [UInt32]]]?
      for threads in [1, 2, 3, 7] {
        let got = try network.run(
          images, PlanOptions(backend: BlockedBackend(), threads: threads, precision: precision))
        let bits = got.map { $0.mapValues { $0.map(\.bitPattern) } }
        first = first ?? bits
        #expect(bits == first, "\(threads) threads")
        for (found, expected) in zip(got, exact) {
          for (layer, values) in found {
            let error = rootMeanSquareError(values, expected[layer] ?? [])
            #expect(error <= tolerance, "layer \(layer): \(error)")
            #expect(error > 0 || !format.isSupported, "nothing was rounded")
          }
        }
      }
    }
  }

  @Test func `computes in fp32 on instruction sets that lack it`() throws {
    let network = try TestNetwork(Self.network, seed: 3)
    let image = network.input()
    for set in KernelChoice.sets where set != "avx512" {
      try KernelChoice.limited(to: set) {
        #expect(!NumberFormat.bf16.isSupported && !NumberFormat.int8.isSupported)
        let (exact, got) = (
          try network.run([image], PlanOptions(backend: BlockedBackend())),
          try network.run([image], PlanOptions(backend: BlockedBackend(), precision: .bf16))
        )
        #expect(got[0] == exact[0], "\(set)")
      }
    }
  }

  @Test func `keeps the first convolution and the last in fp32`() throws {
    let network = try TestNetwork(Self.network)
    let options = PlanOptions(backend: BlockedBackend(), precision: .bf16)
    let formats = Plan.program(network.graph, options).steps.compactMap { step in
      (step.operation as? Convolution)?.products.format
    }
    #expect(formats.first == .fp32 && formats.last == .fp32)
    #expect(formats.count { $0 == .bf16 } == formats.count - 2)
  }

  @Test func `refuses a calibration of another network`() throws {
    let network = try TestNetwork(Self.network)
    var calibration = try Self.calibration(network)
    calibration.inputs.removeAll { $0.layer == 2 }
    let error = #expect(throws: PlanError.self) {
      try Plan(
        network.graph, weights: network.weights,
        options: PlanOptions(backend: BlockedBackend(), precision: .int8(calibration)))
    }
    #expect(error == .notCalibrated(layer: 2, calibration: "test.cfg"))
    #expect(error?.description.contains("penumbra calibrate") == true)
  }

  @Test(arguments: [0, 1, 7], [Float.nan, .infinity, -.infinity])
  func `bytes refuse weights that are not finite, which they would hide`(
    place: Int, value: Float
  ) throws {
    let cfg =
      "[net]\nwidth=4\nheight=4\nchannels=1\n[convolutional]\nfilters=4\nactivation=linear\n"
    var weights = [Float](repeating: 0.5, count: 8)  // 4 biases, 4 weights
    weights[place] = value
    let network = try TestNetwork(cfg, weights: weights)
    let calibration = Calibration(
      cfg: "test.cfg", parameters: 8, images: 1,
      inputs: [Calibration.LayerInput(layer: 0, low: 0, high: 1)])
    let error = #expect(throws: PlanError.self) {
      try Plan(
        network.graph, weights: network.weights,
        options: PlanOptions(precision: .int8(calibration)))
    }
    guard case .weights(let reason) = error,
      case .brokenNumbers(0, "convolutional", _) = reason.reason
    else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test func `calibrates with the range that loses least`() throws {
    let network = try TestNetwork(Self.network, seed: 3)
    let found = try Self.calibration(network)
    #expect(found.images == 4 && found.inputs.map(\.layer).first == 0)
    // The image has numbers from 0 to 1, evenly: nothing is worth clipping.
    #expect(found.inputs[0].low == 0 && abs(found.inputs[0].high - 1) < 0.01)
    // Leaky activations leave a tenth of what is below zero.
    #expect(found.inputs[1].low < 0 && found.inputs[1].high > -found.inputs[1].low)
  }

  // MARK: Numbers at their limits

  /// A pixelwise convolution of bytes, each filter the sum of its channels.
  private func sums(
    _ values: [Float], channels: Int, size: Int = 1, low: Float, high: Float
  ) throws -> (found: [Float], exact: [Float], format: NumberFormat?) {
    let perFilter = channels * size * size
    let network = try TestNetwork(
      """
      [net]
      width=\(values.count / channels)
      height=1
      channels=\(channels)

      [convolutional]
      filters=8
      size=\(size)
      pad=1
      activation=linear
      """, weights: Array(repeating: 0, count: 8) + Array(repeating: 1, count: 8 * perFilter))
    let calibration = Calibration(
      cfg: "test.cfg", parameters: 8 + 8 * perFilter, images: 1,
      inputs: [Calibration.LayerInput(layer: 0, low: low, high: high)])
    let options = PlanOptions(
      backend: BlockedBackend(method: .direct), precision: .int8(calibration), fp32Layers: [])
    return try KernelChoice.held {
      let plan = try Plan(network.graph, weights: network.weights, options: options)
      return (
        try network.run([values], options)[0][0] ?? [], try network.result(values),
        plan.stepKernels.first { $0.kernel.hasPrefix("direct") }?.numbers
      )
    }
  }

  /// Far above means above what whole numbers of 32 bits hold.
  @Test func `clips what lies far outside the calibrated range`() throws {
    guard NumberFormat.int8.isSupported else { return }
    let pixels: [Float] = [0.5, 1, 3, 1e6, 1e9, 1e30, .infinity, -1, -1e9, -1e30, -.infinity, .nan]
    let expected: [Float] = [0.5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0]
    // All channels alike; two blocks, so that both widths of the kernels meet them.
    let values = (0..<16).flatMap { _ in pixels }
    let (found, _, format) = try sums(values, channels: 16, low: 0, high: 1)
    #expect(format == .int8)
    for filter in 0..<8 {
      for (pixel, value) in expected.enumerated() {
        #expect(abs(found[filter * pixels.count + pixel] - 16 * value) < 0.05, "\(pixels[pixel])")
      }
    }
  }

  @Test func `leaves filters in fp32 whose sums of bytes would not fit`() throws {
    let channels = 4096
    var generator = SeededGenerator(seed: 2)
    let values = generator.floats(channels).map { -abs($0) }
    let (found, exact, format) = try sums(values, channels: channels, size: 5, low: -1, high: 0)
    #expect(format == .fp32)
    #expect(worstError(found, exact, absolute: 1e-3, relative: 1e-3) <= 1)
  }

  private static let leastRanges: [(Float, Float)] = {
    let least = Float.leastNonzeroMagnitude
    return [(-least, 0), (0, 7 * least), (-7 * least, least), (0, 0)]
  }()

  @Test(arguments: leastRanges)
  func `survives a calibration of the least numbers`(
    low: Float, high: Float
  ) throws {
    let (found, _, _) = try sums(Array(repeating: 0, count: 32), channels: 16, low: low, high: high)
    #expect(found.allSatisfy { $0.isFinite })
  }

  private func rootMeanSquareError(_ got: [Float], _ expected: [Float]) -> Double {
    guard got.count == expected.count else { return .infinity }
    let (error, square) = zip(got, expected).reduce((0.0, 0.0)) { sums, pair in
      let (a, b) = (Double(pair.0), Double(pair.1))
      return (sums.0 + (a - b) * (a - b), sums.1 + b * b)
    }
    return (error / square).squareRoot()
  }
}
