/// What a precision changes of what fp32 computes, over some images: every layer's output, and the
/// boxes that are found.
public struct PrecisionReport: Codable, Hashable, Sendable {
  public var precision: NumberFormat
  public var images = 0
  public var layers: [LayerError]
  /// Nil for a network without heads.
  public var boxes: BoxChanges?

  public struct LayerError: Codable, Hashable, Sendable {
    public var index: Int
    public var section: String
    /// What its convolution multiplies; fp32 for other layers.
    public var multiplies: NumberFormat
    /// The root mean square of the differences, as a share of that of the values.
    public var error: Double
    /// The largest difference, as a share of the root mean square of the values.
    public var largest: Double
  }

  public struct BoxChanges: Codable, Hashable, Sendable {
    /// Boxes of fp32, and how many of them the precision finds, loses and adds: of the same class
    /// with an IoU of at least 0.5.
    public var expected = 0
    public var kept = 0
    public var lost = 0
    public var added = 0
    /// Of the boxes that were lost or added, the largest distance of the confidence to the threshold.
    public var largestMargin: Float = 0
    /// Of the boxes that were kept.
    public var meanIoU: Double = 1
    public var leastIoU: Float = 1
    public var meanConfidenceChange: Double = 0
    public var largestConfidenceChange: Float = 0

    enum CodingKeys: String, CodingKey {
      case expected, kept, lost, added
      case largestMargin = "largest_margin"
      case meanIoU = "mean_iou"
      case leastIoU = "least_iou"
      case meanConfidenceChange = "mean_confidence_change"
      case largestConfidenceChange = "largest_confidence_change"
    }
  }
}

extension PrecisionReport.BoxChanges {
  /// The overlap from which two boxes mean the same object.
  private static let sameObject: Float = 0.5

  /// Adds the boxes of one image.
  public mutating func add(_ found: [Detection], expected wanted: [Detection], threshold: Float) {
    var (ious, changes) = (meanIoU * Double(kept), meanConfidenceChange * Double(kept))
    var left = found
    for box in wanted {
      let match = left.indices
        .filter {
          left[$0].classIndex == box.classIndex && left[$0].box.iou(box.box) >= Self.sameObject
        }
        .max { left[$0].box.iou(box.box) < left[$1].box.iou(box.box) }
      expected += 1
      guard let match else {
        lost += 1
        largestMargin = max(largestMargin, box.confidence - threshold)
        continue
      }
      let (iou, change) = (
        left[match].box.iou(box.box), abs(left[match].confidence - box.confidence)
      )
      kept += 1
      ious += Double(iou)
      changes += Double(change)
      leastIoU = min(leastIoU, iou)
      largestConfidenceChange = max(largestConfidenceChange, change)
      left.remove(at: match)
    }
    added += left.count
    for box in left { largestMargin = max(largestMargin, box.confidence - threshold) }
    guard kept > 0 else { return }
    (meanIoU, meanConfidenceChange) = (ious / Double(kept), changes / Double(kept))
  }
}

/// Runs images in fp32 and in another precision and keeps what differs.
public struct PrecisionComparer: ~Copyable {
  private var sessions: SessionPair
  private var sums: [(difference: Double, square: Double, largest: Float, count: Int)]
  private var boxes: PrecisionReport.BoxChanges?
  private var images = 0

  /// - Parameter options: with the precision that is compared with fp32.
  public init(_ graph: Graph, weights: Weights, options: PlanOptions) throws(PlanError) {
    var options = options
    options.keepsAllOutputs = true
    options.batch = 1
    let plan = try Plan(graph, weights: weights, options: options)
    options.precision = .fp32
    let exactPlan = try Plan(graph, weights: weights, options: options)
    sessions = try SessionPair(exactPlan, plan)
    sums = Array(repeating: (0, 0, 0, 0), count: graph.nodes.count)
    boxes = graph.heads.isEmpty ? nil : PrecisionReport.BoxChanges()
  }

  /// Adds one image.
  ///
  /// - Parameters:
  ///   - fill: writes the network's input; called twice.
  ///   - fit: undoes on boxes how the image was fitted into the input.
  public mutating func add(
    fit: ImageFit, options: DetectionOptions, fill: (UnsafeMutableBufferPointer<Float>) -> Void
  ) throws {
    sessions.exact.withInput { fill($0) }
    sessions.reduced.withInput { fill($0) }
    sessions.exact.run()
    sessions.reduced.run()
    try sessions.exact.plan.weights.checkUnchanged()
    images += 1
    for layer in sums.indices {
      let wanted = sessions.exact.withOutput(layer: layer) { Array($0) }
      sessions.reduced.withOutput(layer: layer) { found in
        for (got, value) in zip(found, wanted) where value.isFinite {
          let difference = got - value
          sums[layer].difference += Double(difference) * Double(difference)
          sums[layer].square += Double(value) * Double(value)
          sums[layer].largest = max(sums[layer].largest, abs(difference))
        }
        sums[layer].count += found.count
      }
    }
    guard boxes != nil else { return }
    boxes?.add(
      try sessions.reduced.detections(fit: fit, options: options),
      expected: try sessions.exact.detections(fit: fit, options: options),
      threshold: options.threshold)
  }

  public var report: PrecisionReport {
    let plan = sessions.reduced.plan
    var formats: [Int: NumberFormat] = [:]
    for (step, kernel) in zip(plan.program.steps, plan.kernels) where kernel.format != .fp32 {
      formats[step.layer] = kernel.format
    }
    let layers = plan.graph.nodes.enumerated().map { index, node in
      let sum = sums[index]
      let rms = (sum.square / Double(max(sum.count, 1))).squareRoot()
      let error = (sum.difference / Double(max(sum.count, 1))).squareRoot()
      return PrecisionReport.LayerError(
        index: index, section: node.name, multiplies: formats[index] ?? .fp32,
        error: rms > 0 ? error / rms : 0, largest: rms > 0 ? Double(sum.largest) / rms : 0)
    }
    return PrecisionReport(
      precision: plan.options.precision.format, images: images, layers: layers, boxes: boxes)
  }
}

private struct SessionPair: ~Copyable {
  var exact: Session
  var reduced: Session

  init(_ exact: Plan, _ reduced: Plan) throws(PlanError) {
    let first = try Session(exact)
    let second = try Session(reduced)
    self.exact = first
    self.reduced = second
  }
}
