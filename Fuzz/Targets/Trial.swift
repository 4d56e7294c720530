import Penumbra
import PenumbraEngine

/// A valid graph, planned, and run if it is small.
struct Trial {
  let graph: Graph
  var weights: Weights?

  /// Numbers beyond which a network is only planned.
  private static let largest = (parameters: 1 << 18, elements: 1 << 18, multiplyAdds: 1 << 20)

  private var isSmall: Bool {
    func sum(_ value: (any Layer) -> Int) -> Int {
      graph.nodes.reduce(0) { min($0, 1 << 40) + min(value($1.layer), 1 << 40) }
    }
    return sum { $0.parameters.reduce(0) { min($0, 1 << 40) + $1.count } }
      <= Self.largest.parameters
      && graph.net.input.count + sum { $0.output.count } <= Self.largest.elements
      && sum { max($0.cost.multiplyAdds, $0.cost.operations) } <= Self.largest.multiplyAdds
  }

  func run(_ choices: inout Choices) throws {
    let options = PlanOptions(
      backend: choices.pick(Backends.all), batch: choices.pick([1, 1, 2, 3]),
      threads: choices.chance(0.1) ? choices.int(2...3) : 1, keepsAllOutputs: choices.chance(0.3),
      memoryLimit: 64 << 20)
    _ = WeightsLayout(graph)
    guard isSmall else {
      let program = Plan.program(graph, options)
      _ = ArenaLayout(program, batch: choices.pick([1, 64, 1 << 30, .max]))
      return
    }
    let weights = try self.weights ?? Weights(seed: choices.next(), for: graph)
    _ = weights.statistics()
    let plan = try Plan(graph, weights: weights, options: options)
    var session = try Session(plan)
    for image in 0..<options.batch {
      session.withInput(image: image) { Weights.fillInput($0, seed: UInt64(image)) }
    }
    session.run()
    try read(session, &choices)
  }

  private func read(_ session: borrowing Session, _ choices: inout Choices) throws {
    let fit = ImageFit(
      imageWidth: choices.int(1...2000), imageHeight: choices.int(1...2000),
      network: graph.net.input, isLetterboxed: choices.chance(0.5))
    let options = DetectionOptions(
      threshold: choices.pick([0.001, 0.25, 0.9]), overlap: choices.pick([nil, 0.45]),
      isClassAgnostic: choices.chance(0.3), limit: choices.pick([nil, 0, 10]))
    if graph.heads.isEmpty {
      _ = try session.scores()
    } else {
      _ = try session.detections(fit: fit, options: options)
    }
  }
}
