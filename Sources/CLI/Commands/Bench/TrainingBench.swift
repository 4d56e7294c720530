import Foundation
import PenumbraCfg
import PenumbraEngine
import PenumbraSupport
import PenumbraTraining

/// `penumbra bench --training`: how fast a network trains.
struct TrainingBench {
  private let cfg: CfgFile
  private let graph: Graph
  private let weights: Weights

  init(cfg: CfgFile, size: (width: Int, height: Int)?, weights: (Graph) throws -> Weights) throws {
    self.cfg = cfg
    graph = try Graph(self.cfg, size: size)
    self.weights = try weights(graph)
  }

  /// A timer with its own parameters.
  func timer(backend: any Backend, batch: Int, threads: Int) throws -> TrainingTimer {
    let net = cfg.sections[0]
    let losses = try LayerLoss.losses(of: graph, net: net)
    let plan = try TrainingPlan(
      graph,
      options: TrainingOptions(
        backend: backend, batch: batch, threads: threads, lossLayers: losses.map(\.layer)))
    let parameters = try ParameterBuffer(copying: weights)
    let session = try TrainingSession(
      plan, parameters: parameters, gradients: ParameterBuffer(parameters.layout))
    var hyperparameters = try Hyperparameters(net: net)
    (hyperparameters.miniBatch, hyperparameters.subdivisions) = (batch, 1)
    let optimizer = try Optimizer(graph, hyperparameters, threads: threads)
    var iteration = 0
    return TrainingTimer(session) { session in
      iteration += 1
      optimizer.step(
        parameters: session.parameters, gradients: session.gradients, iteration: iteration,
        rate: 1e-5)
    }
  }

  /// Writes a timer's parameters, and their gradients after one pass.
  static func dump(_ timer: TrainingTimer, into folder: String) throws {
    let session = timer.session
    try makeFolder(folder)
    try Weights(session.parameters, header: WeightsHeader())
      .write(to: "\(folder)/parameters.weights")
    timer.fillInputs()
    session.clearGradients()
    timer.pass()
    try Weights(session.gradients, header: WeightsHeader())
      .write(to: "\(folder)/gradients.weights")
  }

  /// What one setting took.
  struct Result: Encodable {
    let backend: String
    let threads: Int
    let batch: Int
    let iterations: Int
    let milliseconds: Timing
    let forward: Timing
    let backward: Timing
    let update: Timing
    let imagesPerSecond: Double
    let gflopsPerSecond: Double
    let shareOfPeak: Double?
    let sessionBytes: Int
    let layers: [Layer]?

    enum CodingKeys: String, CodingKey {
      case backend, threads, batch, iterations, milliseconds, forward, backward, update, layers
      case imagesPerSecond = "images_per_second"
      case gflopsPerSecond = "gflops_per_second"
      case shareOfPeak = "share_of_peak"
      case sessionBytes = "session_bytes"
    }

    struct Layer: Encodable {
      let index: Int
      let operation: String
      let forward: Double
      let backward: Double
    }

    init(_ timer: TrainingTimer, limits: Limits, withLayers: Bool) {
      let options = timer.session.plan.options
      (backend, batch, threads) = (options.backend.name, options.batch, options.threads)
      iterations = timer.count
      milliseconds = timer.whole
      (forward, backward, update) = timer.parts
      imagesPerSecond = Double(batch) / milliseconds.median * 1e3
      let speed = timer.operations / milliseconds.median / 1e6
      gflopsPerSecond = speed
      let threads = options.threads
      let peak = limits.arithmetic.first { $0.numbers == "fp32" && $0.threads == threads }
      shareOfPeak = peak.map { speed / $0.gflopsPerSecond }
      sessionBytes = timer.session.plan.sessionBytes
      layers =
        withLayers
        ? timer.steps.map {
          Layer(
            index: $0.layer, operation: $0.operation, forward: $0.forward, backward: $0.backward)
        } : nil
    }
  }

  /// What `--json` prints.
  struct Record: Encodable {
    let cfg: String
    let width: Int
    let height: Int
    let channels: Int
    let machine: Machine
    let runs: [Result]
  }

  func record(_ results: [Result]) -> Record {
    let input = graph.net.input
    return Record(
      cfg: graph.name, width: input.width, height: input.height, channels: input.channels,
      machine: .current, runs: results)
  }

  /// The results for people.
  static func lines(_ results: [Result]) -> [String] {
    var table = TextTable([
      ("backend", .left), ("threads", .right), ("batch", .right), ("steps", .right),
      ("min ms", .right), ("median ms", .right), ("forward", .right), ("backward", .right),
      ("update", .right), ("images/s", .right), ("GFLOP/s", .right), ("peak", .right),
      ("memory", .right),
    ])
    for result in results {
      table.append([
        result.backend, "\(result.threads)", "\(result.batch)", "\(result.iterations)",
        result.milliseconds.minimum.text(1), result.milliseconds.median.text(1),
        result.forward.median.text(1), result.backward.median.text(1),
        result.update.median.text(1), result.imagesPerSecond.text(1),
        result.gflopsPerSecond.text(1), result.shareOfPeak.map { (100 * $0).text(0) + "%" } ?? "",
        bytesText(result.sessionBytes),
      ])
    }
    var lines = table.lines
    for result in results {
      guard let layers = result.layers else { continue }
      var table = TextTable([
        ("layer", .right), ("operation", .left), ("forward ms", .right), ("backward ms", .right),
      ])
      for layer in layers {
        table.append([
          "\(layer.index)", layer.operation, layer.forward.text(2), layer.backward.text(2),
        ])
      }
      let setting = "\(result.backend), \(counted(result.threads, "thread")), batch \(result.batch)"
      lines += ["", setting + ":"] + table.lines
    }
    return lines
  }
}
