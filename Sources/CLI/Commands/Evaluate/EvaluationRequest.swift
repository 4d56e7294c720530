import Foundation
import Penumbra
import PenumbraCfg
import PenumbraData
import PenumbraEngine
import PenumbraEvaluation
import PenumbraImaging

/// A network to be evaluated on a data set.
struct EvaluationRequest {
  let cfg: String
  /// Nil where weights are made up.
  let weights: String?
  let data: String
  let options: EvaluationDataOptions
  let judgement: JudgementOptions
  let execution: RunOptions

  func graph() throws -> Graph {
    try ArgumentOrder.check(cfg: cfg, weights: weights, order: "CFG WEIGHTS DATA")
    return try Graph(execution.cfgs.file(cfg), size: execution.size)
  }

  // MARK: Detectors

  func detection(_ graph: Graph) throws -> DetectionFinding {
    let set = try DetectionDataSet(
      path: data, part: options.part, classNames: givenNames(graph), policy: options.faults)
    let names = try checked(set.classNames, graph)
    FaultText.tell(set.faults, of: data)
    if set.boxCount == 0 {
      standardError(
        "warning: none of \(counted(set.items.count, "image")) has a box: there is nothing to find;"
          + " the first labels were looked for in \(set.items.first?.labels ?? data)")
    }
    let wanted = DetectionOptions(threshold: options.leastConfidence, overlap: options.nms)
    let preprocessing = graph.preprocessing(preset: options.preset, orientation: options.exif)
    let run = try evaluationRun(graph, preprocessing, set.items.map(\.image))
    let seen = try run.run { session, index, fit in
      try session.detections(image: index, fit: fit, options: wanted)
    }
    let numbers = EvaluationRun.imageNumbers(seen.pictures.map(\.path))
    let images = zip(seen.pictures, numbers).map { picture, number in
      let item = set.items[picture.index]
      return EvaluatedImage(
        id: number, name: picture.path, width: picture.width, height: picture.height,
        labels: item.boxes + item.difficult, detections: picture.found)
    }
    let unusable = seen.pictures.reduce(0) { $0 + $1.found.count { !$0.canBeEvaluated } }
    if unusable > 0 {
      standardError(
        "warning: \(counted(unusable, "box", plural: "boxes")) with a negative size or a number that"
          + " is not finite; left out")
    }
    return DetectionFinding(
      heading: heading(graph, names, seen), images: images,
      evaluation: try evaluateDetections(
        images, classes: graph.classes, options: judgement.options(clipsBoxes: true)))
  }

  // MARK: Classifiers

  func classification(_ graph: Graph) throws -> ClassificationFinding {
    try graph.requireScores()
    let set = try ClassificationDataSet(
      path: data, part: options.part, classNames: givenNames(graph), policy: options.faults)
    let names = try checked(set.classNames, graph)
    FaultText.tell(set.faults, of: data)
    let preprocessing = Preprocessing.classifier(options.preset, orientation: options.exif)
    let run = try evaluationRun(graph, preprocessing, set.items.map(\.image))
    let seen = try run.run { session, index, _ in try session.scores(image: index) }
    let images = seen.pictures.map { picture in
      ClassifiedImage(
        name: picture.path, truth: set.items[picture.index].classIndex, scores: picture.found)
    }
    return ClassificationFinding(
      heading: heading(graph, names, seen), images: images,
      scores: try evaluateClassification(images, classes: graph.classes))
  }

  // MARK: What both need

  private func evaluationRun(
    _ graph: Graph, _ preprocessing: Preprocessing, _ paths: [String]
  ) throws -> EvaluationRun {
    let batch = min(options.batch, paths.count)
    let planOptions = try execution.planOptions(batch: batch)
    try Plan.checkWeights(of: graph, planOptions)
    let loaded =
      try options.seed.map { try Weights(seed: $0, for: graph) }
      ?? Weights(contentsOf: weights ?? "", for: graph)
    let network = try Network(
      graph: graph, weights: loaded, options: planOptions)
    PackCacheOptions.report(network.plan)
    return EvaluationRun(
      network: network, preprocessing: preprocessing, paths: paths, policy: options.faults,
      limits: options.size.limits)
  }

  /// The names of `--names`; for a list or folder of images, which has none, those beside the network.
  private func givenNames(_ graph: Graph) throws -> [String]? {
    switch try DataLocation(data) {
    case .data:
      guard options.names == nil else {
        throw InputError(
          "\(data): a .data file names its classes itself",
          help: "leave out --names, or name another file in it")
      }
      return nil
    case .classFolders: return try options.names.map { try [String](namesFile: $0) }
    case .list, .images:
      if graph.heads.isEmpty { return try options.names.map { try [String](namesFile: $0) } }
      let names = try ClassNames(
        file: options.names, besides: [cfg] + (weights.map { [$0] } ?? []), classes: graph.classes)
      return (0..<graph.classes).map { names[$0] }
    }
  }

  private func checked(_ names: [String], _ graph: Graph) throws -> [String] {
    guard names.count == graph.classes else {
      throw InputError(
        "\(data): \(counted(names.count, "class", plural: "classes")), but the network tells"
          + " \(graph.classes) apart", help: "give the data set that the network was trained on")
    }
    return names
  }

  private func heading<Found>(
    _ graph: Graph, _ names: [String], _ seen: EvaluationRun.Seen<Found>
  ) -> FindingHeading {
    FindingHeading(
      network: cfg, weights: weights, data: data, part: options.part.rawValue, names: names,
      input: FindingHeading.Size(
        width: graph.net.input.width, height: graph.net.input.height),
      unreadable: seen.unreadable.map {
        FindingHeading.Unreadable(path: $0.path, problem: $0.problem)
      },
      speed: seen.speed, exif: options.exif,
      limits: options.size.limits)
  }
}
