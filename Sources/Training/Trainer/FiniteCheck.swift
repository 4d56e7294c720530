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

  package static func passes(_ buffer: ParameterBuffer) -> Bool {
    passes(UnsafeBufferPointer(buffer.values))
  }

  /// Whether the numbers that training changes are finite.
  package static func passesWhatLearns(_ buffer: ParameterBuffer) -> Bool {
    buffer.layout.entries.allSatisfy { entry in
      !entry.parameter.role.learns || passes(UnsafeBufferPointer(buffer.tensor(entry.id)))
    }
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
        passes(session.stepOutput(step, image: $0))
      }
      if !areFinite { found = steps[step].layer }
    }
    return found
  }
}
