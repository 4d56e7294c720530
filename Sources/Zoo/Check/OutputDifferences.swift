import PenumbraEngine

/// What a network computed against what was recorded of it.
struct OutputDifferences {
  /// Of all numbers compared, in units of the tolerance; 1 is the limit.
  private(set) var worstError = 0.0
  private(set) var worstLayer: Int?
  /// The first layer that is off; those after it follow from it.
  private(set) var first: Difference?

  init(_ trace: Trace, against record: NetworkRecord, backend: String) {
    var (layersOff, compared) = (0, 0)
    var first: (layer: Trace.LayerRecord, deviation: OutputRecord.Deviation)?
    for (layer, recorded) in zip(trace.layers, record.layers) {
      guard let worst = recorded.output?.worst(layer) else { continue }
      compared += 1
      if worst.error > worstError { (worstError, worstLayer) = (worst.error, layer.index) }
      guard worst.error > 1 else { continue }
      layersOff += 1
      if first == nil { first = (layer, worst) }
    }
    guard compared > 0 else {
      self.first = Difference(
        .outputs, backend: backend, "the record has no numbers to compare with")
      return
    }
    guard let (layer, deviation) = first else { return }
    let expected = deviation.expected.map { "\($0)" } ?? "what is not finite"
    let found = "\(Float(deviation.found))"
    let others = layersOff - 1
    self.first = Difference(
      .outputs, layer: layer.index, section: layer.section, key: deviation.what, found: found,
      expected: expected, backend: backend,
      "on \(backend) \(deviation.what) of its output is \(found), the record has \(expected)"
        + (others > 0
          ? "; \(others) later layer\(others == 1 ? "" : "s") differ\(others == 1 ? "s" : "") too"
          : ""))
  }
}
