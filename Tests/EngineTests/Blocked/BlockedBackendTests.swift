import Penumbra
import TestSupport
import Testing

/// The blocked kernels against the definitions, on layers of odd shapes.
struct BlockedBackendTests {
  private static let layersOfSeed = 60

  /// 2400 networks of a few layers, on every instruction set, with guards around every output.
  @Test(arguments: 0..<40)
  func `computes random layers like the reference`(seed: Int) throws {
    var generator = RandomLayers(seed: UInt64(seed))
    for _ in 0..<Self.layersOfSeed {
      let (cfg, network) = try generator.next()
      let image = network.input()
      let expected = try network.outputs(image)
      for set in KernelChoice.sets {
        let backend = GuardedBackend(inner: BlockedBackend())
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
    for _ in 0..<10 {
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
              $0.operation.name == "convolution-twice"
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

/// Networks of an odd shape, a convolution that makes channels, and layers to be tested.
private struct RandomLayers {
  private var generator: SeededGenerator
  private var attempts = 0

  init(seed: UInt64) { generator = SeededGenerator(seed: seed &+ 77) }

  /// The next network that is one; windows that do not fit are passed over.
  mutating func next(
    _ attempt: (inout RandomLayers) -> String = { $0.attempt() }
  ) throws -> (cfg: String, TestNetwork) {
    while true {
      let cfg = attempt(&self)
      attempts += 1
      if let network = try? TestNetwork(cfg, seed: UInt64(attempts)) { return (cfg, network) }
      try #require(attempts < 10_000, "no attempt makes a network")
    }
  }

  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    generator.pick(elements)
  }

  private mutating func attempt() -> String {
    let (width, height) = (pick(Array(1...21) + [32, 40]), pick(Array(1...21) + [32]))
    var cfg = "[net]\nwidth=\(width)\nheight=\(height)\nchannels=\(pick([1, 2, 3, 3, 5, 12]))\n"
    let channels = pick([1, 4, 7, 8, 12, 16, 20, 24, 32, 33, 40, 48])
    if pick([true, true, true, false]) {
      cfg += convolution(filters: channels, from: 1, size: 1)
      cfg += convolution(filters: pick([channels, 16, 24, 30, 40]), from: channels)
    } else {
      cfg += convolution(filters: channels, from: 1)
    }
    return cfg + tail()
  }

  /// Three convolutions, of which the third has small groups.
  mutating func expansion() -> String {
    let (width, height) = (pick(Array(2...21) + [40, 67]), pick(Array(1...21) + [32, 50]))
    var cfg = "[net]\nwidth=\(width)\nheight=\(height)\nchannels=3\n"
    let (channels, depth) = (pick([8, 12, 24]), pick([1, 1, 1, 2, 4, 8]))
    let filters = depth * pick([2, 3, 5, 6, 8, 9, 16])
    cfg += convolution(filters: channels, from: 3, size: 1)
    cfg += convolution(filters: filters, from: channels, size: 1)
    let activations = ["linear", "leaky", "relu6", "swish"]
    cfg += "\n[convolutional]\nfilters=\(filters)\ngroups=\(filters / depth)\n"
    cfg += "size=\(pick([2, 3, 3, 5, 7]))\nactivation=\(pick(activations))\n"
    cfg += pick(["stride=1\n", "stride=2\n", "stride=3\n", "stride_x=2\nstride_y=1\n"])
    cfg += pick(["pad=1\n", "pad=1\n", "pad=0\n", "padding=3\n"])
    return cfg + pick(["", "", "dilation=2\n"])
  }

  private mutating func convolution(filters: Int, from channels: Int, size: Int? = nil) -> String {
    let divisors = (1...channels).filter { channels % $0 == 0 }
    let groups = size == nil ? pick([1, 1, 1, channels] + divisors) : 1
    let multiplied = groups == 1 ? filters : groups * pick([1, 1, 2, channels / groups])
    let activations = ["linear", "leaky", "relu", "mish", "swish", "logistic", "relu6", "plse"]
    var text = "\n[convolutional]\nfilters=\(multiplied)\ngroups=\(groups)\n"
    text += "size=\(size ?? pick([1, 1, 3, 3, 3, 3, 2, 5, 7]))\n"
    text += "batch_normalize=\(pick([0, 1]))\nactivation=\(pick(activations))\n"
    guard size == nil else { return text + "stride=1\n" }
    text += pick([
      "stride=1\n", "stride=1\n", "stride=2\n", "stride=3\n", "stride_x=2\nstride_y=1\n",
    ])
    text += pick(["pad=1\n", "pad=1\n", "pad=0\n", "padding=1\n", "padding=3\n"])
    return text + pick(["", "", "", "dilation=2\n", "dilation=3\n"])
  }

  private mutating func tail() -> String {
    let size = pick([1, 2, 3, 5, 9, 13])
    return pick([
      "", "", "",
      "\n[maxpool]\nsize=\(size)\nstride=\(pick([1, 2, 3]))\n",
      "\n[maxpool]\nsize=2\nstride=2\n",
      "\n[maxpool]\nsize=2\nstride=2\npadding=0\n",
      "\n[upsample]\nstride=\(pick([2, 3]))\nscale=1.5\n",
      "\n[avgpool]\n\n[scale_channels]\nfrom=-2\n",
      "\n[avgpool]\n",
      "\n[maxout]\npieces=2\n",
      "\n[avgpool]\n\n[shortcut]\nfrom=-2\nactivation=swish\n",
      "\n[shortcut]\nfrom=-2,-1\nweights_type=per_channel\nweights_normalization=softmax\n"
        + "activation=leaky\n",
      "\n[shortcut]\nfrom=-2\nweights_type=per_feature\nweights_normalization=relu\n"
        + "activation=linear\n",
      "\n[maxpool]\nsize=2\nstride=\(pick([2, 3]))\n\n[convolutional]\nfilters=\(pick([3, 8, 20]))\n"
        + "size=1\nstride=1\nactivation=linear\n\n[shortcut]\nfrom=-3\nactivation=relu\n"
        + "\n[shortcut]\nfrom=-4\nactivation=linear\n",
      "\n[shortcut]\nfrom=-2\nactivation=\(pick(["linear", "leaky", "mish"]))\n",
      "\n[route]\nlayers=-1,-2\n\n[activation]\nactivation=swish\n",
      "\n[route]\nlayers=-1\ngroups=2\ngroup_id=1\n\n[maxpool]\nsize=3\nstride=1\n",
    ])
  }
}
