import Penumbra
import PenumbraCompute
import PenumbraEngine
import TestSupport
import Testing

/// Winograd convolutions, whether they pay or not, against the definition.
struct WinogradTests {
  private static let methods: [ConvolutionMethod] = [
    .winograd(keepsTransformed: true), .winograd(keepsTransformed: false),
  ]

  /// Maps of every remainder by 4, one tile or many; blocks and registers that are full or not.
  @Test(arguments: [
    (1, 1), (2, 3), (3, 2), (4, 4), (5, 5), (6, 7), (7, 6), (8, 8), (9, 4), (4, 9), (1, 13),
    (13, 13),
    (15, 3), (17, 18), (26, 11), (55, 61),
  ])
  func `computes maps of any size like the reference`(width: Int, height: Int) throws {
    for (channels, filters) in [(1, 1), (8, 8), (16, 33), (20, 12), (33, 24), (72, 40), (24, 100)] {
      try check(
        "[net]\nwidth=\(width)\nheight=\(height)\nchannels=3\n" + layer(channels, size: 1)
          + layer(filters, "leaky"))
    }
  }

  @Test(arguments: [(0, 6, 7), (1, 2, 1), (2, 5, 9), (3, 1, 1), (4, 3, 8)])
  func `computes any padding like the reference`(padding: Int, width: Int, height: Int) throws {
    guard width + 2 * padding > 2, height + 2 * padding > 2 else { return }
    try check(
      "[net]\nwidth=\(width)\nheight=\(height)\nchannels=3\n" + layer(24, size: 1)
        + layer(17).replacing("pad=1", with: "padding=\(padding)"))
  }

  @Test(arguments: Activation.allCases)
  func `applies every activation, before and after a residual`(activation: Activation) throws {
    let net = "[net]\nwidth=11\nheight=6\nchannels=3\n"
    for second in ["linear", "leaky", "relu", activation.name] {
      try check(
        net + layer(24, size: 1) + layer(24, activation.name)
          + "\n[shortcut]\nfrom=-2\nactivation=\(second)\n" + layer(40, activation.name, size: 1))
    }
    try check(net + layer(24, size: 1) + layer(40, activation.name))
  }

  @Test func `gives the same bits whether weights are kept transformed or not`() throws {
    for (size, channels, filters) in [(13, 72, 40), (40, 24, 32), (61, 100, 16)] {
      let network = try TestNetwork(
        "[net]\nwidth=\(size)\nheight=\(size)\nchannels=3\n" + layer(channels, size: 1)
          + layer(filters, "mish"))
      try KernelChoice.held {
        let bits = try Self.methods.map {
          try network.outputs(network.input(), backend: BlockedBackend(method: $0)).last?
            .map(\.bitPattern)
        }
        #expect(bits[0] == bits[1], "\(size)x\(size), \(channels) to \(filters)")
      }
    }
  }

  /// Against sums in double: no worse than ten times the rounding of one sum in float, which is what
  /// direct convolutions of these sizes reach.
  @Test(arguments: [16, 128, 512])
  func `loses little precision`(channels: Int) throws {
    let network = try TestNetwork(
      "[net]\nwidth=12\nheight=12\nchannels=8\n" + layer(channels, size: 1) + layer(32))
    let input = network.input()
    let expected = try network.result(input)
    for method in Self.methods + [.direct] {
      let got = try network.result(input, backend: BlockedBackend(method: method))
      let error = worstError(got, expected, absolute: 0, relative: 1e-5)
      #expect(error <= 1, "\(method): \(error)e-5")
    }
  }

  // MARK: The choice

  @Test func `chooses Winograd where it saves products, and direct where tiles are few`() {
    let shape = KernelShape(wide: 16, unitFilters: 32)
    let table: [(pixels: Int, channels: Int, filters: Int, ConvolutionMethod)] = [
      (104, 64, 64, .winograd(keepsTransformed: true)),
      (208, 32, 64, .winograd(keepsTransformed: true)),
      (26, 256, 512, .winograd(keepsTransformed: false)),
      (13, 512, 1024, .winograd(keepsTransformed: false)),
      (4, 512, 512, .direct),
      (2, 64, 64, .direct),
      (5, 16, 32, .direct),
    ]
    for (pixels, channels, filters, expected) in table {
      let cost = ConvolutionCost(geometry(pixels, channels, filters), shape)
      #expect(cost?.best == expected, "\(pixels)x\(pixels), \(channels) to \(filters)")
    }
  }

