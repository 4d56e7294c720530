import Penumbra
import PenumbraEngine

/// A mutated cfg: read, checked, planned, and run where it is small.
struct CfgTarget: Target {
  let bytes: [UInt8]

  init(_ random: inout Random, _ corpus: Corpus) {
    var lines = random.pick(corpus.texts).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline
    ).map(String.init)
    for _ in 0..<random.int(1...6) { CfgMutation(corpus: corpus).apply(to: &lines, &random) }
    var bytes = Array(lines.joined(separator: random.pick(["\n", "\n", "\r\n", "\r"])).utf8)
    if random.chance(0.15) { random.addNoise(to: &bytes) }
    self.bytes = bytes
  }

  func run(_ random: inout Random) throws -> String {
    let file = CfgFile(bytes: bytes, name: "fuzz.cfg")
    let size: (Int, Int)? =
      random.chance(0.1)
      ? (CfgMutation.extremes(&random), CfgMutation.extremes(&random)) : nil
    let check = Graph.check(file, size: size)
    for diagnostic in check.diagnostics { _ = "\(diagnostic)" }
    guard let graph = check.graph else { return "refused" }
    return try Trial(graph: graph).run(&random)
  }
}

/// A sound graph, planned and run if it is small.
struct Trial {
  let graph: Graph
  var weights: Weights?

  /// Numbers beyond which a network is only planned.
  private static let largest = (parameters: 1 << 20, elements: 1 << 20, multiplyAdds: 1 << 24)

  private var isSmall: Bool {
    func sum(_ value: (any Layer) -> Int) -> Int {
      graph.nodes.reduce(0) { min($0, 1 << 40) + min(value($1.layer), 1 << 40) }
    }
    return sum { $0.parameters.reduce(0) { min($0, 1 << 40) + $1.count } }
      <= Self.largest.parameters
      && graph.net.input.count + sum { $0.output.count } <= Self.largest.elements
      && sum { max($0.cost.multiplyAdds, $0.cost.operations) } <= Self.largest.multiplyAdds
  }

  func run(_ random: inout Random) throws -> String {
    let options = PlanOptions(
      backend: random.pick(Backends.all), batch: random.pick([1, 1, 2, 3]),
      threads: random.int(1...3), keepsAllOutputs: random.chance(0.3), memoryLimit: 64 << 20)
    _ = WeightsLayout(graph)
    guard isSmall else {
      let program = Plan.program(graph, options)
      _ = ArenaLayout(program, batch: random.pick([1, 64, 1 << 30, .max]))
      return "planned"
    }
    do {
      let weights = try self.weights ?? Weights(seed: random.next(), for: graph)
      _ = weights.statistics()
      let plan = try Plan(graph, weights: weights, options: options)
      var session = try Session(plan)
      for image in 0..<options.batch {
        session.withInput(image: image) { Weights.fillInput($0, seed: UInt64(image)) }
      }
      session.run()
      return try read(session, graph, &random)
    } catch is PlanError {
      return "over the memory limit"
    } catch is WeightsError {
      return "no memory for weights"
    }
  }

  private func read(
    _ session: borrowing Session, _ graph: Graph, _ random: inout Random
  ) throws -> String {
    let fit = ImageFit(
      imageWidth: random.int(1...2000), imageHeight: random.int(1...2000),
      network: graph.net.input, isLetterboxed: random.chance(0.5))
    let options = DetectionOptions(
      threshold: random.pick([0.001, 0.25, 0.9]), overlap: random.pick([nil, 0.45]),
      isClassAgnostic: random.chance(0.3), limit: random.pick([nil, 0, 10]))
    do {
      if graph.heads.isEmpty {
        _ = try session.scores()
      } else {
        _ = try session.detections(fit: fit, options: options)
      }
      return "ran"
    } catch {
      _ = "\(error)"
      return "ran, without a result"
    }
  }
}
