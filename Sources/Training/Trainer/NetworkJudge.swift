public import PenumbraData
public import PenumbraEngine
import PenumbraEvaluation
import PenumbraImaging
import PenumbraSupport

/// Judges a network on validation images while it is trained, and draws what it sees in some.
///
/// As in use: at the cfg's size, with rolling statistics, boxes suppressed.
public final class NetworkJudge {
  private let graph: Graph
  private let options: PlanOptions
  private let images: TrainingData.Images
  private let classNames: [String]
  private let policy: FaultPolicy
  private let threshold: Float
  private var unreadable: Set<String> = []
  /// Validation pictures that could not be read, since this was last asked.
  private var faults: [DataFault] = []
  private var samples: [SamplePicture] = []
  private static let sampleCount = 4
  private static let longestSampleSide = 320

  /// Nil where the data has no validation images.
  ///
  /// - Parameter threshold: the confidence above which boxes count in precision, recall and pictures.
  public init?(
    _ graph: Graph, _ data: TrainingData, backend: any Backend = Backends.standard,
    threads: Int? = nil, policy: FaultPolicy = .skip, threshold: Float = 0.25
  ) {
    guard let images = data.validation else { return nil }
    self.graph = graph
    self.images = images
    self.policy = policy
    self.threshold = threshold
    classNames = data.classNames
    options = PlanOptions(backend: backend, threads: threads)
  }

  public var imageCount: Int { images.count }

  private static let detectionMetrics = [
    "map50", "map75", "map", "precision", "recall", "f1", "iou",
  ]
  private static let classificationMetrics = ["top1", "top5"]
  /// What a run can be ended by: the metrics of any network, and the loss.
  public static let knownMetrics = detectionMetrics + classificationMetrics + ["loss"]

  /// The names of the metrics it finds.
  public var metrics: [String] {
    switch images {
    case .detection: Self.detectionMetrics
    case .classification: Self.classificationMetrics
    }
  }

  /// The metrics of some weights; nil where `shouldStop`, which is asked before each image, says so.
  ///
  /// Every metric is 0, with a warning, where the network computes numbers that are not finite: rolling
  /// statistics may need more iterations until a deep network can be used.
  ///
  /// - Throws: `PlanError` where memory lacks, and `DataError` for a picture that cannot be read where
  ///   the policy is to stop.
  public func judge(
    _ weights: Weights, iteration: Int, shouldStop: () -> Bool = { false }
  ) throws -> ValidationRecord? {
    samples = []
    var session = try Session(Plan(graph, weights: weights, options: options))
    do {
      switch images {
      case .detection(let data): return try judge(data, &session, iteration, shouldStop)
      case .classification(let data): return try judge(data, &session, iteration, shouldStop)
      }
    } catch DetectionError.notFinite(let layer, let section) {
      return overflow(layer: layer, section: section)
    }
  }

  private func overflow(layer: Int, section: String) -> ValidationRecord {
    samples = []
    var record = ValidationRecord(
      images: imageCount,
      metrics: Dictionary(uniqueKeysWithValues: metrics.map { ($0, 0) }), decisive: metrics[0])
    record.warning =
      "layer \(layer) [\(section)] computed numbers that are not finite in validation, so that every"
      + " metric is 0; rolling statistics may need more iterations"
    return record
  }

  /// What the network saw in some of the images.
  public func takeSamples() -> [SamplePicture] {
    defer { samples = [] }
    return samples
  }

  public func takeFaults() -> [DataFault] {
    defer { faults = [] }
    return faults
  }

  // MARK: Detectors

  private func judge(
    _ data: DetectionDataSet, _ session: inout Session, _ iteration: Int, _ shouldStop: () -> Bool
  ) throws -> ValidationRecord? {
    let preprocessing = Preprocessing.detector(.alexeyab, letterBox: graph.net.letterBox)
    let shown = sampleIndices(data.items.count)
    var seen: [EvaluatedImage] = []
    var unusable = 0
    for (index, item) in data.items.enumerated() {
      if shouldStop() { return nil }
      guard let bitmap = try bitmap(item.image, data.limits) else { continue }
      let input = try fitted(bitmap, preprocessing)
      session.withInput { _ = $0.update(fromContentsOf: input.pixels) }
      session.run()
      let fit = ImageFit(
        imageWidth: bitmap.width, imageHeight: bitmap.height, network: graph.net.input,
        isLetterboxed: preprocessing.fit == .letterbox)
      // What is less confident than this, or comes after so many, changes no metric that is read.
      let found = try session.detections(
        fit: fit, options: DetectionOptions(threshold: 0.005, limit: 500))
      let usable = found.filter(\.canBeEvaluated)
      unusable += found.count - usable.count
      seen.append(
        EvaluatedImage(
          id: index, name: item.image, width: bitmap.width, height: bitmap.height,
          labels: item.boxes + item.difficult, detections: usable))
      if shown.contains(index) {
        let boxes = usable.filter { $0.confidence > threshold }.map(annotation)
        try addSample(Annotator().draw(boxes, on: bitmap), item.image, iteration)
      }
    }
    let scores = try evaluateDetections(
      seen, classes: graph.classes, options: EvaluationOptions(threshold: Double(threshold))
    ).scores
    let point = scores.atThreshold
    var record = ValidationRecord(
      images: seen.count,
      metrics: [
        "map50": scores.map50, "map75": max(scores.coco.ap75, 0), "map": scores.map,
        "precision": point.precision, "recall": point.recall, "f1": point.f1,
        "iou": point.averageIoU,
      ],
      classes: scores.classes.map { found in
        ValidationRecord.Class(
          name: name(found.index),
          metrics: [
            "map50": max(found.coco.ap50, 0), "precision": found.atThreshold.precision,
            "recall": found.atThreshold.recall, "f1": found.atThreshold.f1,
          ])
      }, decisive: "map50")
    if unusable > 0 {
      record.notice =
        "\(unusable) of the boxes found in validation have a negative size or a number that is not"
        + " finite; they are left out"
    }
    return record
  }

