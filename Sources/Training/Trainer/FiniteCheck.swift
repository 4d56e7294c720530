package import PenumbraEngine

/// Looks for what is no finite number.
package enum FiniteCheck {
  /// Whether all numbers are finite: a sum of their zeros is NaN otherwise.
  package static func passes(_ values: UnsafeBufferPointer<Float>) -> Bool {
    var sums = SIMD16<Float>(repeating: 0)
    let whole = values.count / 16 * 16
    let base = UnsafeRawPointer(values.baseAddress ?? UnsafePointer(bitPattern: 64)!)
    for offset in stride(from: 0, to: whole, by: 16) {
      sums += base.loadUnaligned(fromByteOffset: 4 * offset, as: SIMD16<Float>.self) * 0
    }
    return sums.sum() == 0 && values[whole...].allSatisfy(\.isFinite)
  }

  static func passes(_ buffer: ParameterBuffer) -> Bool {
    passes(UnsafeBufferPointer(buffer.values))
  }

  /// The layers with a number that is not finite, in order.
  package static func layers(of buffer: ParameterBuffer) -> [Int] {
    var layers: [Int] = []
    for entry in buffer.layout.entries where layers.last != entry.id.layer {
      if !passes(UnsafeBufferPointer(buffer.tensor(entry.id))) { layers.append(entry.id.layer) }
    }
    return layers
  }

  /// Runs the forward pass again to find the first layer whose output is not finite.
  ///
  /// - Parameter fill: puts the images of the mini-batch into the session.
  static func firstLayer(
    _ session: TrainingSession, images: Int, moment: TrainingMoment, fill: () -> Void
  ) -> Int? {
    fill()
    let steps = session.plan.program.steps
    var found: Int?
    session.forward(images: images, moment: moment) { step in
      let layer = steps[step].layer
      // A layer's last step makes its output; until then it lies elsewhere.
      guard found == nil, layer >= 0, step + 1 == steps.count || steps[step + 1].layer != layer,
        session.plan.graph.nodes.indices.contains(layer)
      else { return }
      let count = session.plan.graph.nodes[layer].layer.output.count
      for image in 0..<images {
        let output = UnsafeBufferPointer(
          start: session.output(layer: layer, image: image), count: count)
        if !passes(output) { found = layer }
      }
    }
    return found
  }
}
