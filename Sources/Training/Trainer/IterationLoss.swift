/// The loss of an iteration, as means over its images and the network's loss layers.
package struct IterationLoss {
  package let total: Double
  package let box: Double
  package let objectness: Double
  package let classification: Double
  /// The mean IoU of the boxes that learnt, nil for none.
  package let overlap: Double?
  package let layers: [IterationRecord.Layer]

  /// - Parameter parts: of each layer, sums over the images.
  ///
  /// Source of the means: Darknet `network.c` (`get_network_cost`, `train_network_datum`).
  package init(_ parts: [LossParts], layers: [Int], images: Int) {
    let (images, count) = (Double(images), Double(max(1, parts.count)))
    func mean(_ part: (LossParts) -> Double) -> Double {
      parts.reduce(0) { $0 + part($1) } / images / count
    }
    total = mean(\.total)
    box = mean(\.box)
    objectness = mean(\.objectness)
    classification = mean(\.classification)
    let positives = parts.reduce(0) { $0 + $1.positives }
    overlap = positives > 0 ? parts.reduce(0) { $0 + $1.overlap } / Double(positives) : nil
    self.layers = zip(layers, parts).map { layer, part in
      IterationRecord.Layer(
        layer: layer, total: part.total / images, box: part.box / images,
        objectness: part.objectness / images, classification: part.classification / images,
        positives: part.positives,
        overlap: part.positives > 0 ? part.overlap / Double(part.positives) : nil)
    }
  }
}