  @Test func `spends the budget on the layers that gain most for each byte`() throws {
    let cfg =
      "[net]\nwidth=104\nheight=104\nchannels=3\n" + layer(32, size: 1) + layer(32) + layer(64)
      + "\n[maxpool]\nsize=2\nstride=2\n" + layer(64) + layer(64)
    let network = try TestNetwork(cfg)
    func kept(_ budget: Int) -> (layers: [Int], bytes: Int) {
      let program = Plan.program(
        network.graph, PlanOptions(backend: BlockedBackend(winogradBudget: budget)))
      let layers = program.steps.filter {
        $0.convolution?.method == .winograd(keepsTransformed: true)
      }
      return (layers.map(\.layer), program.transformedWeightBytes)
    }
    try KernelChoice.held {
      #expect(kept(0) == ([], 0))
      let all = kept(.max)
      try #require(all.layers.contains(2) && all.layers.count > 1)  // 2 is pooled
      for budget in stride(from: 0, through: all.bytes, by: all.bytes / 7) {
        let some = kept(budget)
        #expect(some.bytes <= budget)
        #expect(Set(some.layers).isSubset(of: all.layers))
      }
      #expect(kept(all.bytes).layers == all.layers)
      #expect(kept(all.bytes - 1).layers.count < all.layers.count)
    }
  }

  /// A pool's output may be laid over channels that are read until the pool is computed, after the
  /// convolution before it: fused, it would be written too early.
  @Test(arguments: [false, true])
  func `reads what a pool is laid over before it is written`(keepsTransformed: Bool) throws {
    let half = { (id: Int) in "\n[route]\nlayers=1\ngroups=2\ngroup_id=\(id)\n" }
    let network = try TestNetwork(
      "[net]\nwidth=64\nheight=64\nchannels=3\n" + layer(64, size: 1)
        + layer(64).replacing("stride=1", with: "stride=2") + "\n[route]\nlayers=0\n" + layer(32)
        + half(0) + layer(32, size: 1) + "\n[route]\nlayers=3\n\n[maxpool]\nsize=2\nstride=2\n"
        + half(1) + "\n[route]\nlayers=7,8\n" + layer(32, size: 1) + "\n[route]\nlayers=10,5\n"
        + layer(10, size: 1))
    let image = network.input()
    let backend = BlockedBackend(method: .winograd(keepsTransformed: keepsTransformed))
    let expected = try network.result(image)
    let got = try network.run([image], PlanOptions(backend: backend, threads: 1))[0][12] ?? []
    #expect(worstError(got, expected, absolute: 1e-4, relative: 1e-3) <= 1)
  }

  @Test func `gives the same results with any budget`() throws {
    let network = try TestNetwork(
      "[net]\nwidth=60\nheight=44\nchannels=3\n" + layer(32, size: 1) + layer(32, "mish")
        + layer(64, "leaky"))
    let expected = try network.result(network.input())
    for budget in [0, 100_000, Int.max] {
      let got = try network.result(
        network.input(), backend: BlockedBackend(winogradBudget: budget))
      #expect(worstError(got, expected) <= 1, "\(budget) bytes")
    }
  }

  // MARK: Helpers

  private func check(_ cfg: String) throws {
    let network = try TestNetwork(cfg)
    let image = network.input()
    let expected = try network.outputs(image)
    for set in KernelChoice.sets {
      for method in Self.methods {
        let backend = GuardedBackend(inner: BlockedBackend(method: method))
        let got = try KernelChoice.limited(to: set) {
          try network.outputs(image, backend: backend, threads: 2)
        }
        for (layer, values) in got.enumerated() {
          let error = worstError(values, expected[layer], absolute: 2e-5, relative: 2e-4)
          #expect(error <= 1, "layer \(layer) on \(set), \(method)\n\(cfg)")
        }
        #expect(backend.findings.all.isEmpty, "on \(set)\n\(cfg)")
      }
    }
  }

  private func layer(_ filters: Int, _ activation: String = "linear", size: Int = 3) -> String {
    """

    [convolutional]
    batch_normalize=1
    filters=\(filters)
    size=\(size)
    stride=1
    pad=1
    activation=\(activation)

    """
  }

  private func geometry(_ pixels: Int, _ channels: Int, _ filters: Int) -> ConvolutionGeometry {
    ConvolutionGeometry(
      channels: channels, height: pixels, width: pixels, filters: filters, outHeight: pixels,
      outWidth: pixels, size: 3, strideX: 1, strideY: 1, padding: 1, dilation: 1, groups: 1)
  }
}
