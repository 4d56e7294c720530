import Penumbra
import PenumbraEngine
import TestSupport
import Testing

/// Winograd's convolution for stride 2 against the definition.
struct StridedWinogradTests {
  /// Channels and filters that fill wide registers, one block of the last, or some lanes of it; maps
  /// that end with a tile, or one to three pixels later.
  @Test(arguments: [
    (32, 32, 40, 40), (40, 33, 33, 47), (48, 72, 64, 34), (33, 100, 35, 41), (70, 40, 37, 70),
    (64, 128, 80, 80),
  ])
  func `computes what the definition says`(
    channels: Int, filters: Int, width: Int, height: Int
  ) throws {
    for (padding, tail) in [
      ("pad=1\nactivation=leaky\n", ""), ("padding=0\nactivation=mish\n", ""),
      ("padding=2\nactivation=linear\n", "\n[shortcut]\nfrom=-2\nactivation=swish\n"),
    ] {
      let network = try TestNetwork(
        """
        [net]
        width=\(width)
        height=\(height)
        channels=3

        [convolutional]
        filters=\(channels)
        size=1
        activation=relu

        [convolutional]
        filters=\(filters)
        size=3
        stride=2
        batch_normalize=1
        \(padding)
        """ + tail, seed: UInt64(channels))
      let method = ConvolutionMethod.winograd(keepsTransformed: true)
      let image = network.input()
      let expected = try network.outputs(image)
      for set in KernelChoice.sets {
        let backend = GuardedBackend(inner: BlockedBackend(method: method))
        let (got, algorithm) = try KernelChoice.limited(to: set) {
          (
            try network.outputs(image, backend: backend, threads: 2),
            try Plan(
              network.graph, weights: network.weights,
              options: PlanOptions(backend: BlockedBackend(method: method))
            ).algorithm(1)
          )
        }
        #expect(algorithm == "winograd 4x4, stride 2")
        for (layer, values) in got.enumerated() {
          let error = worstError(values, expected[layer], absolute: 1e-4, relative: 1e-3)
          #expect(error <= 1, "layer \(layer) on \(set), \(padding)")
        }
        #expect(backend.findings.all.isEmpty, "on \(set), \(padding)")
      }
    }
  }
  /// A map that ends one pixel behind a tile, which is computed for that pixel alone, and others.
  @Test(arguments: [(31, false), (80, true), (104, true)])
  func `is chosen only where it is faster`(side: Int, isFaster: Bool) throws {
    let network = try TestNetwork(
      """
      [net]
      width=\(side)
      height=\(side)
      channels=3

      [convolutional]
      filters=32
      size=1
      activation=relu

      [convolutional]
      filters=32
      size=3
      stride=2
      padding=2
      activation=leaky
      """)
    for set in KernelChoice.sets {
      let algorithm = try KernelChoice.limited(to: set) {
        try Plan(
          network.graph, weights: network.weights, options: PlanOptions(backend: BlockedBackend())
        ).algorithm(1)
      }
      #expect((algorithm == "winograd 4x4, stride 2") == isFaster, "on \(set)")
    }
  }
}
