import Foundation
import Penumbra
import TestSupport
import Testing

/// The blocked kernels against the definitions, on layers of odd shapes.
struct BlockedBackendTests {
  private static let networksOfSeed = 60
  /// `make test-random` asks for more of them, from another seed.
  private static let seeds: Range<Int> = {
    let environment = ProcessInfo.processInfo.environment
    let networks = environment["PENUMBRA_RANDOM_NETWORKS"].flatMap { Int($0) } ?? 5400
    let first = environment["PENUMBRA_RANDOM_SEED"].flatMap { Int($0) } ?? 0
    return first..<first + max(1, networks / networksOfSeed)
  }()

  /// 5400 networks of two to five layers, on every instruction set, between forbidden pages.
  @Test(arguments: seeds)
  func `computes random layers like the reference`(seed: Int) throws {
    var generator = RandomLayers(seed: UInt64(seed))
    for number in 0..<Self.networksOfSeed {
      let (cfg, network) = try generator.next()
      let note = CrashNote(cfg)
      defer { note.remove() }
      let image = network.input()
      let expected = try network.outputs(image)
      for set in KernelChoice.sets {
        let backend = GuardedBackend(inner: BlockedBackend(), touchesEnd: number % 3 > 0)
        let got = try KernelChoice.limited(to: set) {
          try network.outputs(image, backend: backend, threads: 2)
        }
        for (layer, values) in got.enumerated() {
          let error = worstError(values, expected[layer], absolute: 1e-4, relative: 1e-3)
          #expect(error <= 1, "layer \(layer) on \(set)\n\(cfg)")
        }
        #expect(backend.findings.all.isEmpty, "on \(set)\n\(cfg)")
      }
    }
  }

  @Test(arguments: 100..<120)
  func `gives the same bits for any number of threads and images`(seed: Int) throws {
    var generator = RandomLayers(seed: UInt64(seed))
    for _ in 0..<20 {
      let (cfg, network) = try generator.next()
      let images = (0..<3).map { network.input(seed: UInt64($0 + 1)) }
      try KernelChoice.held {
        let one = try images.map { try bits(of: network, [$0], threads: 1)[0] }
        for threads in [1, 2, 3, 7] {
          #expect(try bits(of: network, images, threads: threads) == one, "\(threads)\n\(cfg)")
        }
      }
    }
  }

  /// Joins, bypasses and residuals in shared memory, at channel counts that fill blocks or do not.
  @Test(arguments: 0..<200)
  func `computes random networks like the reference`(seed: Int) throws {
    let random = RandomNetwork(seed: UInt64(20_000 + seed))
    let network = try TestNetwork(random.cfg, seed: UInt64(seed))
    let images = (0..<2).map { network.input(seed: UInt64(1000 * seed + $0)) }
    let all = try network.run(
      images, PlanOptions(backend: ReferenceBackend(), keepsAllOutputs: true))
    for keepsAll in [false, true] {
      let got = try network.run(
        images, PlanOptions(backend: BlockedBackend(), threads: 2, keepsAllOutputs: keepsAll))
      for (found, expected) in zip(got, all) {
        for (layer, values) in found {
          let error = worstError(values, expected[layer] ?? [], absolute: 1e-4, relative: 1e-3)
          #expect(error <= 1, "layer \(layer), keeping all: \(keepsAll)\n\(random.cfg)")
        }
      }
    }
  }

  @Test func `changes no layout inside a chain of convolutions`() throws {
    let layer = "\n[convolutional]\nfilters=24\nsize=3\nstride=1\npad=1\nactivation=leaky\n"
    let network = try TestNetwork(
      "[net]\nwidth=12\nheight=12\nchannels=3\n" + String(repeating: layer, count: 3)
        + "\n[shortcut]\nfrom=-2\nactivation=linear\n" + layer)
    let program = Plan.program(network.graph, PlanOptions(backend: BlockedBackend()))
    #expect(
      program.steps.map(\.operation.name) == [
        "convolution", "convolution", "convolution-and-add", "convolution", "change-layout",
      ])
  }

  private func bits(
    of network: TestNetwork, _ images: [[Float]], threads: Int
  ) throws -> [[Int: [UInt32]]] {
    try network.run(
      images, PlanOptions(backend: BlockedBackend(), threads: threads, keepsAllOutputs: true)
    ).map { outputs in outputs.mapValues { $0.map(\.bitPattern) } }
  }
}
