import PenumbraCfg

/// Times one shape's layers alone, between a convolution that makes their input and one that reads
/// their output, as in a network.
final class LayerTimer: MeasuredKernel {
  private let name: String
  private let plan: Plan
  private var session: Session
  private let input: BenchmarkInput
  private let layers: Range<Int>
  private var samples: [Double] = []

  init(_ name: String, _ shape: LayerShape, _ backend: any Backend, threads: Int) throws {
    self.name = name
    let before = shape.isFirst ? "" : Self.pointwise(shape.input.channels)
    let text = shape.net + before + shape.sections + Self.pointwise(8)
    let graph = try Graph(CfgFile(text: text, name: shape.name))
    plan = try Plan(
      graph, weights: Weights(seed: 1, for: graph),
      options: PlanOptions(backend: backend, threads: threads, results: [graph.nodes.count - 1]))
    layers = (shape.isFirst ? 0 : 1)..<graph.nodes.count - 1
    session = try Session(plan)
    input = BenchmarkInput(plan)
  }

  private static func pointwise(_ filters: Int) -> String {
    "[convolutional]\nfilters=\(filters)\nsize=1\nactivation=linear\n"
  }

  func run(isWarmUp: Bool) {
    let times = Repetition.samples { once() }
    if !isWarmUp { samples += times }
  }

  /// Milliseconds of the steps of the layers.
  private func once() -> Double {
    input.fill(&session)
    var (total, watch) = (0.0, Stopwatch())
    session.run { step in
      let time = watch.lap()
      if layers.contains(plan.program.steps[step].layer) { total += time }
    }
    return total
  }

  func entry(_ limits: Limits) -> KernelBenchmark.Entry {
    let steps = plan.program.steps.indices.filter { layers.contains(plan.program.steps[$0].layer) }
    return KernelBenchmark.Entry(
      name: name, kernels: steps.map(plan.algorithm), Timing(samples), work, limits,
      threads: plan.options.threads)
  }

  /// What the layers have to do, if nothing between them went through memory.
  private var work: Work {
    let nodes = plan.graph.nodes[layers]
    let outside = Set(
      nodes.flatMap(\.layer.inputs).filter { !layers.contains($0.layer) }.map(\.layer))
    let inputs = outside.map { layer in
      layer < 0 ? plan.graph.net.input.count : plan.graph.nodes[layer].layer.output.count
    }
    let weights = nodes.flatMap(\.layer.parameters).reduce(0) { $0 + $1.count }
    return Work(
      operations: nodes.reduce(0) { $0 + 2 * Double($1.layer.cost.multiplyAdds) },
      readBytes: 4 * (inputs.reduce(0, +) + weights),
      writtenBytes: 4 * (nodes.last?.layer.output.count ?? 0))
  }
}

extension LayerShape {
  /// The network's own section: an image, or a few channels from which a convolution makes the input.
  fileprivate var net: String {
    let channels = isFirst ? input.channels : 8
    return "[net]\nwidth=\(input.width)\nheight=\(input.height)\nchannels=\(channels)\n"
  }
}
