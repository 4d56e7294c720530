package import PenumbraEngine

/// Looks for what is no finite number.
package enum FiniteCheck {
  package static func passes(_ buffer: ParameterBuffer) -> Bool {
    UnsafeBufferPointer(buffer.values).areFinite
  }

  /// The layers with a number that is not finite, in order.
  package static func layers(of buffer: ParameterBuffer) -> [Int] {
    var layers: [Int] = []
    for entry in buffer.layout.entries where layers.last != entry.id.layer {
      if !UnsafeBufferPointer(buffer.tensor(entry.id)).areFinite { layers.append(entry.id.layer) }
    }
    return layers
  }

  /// Runs the forward pass again to find the first layer whose output is not finite.
  ///
  /// - Parameter fill: puts the images of the mini-batch into the session.
  package static func firstLayer(
    _ session: TrainingSession, images: Int, moment: TrainingMoment, fill: () -> Void
  ) -> Int? {
    fill()
    let steps = session.plan.program.steps
    let layers = session.plan.graph.nodes.indices
    var found: Int?
    session.forward(images: images, moment: moment) { step in
      guard found == nil, layers.contains(steps[step].layer) else { return }
      let areFinite = (0..<images).allSatisfy {
        session.stepOutput(step, image: $0).areFinite
      }
      if !areFinite { found = steps[step].layer }
    }
    return found
  }
}