  private func annotation(_ found: Detection) -> Annotation {
    Annotation(
      label: name(found.classIndex), confidence: found.confidence, classIndex: found.classIndex,
      x: found.box.x - found.box.width / 2, y: found.box.y - found.box.height / 2,
      width: found.box.width, height: found.box.height)
  }

  // MARK: Classifiers

  private func judge(
    _ data: ClassificationDataSet, _ session: inout Session, _ iteration: Int,
    _ shouldStop: () -> Bool
  ) throws -> ValidationRecord? {
    let shown = sampleIndices(data.items.count)
    var seen: [ClassifiedImage] = []
    for (index, item) in data.items.enumerated() {
      if shouldStop() { return nil }
      guard let bitmap = try bitmap(item.image, data.limits) else { continue }
      let input = try fitted(bitmap, .classifier(.alexeyab))
      session.withInput { _ = $0.update(fromContentsOf: input.pixels) }
      session.run()
      let scores = try session.scores()
      seen.append(ClassifiedImage(name: item.image, truth: item.classIndex, scores: scores))
      if shown.contains(index), let first = scores.first {
        let found = "\(name(first.classIndex)) \(fixed(Double(100 * first.score), 0)) %"
        let verdict = first.classIndex == item.classIndex ? "" : ", is \(name(item.classIndex))"
        try addSample(bitmap, "\(item.image)", iteration, saying: found + verdict)
      }
    }
    let scores = try evaluateClassification(seen, classes: graph.classes)
    return ValidationRecord(
      images: seen.count, metrics: ["top1": scores.top1, "top5": scores.top5],
      classes: graph.classes > 100
        ? []
        : scores.classes.map { found in
          ValidationRecord.Class(
            name: name(found.index), metrics: ["top1": found.accuracy ?? 0])
        }, decisive: "top1")
  }

  // MARK: Pictures

  private func name(_ index: Int) -> String {
    classNames.indices.contains(index) ? classNames[index] : "\(index)"
  }

  private func bitmap(_ path: String, _ limits: DecodingLimits) throws -> Bitmap? {
    guard !unreadable.contains(path) else { return nil }
    do throws(ImageError) {
      return try Bitmap(
        contentsOf: path,
        options: DecodingOptions(
          channels: graph.net.input.channels == 1 ? 1 : 3, limits: limits, source: .found))
    } catch {
      let fault = DataFault(.unreadableImage, file: path, error.problem, effect: .imageLeftOut)
      if policy == .stop { throw DataError(.fault(fault), file: path) }
      unreadable.insert(path)
      faults.append(fault)
      return nil
    }
  }

  private func fitted(_ bitmap: Bitmap, _ preprocessing: Preprocessing) throws -> Image {
    let input = graph.net.input
    return try prepare(
      Image(bitmap), width: input.width, height: input.height, channels: input.channels,
      preprocessing)
  }

  /// Evenly spread over the data set.
  private func sampleIndices(_ count: Int) -> Set<Int> {
    Set((0..<Self.sampleCount).map { (2 * $0 + 1) * count / (2 * Self.sampleCount) })
  }

  private func addSample(
    _ bitmap: Bitmap, _ path: String, _ iteration: Int, saying caption: String? = nil
  ) throws {
    let side = max(bitmap.width, bitmap.height)
    var small = bitmap
    if side > Self.longestSampleSide {
      small = Bitmap(
        Image(bitmap).resized(
          width: max(1, bitmap.width * Self.longestSampleSide / side),
          height: max(1, bitmap.height * Self.longestSampleSide / side)))
    }
    samples.append(
      try SamplePicture(
        small, name: path.split(separator: "/").last.map(String.init) ?? path,
        iteration: iteration, caption: caption))
  }
}
