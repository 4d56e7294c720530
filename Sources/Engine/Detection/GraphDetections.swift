extension Graph {
  /// Lends the output of a layer for one image.
  package typealias OutputAccess = (
    Int, (UnsafeBufferPointer<Float>) throws(DetectionError) -> Void
  ) throws(DetectionError) -> Void

  /// Reads the boxes of one image from the outputs of the heads: decodes them, maps them to fractions
  /// of the picture, suppresses, and gives what is left in pixels, the most confident first.
  ///
  /// Suppression comes after the mapping: DIoU is not the same in a letterboxed input and in the
  /// picture. Source: Darknet `network.c` (`fill_network_boxes`), then `detector.c`.
  package func detections(
    fit: ImageFit, options: DetectionOptions, output: OutputAccess
  ) throws(DetectionError) -> [Detection] {
    var candidates = try candidates(fit: fit, threshold: options.threshold, output)
    if let overlap = options.overlap {
      (options.suppression ?? suppression).apply(
        to: &candidates, threshold: overlap, acrossClasses: options.isClassAgnostic)
    }
    let found = candidates.enumerated().flatMap { order, candidate in
      candidate.detections(order, fit)
    }
    // Of equal ones the first in Darknet's order, and of one box's the lowest class.
    let sorted = found.enumerated().sorted {
      ($0.element.confidence, $1.offset) > ($1.element.confidence, $0.offset)
    }.map(\.element)
    return options.limit.map { Array(sorted.prefix(max($0, 0))) } ?? sorted
  }

  /// What all heads propose for one image, in fractions of the picture.
  private func candidates(
    fit: ImageFit, threshold: Float, _ output: OutputAccess
  ) throws(DetectionError) -> [Candidate] {
    guard !heads.isEmpty else { throw .noHead(network: name) }
    var candidates: [Candidate] = []
    for (layer, head) in heads {
      let start = candidates.count
      try output(layer) { values throws(DetectionError) in
        guard values.allSatisfy(\.isFinite), let base = values.baseAddress else {
          throw .notFinite(layer: layer, section: nodes[layer].name)
        }
        head.candidates(
          in: base, network: net.input, threshold: threshold < 0 ? 0 : threshold,
          into: &candidates)
      }
      guard head.undoesLetterbox else { continue }
      for place in start..<candidates.count {
        candidates[place].box = fit.fractions(candidates[place].box)
      }
    }
    // Only meaningless weights make a size or place overflow; such a box is nowhere.
    candidates.removeAll { !$0.box.isFinite || !fit.scaled($0.box).isFinite }
    return candidates
  }
}

extension Candidate {
  /// One for each class that it has a probability of.
  fileprivate func detections(_ order: Int, _ fit: ImageFit) -> [Detection] {
    let pixels = fit.scaled(box)
    return probabilities.enumerated().compactMap { k, probability in
      guard probability > 0 else { return nil }
      return Detection(
        classIndex: k, confidence: probability, objectness: objectness, box: pixels, order: order)
    }
  }
}
