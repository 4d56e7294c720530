import PenumbraEngine
import TestSupport
import Testing

struct TensorStatisticsTests {
  private static let normalized = "[convolutional]\nfilters=2\nbatch_normalize=1\nactivation=linear"

  /// Biases, scales, means and variances of 2 filters, then 2 filters of 3.
  private func statistics(_ floats: [Float]) throws -> [TensorStatistics] {
    try weights(weightsFile(floats), for: graph(Self.normalized)).statistics()
  }

  @Test func `describe the numbers of each tensor`() throws {
    let all = try statistics([1, 3, 1, 1, 0, 0, 1, 1, -2, 0, 2, 1, 1, 1])
    #expect(all.count == 5)
    #expect(all[0].mean == 2)
    #expect(all[0].rms == 5.0.squareRoot())
    #expect(all[0].deviation == 1)
    #expect(all[4].min == -2)
    #expect(all[4].max == 2)
    #expect(all.allSatisfy { !$0.isBroken && $0.zeroFilters.isEmpty })
  }

  @Test func `find what no network can compute with`() throws {
    let all = try statistics([
      .nan, 3, .infinity, -.infinity, 0, 0, -0.5, 1, 0, 0, 0, 1, .nan, 1,
    ])
    #expect(all.map(\.nans) == [1, 0, 0, 0, 1])
    #expect(all.map(\.infinities) == [0, 2, 0, 0, 0])
    #expect(all.map(\.negativeVariances) == [0, 0, 0, 1, 0])
    #expect(all.map(\.isBroken) == [true, true, false, true, true])
    #expect(all[4].zeroFilters == [0])
    #expect(all[0].mean == 3)
    #expect(all[1].mean == nil)
    #expect(all[1].min == nil)
  }

  @Test func `NaN survives a round trip bit for bit`() throws {
    let odd = Float(bitPattern: 0x7FA0_1234)
    let file = weightsFile([odd, -odd] + Array(repeating: Float(1), count: 12))
    #expect(try written(weights(file, for: graph(Self.normalized))) == file)
  }
}
