/// What `bench` measured, as it is written and compared.
public struct Benchmark: Sendable, Codable {
  public var cfg: String
  public var width: Int
  public var height: Int
  public var channels: Int
  public var batch: Int
  public var weights: String
  /// Two operations for each multiply-add of convolutions, connected and local layers, one image.
  public var gflop: Double
  public var machine: Machine
  public var peakResidentBytes: Int
  public var runs: [Run]
  public var products: ProductBenchmark?

  /// One backend with one number of threads.
  public struct Run: Sendable, Codable {
    public var backend: String
    public var threads: Int
    public var iterations: Int
    public var milliseconds: Timing
    /// Of the median.
    public var gflopsPerSecond: Double
    public var imagesPerSecond: Double
    public var arenaBytes: Int
    public var scratchBytes: Int
    public var layers: [LayerTime]?

    enum CodingKeys: String, CodingKey {
      case backend, threads, iterations, milliseconds, layers
      case gflopsPerSecond = "gflops_per_second"
      case imagesPerSecond = "images_per_second"
      case arenaBytes = "arena_bytes"
      case scratchBytes = "scratch_bytes"
    }

    public var name: String { "\(backend), \(threads) thread\(threads == 1 ? "" : "s")" }
  }

  public struct LayerTime: Sendable, Codable {
    public var index: Int
    public var section: String
    /// Median of the whole batch.
    public var milliseconds: Double
    /// Of the sum of all layers, 0 to 1.
    public var share: Double
    public var gflopsPerSecond: Double

    enum CodingKeys: String, CodingKey {
      case index, section, milliseconds, share
      case gflopsPerSecond = "gflops_per_second"
    }
  }

  enum CodingKeys: String, CodingKey {
    case cfg, width, height, channels, batch, weights, gflop, machine, runs, products
    case peakResidentBytes = "peak_rss_bytes"
  }

  public init(
    _ timers: [NetworkTimer], products: ProductBenchmark? = nil, withLayers: Bool = false
  ) {
    let plan = timers[0].plan
    let input = plan.graph.net.input
    cfg = plan.graph.name
    (width, height, channels) = (input.width, input.height, input.channels)
    batch = plan.options.batch
    weights = plan.weights.origin
    gflop = 2e-9 * Double(plan.graph.multiplyAdds)
    machine = .current
    peakResidentBytes = Machine.peakResidentBytes
    runs = timers.map { Run($0, withLayers: withLayers) }
    self.products = products
  }
}

extension Benchmark.Run {
  init(_ timer: NetworkTimer, withLayers: Bool) {
    let plan = timer.plan
    let timing = timer.timing
    let batch = Double(plan.options.batch)
    self.init(
      backend: plan.options.backend.name, threads: plan.options.threads, iterations: timer.count,
      milliseconds: timing,
      gflopsPerSecond: 2e-6 * Double(plan.graph.multiplyAdds) * batch / timing.median,
      imagesPerSecond: 1000 * batch / timing.median, arenaBytes: plan.arenaBytes,
      scratchBytes: plan.scratchBytes)
    if withLayers { layers = Self.layers(timer, batch) }
  }

  private static func layers(_ timer: NetworkTimer, _ batch: Double) -> [Benchmark.LayerTime] {
    let medians = timer.layerMedians
    let total = medians.reduce(0, +)
    return zip(timer.plan.graph.nodes, medians).enumerated().map { index, pair in
      let (node, median) = pair
      let operations = 2e-6 * Double(node.layer.cost.multiplyAdds) * batch
      return Benchmark.LayerTime(
        index: index, section: node.name, milliseconds: median, share: median / max(total, 1e-9),
        gflopsPerSecond: median > 0 ? operations / median : 0)
    }
  }
}
