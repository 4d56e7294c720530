import Penumbra
import TestSupport
import Testing

/// Memory that layers share must never show in what they compute.
struct RandomNetworkTests {
  @Test(arguments: 0..<500)
  func `sharing memory changes no output of a random network`(seed: Int) throws {
    let random = RandomNetwork(seed: UInt64(seed))
    let network = try TestNetwork(random.cfg, seed: UInt64(seed))
    let images = (0..<2).map { network.input(seed: UInt64(1000 * seed + $0)) }
    let all = try network.run(
      images, PlanOptions(backend: ReferenceBackend(), threads: 1, keepsAllOutputs: true))
    let runs = [
      PlanOptions(backend: BlasBackend(), threads: 2),
      PlanOptions(backend: BlasBackend(), threads: 2, keepsAllOutputs: true),
      PlanOptions(backend: ReferenceBackend(), threads: 1),
    ]
    for options in runs {
      let got = try network.run(images, options)
      for (found, expected) in zip(got, all) {
        for (layer, values) in found {
          let error = worstError(
            values, expected[layer] ?? [], absolute: 1e-4, relative: 1e-3)
          #expect(
            error <= 1,
            """
            layer \(layer) on \(options.backend.name), keeping all: \(options.keepsAllOutputs)
            \(random.cfg)
            """)
        }
      }
    }
  }

  private static let passes: [any Pass] = [
    FoldBatchNormalization(), FuseActivation(), JoinInPlace(), OverwriteInputs(),
  ]

  @Test(arguments: 0..<40)
  func `each pass can be left out without changing an output`(seed: Int) throws {
    let network = try TestNetwork(RandomNetwork(seed: UInt64(7000 + seed)).cfg)
    let image = network.input()
    let reference = try network.run(
      [image], PlanOptions(backend: ReferenceBackend(), keepsAllOutputs: true))[0]
    for subset in 0..<1 << Self.passes.count {
      let chosen = Self.passes.indices.filter { subset >> $0 & 1 == 1 }.map { Self.passes[$0] }
      let got = try network.run([image], PlanOptions(backend: PassSubset(passes: chosen)))[0]
      for (layer, values) in got {
        let error = worstError(values, reference[layer] ?? [], absolute: 1e-4, relative: 1e-3)
        #expect(error <= 1, "layer \(layer) with \(chosen)")
      }
    }
  }

  @Test(arguments: 0..<40)
  func `a second run of a session gives what the first gave`(seed: Int) throws {
    try KernelChoice.held {
      let network = try TestNetwork(RandomNetwork(seed: UInt64(9000 + seed)).cfg)
      let image = network.input()
      var session = try Session(Plan(network.graph, weights: network.weights))
      let runs = (0..<2).map { _ in
        session.withInput { _ = $0.update(fromContentsOf: image) }
        session.run()
        return session.readableOutputs().bits
      }
      #expect(runs[0] == runs[1])
    }
  }
}
