import PenumbraCompute
import PenumbraData
import PenumbraEngine
import PenumbraImaging

/// The forward and backward pass of some images.
struct TrainingStep {
  let session: TrainingSession
  let losses: [LayerLoss]
  let threads: Int

  /// Adds the gradients of the images, and returns the parts of each loss, sums over the images in
  /// their order.
  ///
  /// - Throws: `TrainingError.notFinite`, before anything was updated.
  func run(_ examples: ArraySlice<Example>, moment: TrainingMoment, seen: Int) throws -> [LossParts]
  {
    let images = examples.count
    fill(examples)
    session.forward(images: images, moment: moment)
    let parts = computeLosses(examples, seen: seen)
    session.backward(images: images)
    guard parts.allSatisfy({ $0.total.isFinite }), FiniteCheck.passes(session.gradients) else {
      throw notFinite(examples, moment)
    }
    return parts
  }

  private func fill(_ examples: ArraySlice<Example>) {
    for (image, example) in examples.enumerated() {
      session.withInput(image: image) { _ = $0.update(fromContentsOf: example.image.pixels) }
    }
  }

  private func computeLosses(_ examples: ArraySlice<Example>, seen: Int) -> [LossParts] {
    let (images, graph) = (examples.count, session.plan.graph)
    var parts = [LossParts](repeating: LossParts(), count: images * losses.count)
    parts.withUnsafeMutableBufferPointer { parts in
      let parts = parts
      parallelFor(parts.count, threads: threads) { index in
        let (image, loss) = (index / losses.count, losses[index % losses.count])
        let example = examples[examples.startIndex + image]
        let layer = graph.nodes[loss.layer].layer
        parts[index] = loss.loss.compute(
          LossCall(
            output: session.output(layer: loss.layer, image: image),
            shape: layer.inputs.first?.shape ?? layer.output,
            gradient: session.lossGradient(layer: loss.layer, image: image),
            example: LossCall.Target(boxes: example.boxes, classShares: example.classShares),
            network: graph.net.input, seen: seen))
      }
    }
    var sums = [LossParts](repeating: LossParts(), count: losses.count)
    for (index, part) in parts.enumerated() { sums[index % losses.count] += part }
    return sums
  }

  /// Names the layer where it began.
  private func notFinite(
    _ examples: ArraySlice<Example>, _ moment: TrainingMoment
  ) -> TrainingError {
    let nodes = session.plan.graph.nodes
    func error(_ layer: Int, _ what: TrainingError.NotFinite) -> TrainingError {
      .notFinite(
        iteration: moment.iteration + 1, layer: layer, section: nodes[layer].name, what: what)
    }
    let output = FiniteCheck.firstLayer(session, images: examples.count, moment: moment) {
      fill(examples)
    }
    if let output { return error(output, .output) }
    // Gradients go backwards: the last layer in the file is the first that had a bad one.
    if let layer = FiniteCheck.layers(of: session.gradients).last { return error(layer, .gradient) }
    return error(losses.first?.layer ?? nodes.count - 1, .output)
  }
}
