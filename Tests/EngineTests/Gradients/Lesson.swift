import Penumbra
import PenumbraEngine
import TestSupport

/// One forward and one backward pass of a small network, for a loss that is a weighted sum of an
/// output: `Σ r · y`, whose gradient is `r`.
struct Lesson {
  let graph: Graph
  /// The layer whose output is summed, and the one at which the gradient is put in.
  let summed: Int
  let entry: Int
  let images: [[Float]]
  let factors: [[Float]]

  init(_ network: TestNetwork, seed: UInt64, batch: Int = 3) {
    graph = network.graph
    entry = graph.nodes.count - 1
    // The gradient of a head is that of what it reads.
    let passesOn = graph.nodes[entry].layer is any DetectionHead
    summed = passesOn ? entry - 1 : entry
    images = (0..<batch).map { network.input(seed: 100 * seed + UInt64($0)) }
    let count = graph.nodes[summed].layer.output.count
    var generator = SeededGenerator(seed: seed + 50)
    factors = (0..<batch).map { _ in generator.floats(count) }
  }

  private func session(
    at layer: Int, _ parameters: ParameterBuffer, _ backend: any Backend, threads: Int
  ) throws -> TrainingSession {
    let plan = try TrainingPlan(
      graph,
      options: TrainingOptions(
        backend: backend, batch: images.count, threads: threads, lossLayers: [layer]))
    let session = try TrainingSession(
      plan, parameters: parameters, gradients: ParameterBuffer(parameters.layout))
    for (image, values) in images.enumerated() {
      session.withInput(image: image) { _ = $0.update(fromContentsOf: values) }
    }
    return session
  }

  private let moment = TrainingMoment(seed: 3, iteration: 2)

  /// The loss as a function of the parameters.
  func makeLoss(
    _ parameters: ParameterBuffer, _ backend: any Backend = ReferenceBackend()
  ) throws -> () throws -> Double {
    let session = try session(at: summed, parameters, backend, threads: 1)
    return {
      try session.parametersChanged()
      session.forward(images: images.count, moment: moment)
      var sum = 0.0
      for (image, factors) in factors.enumerated() {
        let output = session.output(layer: summed, image: image)
        for (i, factor) in factors.enumerated() { sum += Double(output[i]) * Double(factor) }
      }
      return sum
    }
  }

  /// The gradients of all parameters.
  func gradients(
    _ parameters: ParameterBuffer, _ backend: any Backend = ReferenceBackend(), threads: Int = 1
  ) throws -> ParameterBuffer {
    let session = try session(at: entry, parameters, backend, threads: threads)
    session.forward(images: images.count, moment: moment)
    for (image, factors) in factors.enumerated() {
      let gradient = session.lossGradient(layer: entry, image: image)
      gradient.update(from: factors, count: factors.count)
    }
    session.backward(images: images.count)
    return session.gradients
  }
}
