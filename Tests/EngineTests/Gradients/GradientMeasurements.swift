import Foundation
import PenumbraCompute
import PenumbraEngine
import TestSupport
import Testing

/// How fast convolutions train on this machine; `PENUMBRA_MEASURE=1` prints it.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["PENUMBRA_MEASURE"] != nil), .serialized)
struct GradientMeasurements {
  private static let batch = 8

  /// Layers of yolov4-tiny at 416 x 416, and of a small cross-stage network.
  private static let layers: [(channels: Int, filters: Int, size: Int, stride: Int, width: Int)] = [
    (3, 32, 3, 2, 416), (32, 64, 3, 2, 208), (64, 64, 3, 1, 104), (32, 32, 3, 1, 104),
    (64, 64, 1, 1, 104), (128, 128, 3, 1, 52), (64, 64, 3, 1, 52), (128, 128, 1, 1, 52),
    (256, 256, 3, 1, 26), (128, 128, 3, 1, 26), (128, 256, 3, 2, 52), (512, 512, 3, 1, 13),
    (512, 256, 1, 1, 13), (256, 512, 3, 1, 13), (512, 255, 1, 1, 13),
  ]

  @Test func `convolutions, in GFLOP/s of one thread`() throws {
    for layer in Self.layers {
      let isFirst = layer.channels < 8
      let first = "[convolutional]\nfilters=\(layer.channels)\nsize=1\nactivation=linear\n"
      let network = try TestNetwork(
        """
        [net]
        width=\(layer.width)
        height=\(layer.width)
        channels=\(isFirst ? layer.channels : 1)

        \(isFirst ? "" : first)
        [convolutional]
        filters=\(layer.filters)
        size=\(layer.size)
        stride=\(layer.stride)
        pad=1
        activation=linear
        """)
      let trial = try TrainingTrial(
        network.graph, layer: isFirst ? 0 : 1, weights: network.weights, batch: Self.batch,
        threads: 1, needsInputGradient: !isFirst)
      let out = trial.outputShape
      let products = Double(out.count * layer.channels * layer.size * layer.size * Self.batch)
      func rate(_ seconds: Double) -> Int { Int(2e-9 * products / seconds) }
      let forward = best { trial.forward() }
      let weights = best { trial.backward(needs: false) }
      let both = best { trial.backward() }
      let pack = try best { try trial.pack() }
      print(
        "\(layer.channels) -> \(layer.filters), \(layer.size)x\(layer.size) / \(layer.stride)",
        "at \(out.width): forward \(rate(forward)), weights \(rate(weights)),",
        isFirst ? "" : "input \(rate(both - weights)),", "packing \(Int(1e6 * pack)) µs of",
        "\(Int(1e6 * (forward + both))) µs")
    }
  }

  @Test func `batch normalisation, in GB/s of what it must read and write`() throws {
    for (channels, width) in [(32, 208), (64, 104), (128, 52), (512, 13)] {
      let network = try TestNetwork(
        """
        [net]
        width=\(width)
        height=\(width)
        channels=3

        [convolutional]
        filters=\(channels)
        batch_normalize=1
        size=1
        activation=leaky
        """)
      for activation in [Activation.leaky, .mish] {
        let trial = try TrainingTrial(
          normalizing: network.graph, layer: 0, activation, weights: network.weights,
          batch: Self.batch, threads: 1)
        let bytes = 4e-9 * Double(channels * width * width * Self.batch)
        let forward = best { trial.forward() }
        let backward = best { trial.backward() }
        print(
          "\(channels) x \(width), \(activation.name): forward \(Int(3 * bytes / forward)),",
          "backward \(Int(5 * bytes / backward))")
      }
    }
  }

  private func best(_ body: () throws -> Void) rethrows -> Double {
    var least = Double.infinity
    for _ in 0..<3 {
      let start = ContinuousClock.now
      try body()
      let time = ContinuousClock.now - start
      least = min(
        least, Double(time.components.attoseconds) * 1e-18 + Double(time.components.seconds))
    }
    return least
  }
}
