import PenumbraEngine
import Testing

struct TimingTests {
  @Test(arguments: [
    (1, 1.0, 1.0), (2, 1.5, 2.0), (4, 2.5, 4.0), (5, 3.0, 5.0), (10, 5.5, 9.0),
    (20, 10.5, 18.0),
  ])
  func `is the least, the middle and the ninth of ten`(count: Int, median: Double, p90: Double) {
    let timing = Timing((1...count).map(Double.init).reversed())
    #expect(timing.minimum == 1)
    #expect(timing.median == median)
    #expect(timing.p90 == p90)
  }
}

struct BenchmarkComparisonTests {
  /// A benchmark of one run, its times made up.
  private func benchmark(_ median: Double, layers: [Double] = [], width: Int = 8) throws
    -> Benchmark
  {
    let graph = try graph(
      String(repeating: "[convolutional]\nactivation=linear\n", count: 3),
      net: "width=\(width)\nheight=8\nchannels=3")
    let timer = try NetworkTimer(Plan(graph, weights: Weights(seed: 1, for: graph)))
    timer.run()
    var benchmark = Benchmark(
      [timer], limits: Limits(), withLayers: true)
    benchmark.runs[0].milliseconds = Timing([median])
    for (index, time) in layers.enumerated() {
      benchmark.runs[0].layers?[index].milliseconds = time
    }
    return benchmark
  }

  @Test(arguments: [(109.0, false), (111, true), (50, false)])
  func `only what is slower than the tolerance is a regression`(now: Double, isSlower: Bool) throws
  {
    let comparison = BenchmarkComparison(try benchmark(now), against: try benchmark(100))
    #expect(comparison.changes.count == 1)
    #expect(comparison.regressions(tolerance: 10).isEmpty == !isSlower)
  }

  @Test func `the layers that lost most are named, worst first`() throws {
    let comparison = BenchmarkComparison(
      try benchmark(20, layers: [5, 9, 2]), against: try benchmark(10, layers: [4, 3, 3]))
    #expect(
      comparison.changes[0].slowerLayers.map(\.name)
        == ["layer 1 [convolutional]", "layer 0 [convolutional]"])
  }

  @Test func `other work is not compared`() throws {
    let mismatch = BenchmarkComparison.mismatch(
      try benchmark(1, width: 16), try benchmark(1))
    #expect(mismatch == "the input is 16x8x3 now and was 8x8x3")
    #expect(BenchmarkComparison.mismatch(try benchmark(1), try benchmark(1)) == nil)
  }
}
