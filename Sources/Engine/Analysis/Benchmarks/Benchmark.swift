/// What `bench` measured of a network, as it is written and compared.
public struct Benchmark: Sendable, Codable {
  public var cfg: String
  public var width: Int
  public var height: Int
  public var channels: Int
  public var weights: String
  /// Two operations for each multiply-add of convolutions, connected and local layers, one image.
  public var gflop: Double
  public var machine: Machine
  /// Measured between the runs.
  public var limits: Limits
  public var peakResidentBytes: Int
  public var runs: [Run]
  public var products: ProductBenchmark?

  /// One backend with one number of threads or streams and one batch.
  public struct Run: Sendable, Codable {
    public var backend: String
    /// What convolutions multiply, where it is not fp32.
    public var precision: NumberFormat?
    /// Threads of one session.
    public var threads: Int
    /// Sessions at once, one thread each; nil for one session alone.
    public var streams: Int?
    public var batch: Int
    public var iterations: Int
    /// Of one batch.
    public var milliseconds: Timing
    /// Of the median.
    public var gflopsPerSecond: Double
    /// Of what multiply-adds of fp32 reach without memory on as many threads. Winograd
    /// convolutions and narrower numbers can exceed 1.
    public var shareOfPeak: Double?
    public var imagesPerSecond: Double
    public var arenaBytes: Int
    public var scratchBytes: Int
    /// Nil for a backend that transforms no weights.
    public var winograd: WinogradMemory?
    public var layers: [LayerTime]?

    enum CodingKeys: String, CodingKey {
      case backend, precision, threads, streams, batch, iterations, milliseconds, winograd, layers
      case gflopsPerSecond = "gflops_per_second"
      case shareOfPeak = "share_of_peak"
      case imagesPerSecond = "images_per_second"
      case arenaBytes = "arena_bytes"
      case scratchBytes = "scratch_bytes"
    }

    public var name: String {
      let workers =
        streams.map { "\($0) stream\($0 == 1 ? "" : "s")" }
        ?? "\(threads) thread\(threads == 1 ? "" : "s")"
      let numbers = precision.map { " in \($0.rawValue)" } ?? ""
      return "\(backend)\(numbers), \(workers)" + (batch == 1 ? "" : ", batch \(batch)")
    }
  }

  public struct LayerTime: Sendable, Codable {
    public var index: Int
    public var section: String
    /// How its steps are computed; empty for a layer that needs none.
    public var kernels: [String]
    /// Median of the whole batch.
    public var milliseconds: Double
    /// Of the sum of all layers, 0 to 1.
    public var share: Double
    public var gflopsPerSecond: Double
    public var shareOfPeak: Double?
    /// Of all tensors and weights that its steps read and write.
    public var gigabytesPerSecond: Double
    /// Bytes moved for one image only to join or divide tensors, or to change their layout.
    public var copiedBytes: Int

    enum CodingKeys: String, CodingKey {
      case index, section, kernels, milliseconds, share
      case gflopsPerSecond = "gflops_per_second"
      case shareOfPeak = "share_of_peak"
      case gigabytesPerSecond = "gb_per_second"
      case copiedBytes = "copied_bytes"
    }
  }

  enum CodingKeys: String, CodingKey {
    case cfg, width, height, channels, weights, gflop, machine, limits, runs, products
    case peakResidentBytes = "peak_rss_bytes"
  }

  /// - Parameter timers: at least one; all of the same graph.
  public init(
    _ timers: [any BenchmarkedRun], limits: Limits, products: ProductBenchmark? = nil,
    withLayers: Bool = false
  ) {
    let plan = timers[0].plan
    let input = plan.graph.net.input
    cfg = plan.graph.name
    (width, height, channels) = (input.width, input.height, input.channels)
    weights = plan.weights.origin
    gflop = 2e-9 * Double(plan.graph.multiplyAdds)
    machine = .current
    self.limits = limits
    peakResidentBytes = Machine.peakResidentBytes
    runs = timers.map { $0.result(limits, withLayers: withLayers) }
    self.products = products
  }
}

/// A timer whose times are a run of a benchmark.
public protocol BenchmarkedRun: RepeatedRun {
  var plan: Plan { get }
  /// - Parameter withLayers: whether layers are timed as well, where that is known.
  func result(_ limits: Limits, withLayers: Bool) -> Benchmark.Run
}

extension NetworkTimer: BenchmarkedRun {
  public func result(_ limits: Limits, withLayers: Bool) -> Benchmark.Run {
    let images = 1000 * Double(plan.options.batch) / timing.median
    var run = Benchmark.Run(
      plan, limits, streams: nil, iterations: count, timing, imagesPerSecond: images)
    if withLayers { run.layers = layerTimes(limits) }
    return run
  }
}

extension StreamTimer: BenchmarkedRun {
  public func result(_ limits: Limits, withLayers: Bool) -> Benchmark.Run {
    Benchmark.Run(
      plan, limits, streams: streams, iterations: count, timing, imagesPerSecond: imagesPerSecond)
  }
}

extension Benchmark.Run {
  fileprivate init(
    _ plan: Plan, _ limits: Limits, streams: Int?, iterations: Int, _ timing: Timing,
    imagesPerSecond: Double
  ) {
    let rate = 2e-9 * Double(plan.graph.multiplyAdds) * imagesPerSecond
    self.init(
      backend: plan.options.backend.name,
      precision: plan.options.precision.format == .fp32 ? nil : plan.options.precision.format,
      threads: plan.options.threads, streams: streams,
      batch: plan.options.batch, iterations: iterations, milliseconds: timing,
      gflopsPerSecond: rate,
      shareOfPeak: limits.peak(threads: streams ?? plan.options.threads).map { rate / $0 },
      imagesPerSecond: imagesPerSecond, arenaBytes: plan.arenaBytes,
      scratchBytes: plan.scratchBytes,
      winograd: WinogradMemory(plan.program, plan.options.backend))
  }
}
