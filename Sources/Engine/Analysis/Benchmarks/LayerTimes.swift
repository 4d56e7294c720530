extension NetworkTimer {
  /// Where the time of a run goes, layer by layer.
  func layerTimes(_ limits: Limits) -> [Benchmark.LayerTime] {
    let batch = Double(plan.options.batch)
    let peak = limits.peak(threads: plan.options.threads)
    let medians = layerMedians
    let total = medians.reduce(0, +)
    let steps = Dictionary(grouping: plan.program.steps.indices) { plan.program.steps[$0].layer }
    return plan.graph.nodes.enumerated().map { index, node in
      let (median, steps) = (medians[index], steps[index] ?? [])
      let rate = median > 0 ? 2e-6 * Double(node.layer.cost.multiplyAdds) * batch / median : 0
      let weights = node.layer.parameters.reduce(0) { $0 + 4 * $1.count }
      let moved = steps.reduce(0) { $0 + plan.program.movedBytes($1) }
      return Benchmark.LayerTime(
        index: index, section: node.name, kernels: steps.map(plan.algorithm), milliseconds: median,
        share: median / max(total, 1e-9), gflopsPerSecond: rate,
        shareOfPeak: rate > 0 ? peak.map { rate / $0 } : nil,
        gigabytesPerSecond: median > 0
          ? 1e-6 * (Double(moved) * batch + Double(weights)) / median : 0,
        copiedBytes: steps.reduce(0) { $0 + plan.program.copiedBytes($1) })
    }
  }
}

extension Plan {
  /// How a step is computed.
  package func algorithm(_ step: Int) -> String {
    kernels[step].algorithm ?? program.steps[step].operation.name
  }
}

extension Program {
  /// Bytes of the tensors of one image that a step reads and writes.
  func movedBytes(_ step: Int) -> Int {
    (steps[step].inputs + [steps[step].output]).reduce(0) { $0 + 4 * self[$1].shape.count }
  }
}
