import Penumbra
import PenumbraEngine
import TestSupport
import Testing

/// What holds for every layer, without being asked.
struct EveryLayerTests {
  private static let seeds: [UInt64] = [1, 2, 3, 4, 5]

  /// Calls `body` with a sample's network on random inputs.
  private func each(
    _ sample: Sample, _ body: (TestNetwork, _ images: [[Float]], _ seed: UInt64) throws -> Void
  ) throws {
    for seed in Self.seeds {
      let network = try sample.network(seed: seed)
      let images = (0..<3).map { network.input(seed: 100 * seed + $0) }
      try body(network, images, seed)
    }
  }

  @Test func `every section has a sample`() {
    let sampled = Set(Sample.all.map(\.section))
    #expect(Set(LayerRegistry.builtin.layers.map { $0.spec.name }) == sampled)
  }

  @Test(arguments: Sample.all, KernelChoice.sets)
  func `fast kernels compute what the reference does`(
    sample: Sample, instructionSet: String
  ) throws {
    try each(sample) { network, images, seed in
      let expected = try network.outputs(images[0])
      for backend in [BlockedBackend(), BlasBackend()] as [any Backend] {
        let got = try KernelChoice.limited(to: instructionSet) {
          try network.outputs(images[0], backend: backend, threads: 2)
        }
        for layer in expected.indices {
          #expect(
            worstError(got[layer], expected[layer]) <= 1,
            "layer \(layer) on \(backend.name), seed \(seed)")
        }
      }
    }
  }

  @Test(arguments: Sample.all)
  func `a batch gives each image what it gets alone, bit for bit`(sample: Sample) throws {
    try KernelChoice.held {
      try each(sample) { network, images, seed in
        for backend in everyBackend {
          for keepsAllOutputs in [true, false] {
            let options = PlanOptions(
              backend: backend, batch: 3, threads: 2, keepsAllOutputs: keepsAllOutputs)
            let together = try network.run(images, options)
            for (image, values) in zip(images, together) {
              var single = options
              single.batch = 1
              let alone = try network.run([image], single)[0]
              #expect(alone.bits == values.bits, "\(backend.name), seed \(seed)")
            }
          }
        }
      }
    }
  }

  @Test(arguments: Sample.all)
  func `the number of threads changes no bit`(sample: Sample) throws {
    try KernelChoice.held {
      try each(sample) { network, images, seed in
        for backend in everyBackend {
          let results = try [1, 2, 3, 7].map { threads in
            try network.run(
              images, PlanOptions(backend: backend, threads: threads, keepsAllOutputs: true))
          }
          #expect(
            results.allSatisfy { $0.map(\.bits) == results[0].map(\.bits) },
            "\(backend.name), seed \(seed)")
        }
      }
    }
  }

  @Test(arguments: Sample.all)
  func `kernels write their whole output and nothing else`(sample: Sample) throws {
    try KernelChoice.held {
      try each(sample) { network, images, seed in
        for backend in everyBackend {
          let guarded = GuardedBackend(inner: backend)
          let options = PlanOptions(backend: guarded, threads: 2, keepsAllOutputs: true)
          let got = try network.run(images, options)
          #expect(guarded.findings.all == [])
          let expected = try network.run(
            images, PlanOptions(backend: backend, threads: 2, keepsAllOutputs: true))
          #expect(got.map(\.bits) == expected.map(\.bits), "\(backend.name), seed \(seed)")
        }
      }
    }
  }
}

extension [Int: [Float]] {
  /// The values as they are stored: NaN equals itself, 0 differs from -0.
  var bits: [Int: [UInt32]] { mapValues { $0.map(\.bitPattern) } }
}
