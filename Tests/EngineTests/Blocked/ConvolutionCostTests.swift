import Foundation
import Penumbra
import PenumbraCompute
import PenumbraEngine
import TestSupport
import Testing

/// Whether the methods that `ConvolutionCost` chooses are the fastest on this machine. It measures,
/// so it runs on request only: `make convolution-costs`.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["PENUMBRA_MEASURE"] != nil))
struct ConvolutionCostTests {
  private static let tolerance = 0.25
  /// Milliseconds that are forgiven: code and scratch memory, which have left the caches here, have
  /// not in a network.
  private static let slack = 0.01

  @Test func `chooses methods that are nearly the fastest`() throws {
    try KernelChoice.held {
      let shape = Kernels.current.shape
      var losses: [Double] = []
      for pixels in [4, 6, 8, 13, 16, 26, 52, 104] {
        for (channels, filters) in [(16, 16), (32, 64), (64, 64), (128, 128), (256, 512)]
        where pixels * pixels * channels * filters < 400_000_000 {
          let times = try Self.times(pixels, channels, filters)
          guard let cost = ConvolutionCost(Self.geometry(pixels, channels, filters), shape),
            let chosen = times[cost.best], let least = times.values.min()
          else { continue }
          losses.append(max(0, chosen - least - Self.slack) / least)
          print(
            "\(pixels)x\(pixels) \(channels) to \(filters): \(cost.best),",
            "\(Int(1000 * chosen)) us, the fastest \(Int(1000 * least)) us")
        }
      }
      let mean = losses.reduce(0, +) / Double(losses.count)
      print(
        "loss \(Int(1000 * mean) / 10) % on average, \(Int(100 * (losses.max() ?? 0))) % at most")
      #expect(mean < Self.tolerance / 5)
      #expect(losses.sorted()[losses.count * 9 / 10] < Self.tolerance)
    }
  }

  /// The least milliseconds of each method on one thread.
  private static func times(
    _ pixels: Int, _ channels: Int, _ filters: Int
  ) throws -> [ConvolutionMethod: Double] {
    let network = try TestNetwork(
      """
      [net]
      width=\(pixels)
      height=\(pixels)
      channels=3
      [convolutional]
      filters=\(channels)
      size=1
      activation=leaky
      [convolutional]
      filters=\(filters)
      size=3
      pad=1
      activation=leaky
      """)
    let methods: [ConvolutionMethod] = [
      .direct, .winograd(keepsTransformed: false), .winograd(keepsTransformed: true),
    ]
    let timers = try methods.map { method in
      try NetworkTimer(
        Plan(
          network.graph, weights: network.weights,
          options: PlanOptions(backend: BlockedBackend(method: method), threads: 1)))
    }
    // In a network, a layer's weights have left the caches when it runs again.
    let others = [Float](repeating: 1, count: 12 << 20)
    for round in 0..<15 {
      for timer in timers {
        #expect(others.reduce(0, +) > 0)
        timer.run(isWarmUp: round == 0)
      }
    }
    return Dictionary(
      uniqueKeysWithValues: zip(methods, timers).map { ($0, $1.stepTimings[1].minimum) })
  }

  private static func geometry(
    _ pixels: Int, _ channels: Int, _ filters: Int
  ) -> ConvolutionGeometry {
    ConvolutionGeometry(
      channels: channels, height: pixels, width: pixels, filters: filters, outHeight: pixels,
      outWidth: pixels, size: 3, strideX: 1, strideY: 1, padding: 1, dilation: 1, groups: 1)
  }
}
