import ArgumentParser
import Foundation
import Penumbra
import PenumbraData
import PenumbraEngine
import PenumbraEvaluation
import PenumbraImaging
import PenumbraSupport

/// `penumbra evaluate`: what a network is worth on labelled images.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says how good a network is on labelled images.",
    usage: """
      penumbra evaluate CFG WEIGHTS DATA [OPTIONS]
      penumbra evaluate --coco-truth FILE --coco-results FILE [OPTIONS]
      """,
    discussion: """
      DATA is a .data file (its 'valid' list), a list of images with label files, a
      folder of images, or a folder with a folder of images for each class.

      EXAMPLES
        penumbra evaluate cfg/yolov4-tiny.cfg yolov4-tiny.weights coco.data
        penumbra evaluate net.cfg net.weights cells.data --html report.html
        penumbra evaluate --coco-truth instances_val2017.json --coco-results r.json

      WHAT IS MEASURED
        COCO's twelve numbers, as pycocotools computes them; Pascal VOC's average
        precision by both of its rules; Darknet's 'map'; for each class precision,
        recall and F1 at its best threshold; the confusion of classes with each
        other and with the background. Of classifiers top-1, top-5 and the confusion
        of classes. Boxes are cut at the edges of their image, except for Darknet's
        map and where COCO's files are compared. What the labels of a .data file's
        'difficult' list hold, line by line as 'valid', nobody is blamed for missing.

      SPEED
        'forward' counts images by the time the network took alone; 'in all' by the
        time from the first picture to the last box, with reading (which goes on
        beside the network) and suppression.

      JSON
        --json prints one object: network, weights, data, names (of classes), input
        (width, height), unreadable (path and problem of pictures left out), speed
        (forward_images_per_second, images_per_second, batch, threads) and either
        detection (images, truths, detections, iou, coco with -1 where there is
        nothing to measure, voc2007, voc2010, darknet, at_threshold, best, classes,
        confusion) or classification (images, top1, top5, classes, confusion).
        Shares are 0 to 1. Above 1000 classes confusion has no counts.

      The exit status is 1 where a number that --require states is missed, 65 where
      a file is not what it should be, 66 where one is missing.
      """)

  @Argument(help: "CFG, WEIGHTS and DATA.", completion: .file()) var files: [String] = []

  @OptionGroup(title: "Files of COCO") var coco: COCOFileOptions
  @OptionGroup(title: "Judgement") var judgement: JudgementOptions
  @OptionGroup(title: "Data") var data: EvaluationDataOptions
  @OptionGroup(title: "Output") var output: EvaluationOutputOptions
  @OptionGroup(title: "Run") var execution: RunOptions

  func validate() throws {
    if coco.isGiven {
      guard files.isEmpty else {
        throw ValidationError("give CFG WEIGHTS DATA or the two files of COCO, not both")
      }
      guard output.results == nil else {
        throw ValidationError("--results writes what a network finds; there is none")
      }
      guard coco.images == nil || output.html != nil else {
        throw ValidationError("--images is for the pictures of --html")
      }
      return
    }
    let wanted = data.seed == nil ? ["CFG", "WEIGHTS", "DATA"] : ["CFG", "DATA"]
    guard files.count == wanted.count else {
      throw ValidationError(
        "expected \(wanted.joined(separator: " ")), found \(counted(files.count, "argument"))")
    }
    guard coco.images == nil else {
      throw ValidationError("--images goes with --coco-truth and --coco-results")
    }
  }

  func run() throws {
    let plan = try checkFiles()
    if coco.isGiven { return try judgeFiles(plan) }
    let request = EvaluationRequest(
      cfg: files[0], weights: data.seed == nil ? files[1] : nil, data: files[files.count - 1],
      options: data, judgement: judgement, execution: execution)
    let graph = try request.graph()
    try judgement.checkMetrics(classifies: graph.heads.isEmpty)
    if graph.heads.isEmpty {
      guard !output.darknet, output.results == nil else {
        throw InputError(
          "\(files[0]): the network has no detection head",
          help: "a classifier is evaluated by 'penumbra evaluate CFG WEIGHTS DATA'; --darknet and"
            + " --results are for boxes")
      }
      let found = try request.classification(graph)
      try output.write(found)
      try judgement.check(found.scores.metrics)
    } else {
      try finish(try request.detection(graph))
    }
  }

  /// Writes what was found and holds it against what is required.
  ///
  /// - Throws: where no image has an object: a measurement of nothing passes no gate.
  private func finish(_ found: DetectionFinding) throws {
    try output.write(found)
    guard found.evaluation.scores.truths > 0 else {
      throw InputError(
        "no image has a labelled object: nothing was measured",
        help: "check that the labels are where they are looked for, which 'penumbra data check'"
          + " does for a data set, or that the ground truth has annotations")
    }
    try judgement.check(found.evaluation.scores.metrics)
  }

  private func checkFiles() throws(WriteError) -> OutputPlan {
    var plan = OutputPlan()
    plan.reads(coco.truth, as: "the ground truth")
    plan.reads(coco.results, as: "the results to evaluate")
    plan.reads(data.names, as: "the file of class names")
    plan.reads(execution.numbers.calibration, as: "the calibration file")
    if let set = files.last {
      plan.reads(cfg: files[0], execution.cfgs)
      if data.seed == nil { plan.reads(weights: files[1], execution.packing) }
      plan.reads(dataSet: set)
    }
    try plan.writes(output.results)
    try plan.writes(output.html)
    try plan.prints()
    return plan
  }

  private func judgeFiles(_ plan: OutputPlan) throws {
    try judgement.checkMetrics(classifies: false)
    let found = try coco.evaluated(judgement)
    if let html = output.html, found.hasPictures {
      var plan = plan
      plan.reads(found.images.map(\.name), as: "a picture")
      try plan.protects(html)
    }
    try finish(found)
  }
}
