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

  /// A pixelwise convolution and small groups, with nothing but some rows between them in memory.
  @Test(arguments: 200..<230)
  func `computes expansions in turns like the reference`(seed: Int) throws {
    var generator = RandomLayers(seed: UInt64(seed))
    for _ in 0..<20 {
      let (cfg, network) = try generator.next { $0.expansion() }
      let images = (0..<2).map { network.input(seed: UInt64($0 + 1)) }
      let expected = try network.run(images, PlanOptions(backend: ReferenceBackend()))
      for set in KernelChoice.sets {
        let got = try KernelChoice.limited(to: set) {
          let options = { (threads: Int) in
            PlanOptions(backend: BlockedBackend(expandedBytes: 0), batch: 2, threads: threads)
          }
          #expect(
            Plan.program(network.graph, options(1)).steps.contains {
              $0.operation.name == "convolution-and-convolution"
            }, "\(cfg)")
          let one = try network.run(images, options(1))
          let three = try network.run(images, options(3))
          #expect(one == three, "on \(set)\n\(cfg)")
          return one
        }
        for (found, outputs) in zip(got, expected) {
          for (layer, values) in found {
            let error = worstError(values, outputs[layer] ?? [], absolute: 1e-4, relative: 1e-3)
            #expect(error <= 1, "on \(set)\n\(cfg)")
          }
        }
      }
    }
  }

  /// A pool that is part of the convolution before it, whose own outputs are never stored.
  @Test(arguments: 300..<330)
  func `computes pooled convolutions of the image like the reference`(seed: Int) throws {
    var generator = RandomLayers(seed: UInt64(seed))
    for number in 0..<20 {
      let (cfg, network) = try generator.next { $0.pooledStem() }
      try checkPool(cfg, network, BlockedBackend(), [.fp32], touchesEnd: number % 3 > 0)
    }
  }

  @Test(arguments: 330..<345, [false, true])
  func `computes pooled convolutions by Winograd like the reference`(
    seed: Int, keepsTransformed: Bool
  ) throws {
    var generator = RandomLayers(seed: UInt64(seed))
    for number in 0..<20 {
      let (cfg, network) = try generator.next { $0.pooledWinograd() }
      try checkPool(
        cfg, network, BlockedBackend(method: .winograd(keepsTransformed: keepsTransformed)),
        [.fp32, .bf16], touchesEnd: number % 3 > 0)
    }
  }

  /// The last layer, a pool, against its definition, and against itself as a step of its own.
  private func checkPool(
    _ cfg: String, _ network: TestNetwork, _ inner: BlockedBackend, _ precisions: [Precision],
    touchesEnd: Bool
  ) throws {
    let note = CrashNote(cfg)
    defer { note.remove() }
    let (image, last) = (network.input().map { 2 * $0 - 1 }, network.graph.nodes.count - 1)
    let expected = try network.result(image)
    // Windows that reach beyond the outputs have a step of their own.
    let outputs = network.graph.nodes[last - 1].layer.output
    let isEven = outputs.height % 2 == 0 && outputs.width % 2 == 0
    for set in KernelChoice.sets {
      try KernelChoice.limited(to: set) {
        for precision in precisions {
          let backend = GuardedBackend(inner: inner, touchesEnd: touchesEnd)
          func outputs(threads: Int, separate: Bool = false) throws -> [Float]? {
            let options = PlanOptions(
              backend: backend, threads: threads, keepsAllOutputs: separate, precision: precision,
              fp32Layers: [])
            let names = Plan.program(network.graph, options).steps.map(\.operation.name)
            #expect(
              names.contains("convolution-and-max-pool") == (isEven && !separate),
              "\(set)\n\(cfg)")
            return try network.run([image], options)[0][last]
          }
          let one = try outputs(threads: 1)
          #expect(try outputs(threads: 3) == one, "\(precision.format) on \(set)\n\(cfg)")
          #expect(
            try outputs(threads: 2, separate: true) == one, "\(precision.format) \(set)\n\(cfg)")
          if precision.format == .fp32 {
            let error = worstError(one ?? [], expected, absolute: 1e-4, relative: 1e-3)
            #expect(error <= 1, "on \(set)\n\(cfg)")
          }
          #expect(backend.findings.all.isEmpty, "on \(set)\n\(cfg)")
        }
      }
    }
  }

  /// The pixelwise convolution of an expansion passes over rows as one, which strides and borders
  /// forbid, even where its output is a single row.
  @Test(arguments: [
    ("stride=3\npadding=1", 7, 1), ("stride=2\npadding=1", 8, 1), ("stride=2", 9, 1),
    ("stride=3", 9, 3), ("stride=1", 9, 1),
  ])
  func `computes a single row behind strides and borders like the reference`(
    keys: String, width: Int, height: Int
  ) throws {
    let network = try TestNetwork(
      """
      [net]
      width=\(width)
      height=\(height)
      channels=3

      [convolutional]
      filters=16
      size=1
      activation=leaky

      [convolutional]
      filters=40
      size=1
      \(keys)
      activation=leaky

      [convolutional]
      filters=40
      groups=40
      size=3
      pad=1
      activation=linear
      """)
    let image = network.input()
    let expected = try network.result(image)
    for set in KernelChoice.sets {
      let got = try KernelChoice.limited(to: set) {
        let options = PlanOptions(backend: BlockedBackend(expandedBytes: 0), threads: 2)
        return try network.run([image], options)[0][2] ?? []
      }
      #expect(worstError(got, expected, absolute: 1e-4, relative: 1e-3) <= 1, "on \(set)")
    }
  }

  /// Blocked kernels name cells by 32 bits, those around the image included.
  @Test(arguments: [(512, 1), (8, 1), (512, 512), (512, 32)])
  func `computes windows that reach far beyond the image`(channels: Int, groups: Int) throws {
    let network = try TestNetwork(
      """
      [net]
      width=13
      height=13
      channels=\(channels)

      [convolutional]
      filters=\(channels == groups ? channels : 8 * groups)
      groups=\(groups)
      size=3
      pad=1
      dilation=\(channels > 8 ? 1024 : 64)
      activation=linear
      """)
    let options = PlanOptions(backend: BlockedBackend(), threads: 1)
    let program = Plan.program(network.graph, options)
    let isBlocked = program.steps.contains {
      $0.operation is Convolution && program[$0.output].layout != .planar
    }
    #expect(isBlocked == (channels == 8))
    let image = network.input()
    let got = try network.run([image], options)[0][0] ?? []
    #expect(worstError(got, try network.result(image), absolute: 1e-4, relative: 1e-3) <= 1)
  }

  /// Joins, bypasses and residuals in shared memory, at channel counts that fill blocks or do not.
  @Test(arguments: 0..<200)
  func `computes random networks like the reference`(seed: Int) throws {
    let filters = seed % 2 == 0 ? [2, 4, 6, 7] : [8, 16, 12, 24]
    let random = RandomNetwork(seed: UInt64(20_000 + seed), filters: filters)
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
