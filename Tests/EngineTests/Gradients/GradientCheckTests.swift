import Penumbra
import PenumbraEngine
import TestSupport
import Testing

/// Every layer's gradients, with respect to its inputs and its parameters, against what the loss
/// does when a parameter moves a little.
struct GradientCheckTests {
  static let untrainable: Set = ["contrastive"]
  static let samples = Sample.all.filter { !untrainable.contains($0.section) }

  @Test(arguments: samples)
  func `gradients agree with central differences`(sample: Sample) throws {
    var checked = 0
    for seed: UInt64 in [1, 2, 3] {
      let network = try sample.trainableNetwork(seed: seed)
      let lesson = Lesson(network, seed: seed)
      let parameters = try ParameterBuffer(copying: network.weights)
      let gradients = try lesson.gradients(parameters)
      let loss = try lesson.makeLoss(parameters)
      for entry in parameters.layout.entries where entry.parameter.role.isLearned {
        let (values, slopes) = (parameters.pointer(entry.id), gradients.numbers(entry.id))
        let size = slopes.reduce(1) { max($0, abs(Double($1))) }
        for index in stride(from: 0, to: slopes.count, by: max(1, slopes.count / 12)) {
          guard let expected = try slope(of: loss, at: &values[index], unit: size) else { continue }
          checked += 1
          let error = abs(Double(slopes[index]) - expected)
          #expect(
            error <= 4e-3 * size,
            "layer \(entry.id.layer), \(entry.parameter.role) \(index), seed \(seed): \(slopes[index]), not \(expected)"
          )
        }
      }
      withExtendedLifetime(parameters) {}
    }
    #expect(checked >= 6, "too few of the differences were smooth enough to tell")
  }

  /// The central difference; nil where slopes on both sides, or of steps of two sizes, disagree, as
  /// at a kink.
  private func slope(
    of loss: () throws -> Double, at value: inout Float, unit: Double
  ) throws -> Double? {
    let (start, middle) = (value, try loss())
    var slopes: [Double] = []
    for step: Float in [3e-3, 6e-4] {
      for side in [step, -step] {
        value = start + side
        slopes.append((try loss() - middle) / (Double(value) - Double(start)))
      }
    }
    value = start
    let spread = (slopes.max() ?? 0) - (slopes.min() ?? 0)
    return spread <= 8e-3 * unit ? (slopes[2] + slopes[3]) / 2 : nil
  }

  @Test(arguments: samples, KernelChoice.sets)
  func `fast kernels find the gradients that the plain ones do`(
    sample: Sample, instructionSet: String
  ) throws {
    for seed: UInt64 in [1, 2, 3, 4] {
      let network = try sample.trainableNetwork(seed: seed)
      let lesson = Lesson(network, seed: seed)
      let parameters = try ParameterBuffer(copying: network.weights)
      let expected = try lesson.gradients(parameters)
      for backend in [BlockedBackend(), BlasBackend()] as [any Backend] {
        let again = try ParameterBuffer(copying: network.weights)
        let got = try KernelChoice.limited(to: instructionSet) {
          try lesson.gradients(again, backend, threads: 2)
        }
        // Some gradients are 0 but for rounding: of a bias that normalisation takes off again.
        let largest = expected.layout.entries.reduce(Float(0.1)) {
          expected.numbers($1.id).reduce($0) { max($0, abs($1)) }
        }
        for entry in parameters.layout.entries {
          let (a, b) = (expected.numbers(entry.id), got.numbers(entry.id))
          let size = a.reduce(largest / 10) { max($0, abs($1)) }
          #expect(
            zip(a, b).allSatisfy { abs($0 - $1) <= 2e-4 * size },
            "\(entry.section) \(entry.parameter.role) on \(backend.name), seed \(seed)")
          let statistics = zip(parameters.numbers(entry.id), again.numbers(entry.id))
          #expect(statistics.allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($0)) })
        }
      }
    }
  }

  @Test(arguments: samples)
  func `the number of threads changes no bit of a gradient`(sample: Sample) throws {
    for backend in [BlockedBackend(), ReferenceBackend()] as [any Backend] {
      let network = try sample.trainableNetwork(seed: 5)
      let lesson = Lesson(network, seed: 5)
      let bits = try KernelChoice.held {
        try [1, 2, 3, 7].map { threads in
          let found = try lesson.gradients(
            ParameterBuffer(copying: network.weights), backend, threads: threads)
          return found.layout.entries.flatMap { found.numbers($0.id).map(\.bitPattern) }
        }
      }
      #expect(bits.allSatisfy { $0 == bits[0] }, "\(backend.name)")
    }
  }

  @Test(arguments: samples)
  func `kernels that train write all they must and nothing else`(sample: Sample) throws {
    try KernelChoice.held {
      for seed: UInt64 in [1, 2, 3] {
        let network = try sample.trainableNetwork(seed: seed)
        let lesson = Lesson(network, seed: seed)
        for backend in [BlockedBackend(), ReferenceBackend()] as [any Backend] {
          let guarded = GuardedBackend(inner: backend, touchesEnd: seed != 2)
          let found = try [backend, guarded].map { backend in
            let parameters = try ParameterBuffer(copying: network.weights)
            let gradients = try lesson.gradients(parameters, backend, threads: 2)
            // Rolling statistics among them.
            return [parameters, gradients].map { $0.values.map(\.bitPattern) }
          }
          #expect(found[0] == found[1], "\(backend.name), seed \(seed)")
          #expect(guarded.findings.all.isEmpty, "\(backend.name), seed \(seed)")
        }
      }
    }
  }

  /// Joins, bypasses and residuals in shared memory, of blocks that are full or not.
  @Test(arguments: 0..<60)
  func `finds the gradients of random networks like the reference`(seed: Int) throws {
    let random = RandomNetwork(seed: UInt64(30_000 + seed), filters: [8, 16, 12, 24])
    try compare(TestNetwork(random.cfg, seed: UInt64(seed)), seed: UInt64(seed), random.cfg)
  }

  /// Windows of every size, stride and dilation, and what follows them.
  @Test(arguments: 300..<330)
  func `finds the gradients of random layers like the reference`(seed: Int) throws {
    var generator = RandomLayers(seed: UInt64(seed))
    for _ in 0..<4 {
      let (cfg, network) = try generator.next()
      try compare(network, seed: UInt64(seed), cfg)
    }
  }

  private func compare(_ network: TestNetwork, seed: UInt64, _ cfg: String) throws {
    let lesson = Lesson(network, seed: seed, batch: 2)
    let expected = try lesson.gradients(ParameterBuffer(copying: network.weights))
    let largest = expected.values.reduce(Float(0.1)) { max($0, abs($1)) }
    for set in KernelChoice.sets {
      let got = try KernelChoice.limited(to: set) {
        try lesson.gradients(
          ParameterBuffer(copying: network.weights), BlockedBackend(), threads: 2)
      }
      for entry in expected.layout.entries {
        let (a, b) = (expected.numbers(entry.id), got.numbers(entry.id))
        let size = a.reduce(largest / 10) { max($0, abs($1)) }
        // A NaN is no small difference.
        #expect(
          zip(a, b).allSatisfy { abs($0 - $1) <= 2e-3 * size },
          "layer \(entry.id.layer), \(entry.parameter.role) on \(set)\n\(cfg)")
      }
    }
  }

  @Test func `a layer without gradients is named`() throws {
    let network = try TestNetwork(
      "[net]\nwidth=4\nheight=4\nchannels=2\n[convolutional]\nfilters=3\nactivation=linear\n")
    #expect(throws: PlanError.nothingToTrain) {
      try TrainingPlan(network.graph, options: TrainingOptions(batch: 1, lossLayers: []))
    }
  }
}

extension Parameter.Role {
  fileprivate var isLearned: Bool { self != .rollingMean && self != .rollingVariance }
}
