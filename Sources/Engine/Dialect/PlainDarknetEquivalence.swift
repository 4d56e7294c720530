extension PlainDarknet {
  /// A cfg and its plain form, run side by side.
  public struct Equivalence {
    public static let weightsSeed: UInt64 = 1
    public static let inputSeed: UInt64 = 7920

    private let original: Graph
    private let lowered: Graph
    private let layers: [Int]

    /// - Parameters:
    ///   - original: the graph of the file as it was.
    ///   - lowered: the graph of the file with `plain.edits`, at the same input size.
    public init(_ original: Graph, _ lowered: Graph, _ plain: PlainDarknet) {
      self.original = original
      self.lowered = lowered
      layers = plain.layers
    }

    /// Runs both with the same weights and input, and compares the bits of every layer.
    ///
    /// - Returns: the first layer that differs and how; nil where all agree.
    public func firstDifference(on backend: any Backend) throws -> String? {
      guard original.parameterCount == lowered.parameterCount else {
        return "\(lowered.parameterCount) weights, expected \(original.parameterCount)"
      }
      let mine = try run(original, backend)
      let theirs = try run(lowered, backend)
      for (layer, new) in layers.enumerated() {
        let difference = mine.withOutput(layer: layer) { expected in
          theirs.withOutput(layer: new) { found in Self.difference(found, expected) }
        }
        if let difference {
          return "layer \(layer) [\(original.nodes[layer].name)], now layer \(new)"
            + " [\(lowered.nodes[new].name)]: \(difference)"
        }
      }
      return nil
    }

    private func run(_ graph: Graph, _ backend: any Backend) throws -> Session {
      let weights = try Weights(seed: Self.weightsSeed, for: graph)
      var session = try Session(
        Plan(
          graph, weights: weights, options: PlanOptions(backend: backend, keepsAllOutputs: true)))
      session.withInput { Weights.fillInput($0, seed: Self.inputSeed) }
      session.run()
      return session
    }

    private static func difference(
      _ found: UnsafeBufferPointer<Float>, _ expected: UnsafeBufferPointer<Float>
    ) -> String? {
      guard found.count == expected.count else {
        return "\(found.count) values, expected \(expected.count)"
      }
      let first = found.indices.first { found[$0].bitPattern != expected[$0].bitPattern }
      return first.map { "value \($0) is \(found[$0]), expected \(expected[$0])" }
    }
  }
}
