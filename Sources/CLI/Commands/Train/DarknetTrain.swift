import ArgumentParser
import Penumbra
import PenumbraEngine
import PenumbraSupport
import PenumbraTraining

/// `DATA CFG [WEIGHTS]` and what published instructions put behind it.
struct DarknetTrainOptions: ParsableArguments {
  @Argument(help: "The .data file.", completion: .file(extensions: ["data"])) var data: String
  @Argument(help: "The cfg file.", completion: .file(extensions: ["cfg"])) var cfg: String
  @Argument(
    help: "Weights to start from: whole, or a backbone such as yolov4.conv.137.",
    completion: .file())
  var weights: String?
  @Flag(help: "Count iterations from 0, whatever the weights have seen.") var clear = false
  @Option(
    name: .customLong("seed"),
    help: "What random numbers follow; Darknet takes the time. 1 by default.")
  var seed: UInt64?
  @OptionGroup var cfgs: CfgOptions

  func request() throws -> TrainingRequest {
    try ArgumentOrder.check(cfg: cfg, weights: weights, order: "DATA CFG [WEIGHTS]")
    var request = TrainingRequest(cfg: cfg, data: data)
    request.companions = cfgs.companions
    (request.from, request.isCleared, request.seed) = (weights, clear, seed)
    // As Darknet: its own file names, in a folder that may hold an earlier run.
    (request.nameRule, request.overwrites) = (.firstStop, true)
    return request
  }
}

/// `penumbra detector train`, with Darknet's output.
struct DetectorTrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains a detector as 'darknet detector train' does, with its output.",
    discussion: """
      Weights go to the 'backup' folder of DATA: NAME_last, NAME_best (with -map), NAME_N and
      NAME_final.weights, where NAME is the cfg's name up to its first full stop; besides them the
      state that 'penumbra train CFG DATA --resume' goes on from, train.jsonl and train.html. Runs with the
      same seed are the same. 'penumbra train' does more.

      EXAMPLE
        penumbra detector train obj.data yolo-obj.cfg yolov4.conv.137 -map -clear -dont_show
      """)

  @OptionGroup var options: DarknetTrainOptions
  @Flag(name: .customLong("map"), help: "Calculate mAP every four epochs, and keep the best.")
  var calculatesMap = false
  @Option(name: .customLong("mAP_epochs"), help: "Epochs between calculations of mAP.")
  var mapEpochs = 4
  @Option(help: "The confidence above which boxes count in precision and recall.")
  var thresh: Float = 0.25

  func validate() throws {
    guard (1...1_000_000).contains(mapEpochs) else {
      throw ValidationError("-mAP_epochs is \(mapEpochs), expected 1 to 1000000")
    }
    guard (0...1).contains(thresh) else {
      throw ValidationError("-thresh is \(thresh), expected 0 to 1")
    }
  }

  func run() throws {
    var request = try options.request()
    request.isValidated = calculatesMap
    request.validatesOnTraining = calculatesMap
    (request.validationEpochs, request.threshold) = (mapEpochs, thresh)
    try TrainingRun(request, screen: DarknetTrainingText(isDetector: true)).run()
  }
}

/// `penumbra classifier train`, with Darknet's output.
struct ClassifierTrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains a classifier as 'darknet classifier train' does, with its output.",
    discussion: """
      Weights go to the 'backup' folder of DATA. 'penumbra train' does more.

      EXAMPLE
        penumbra classifier train imagenet1k.data net.cfg -topk
      """)

  @OptionGroup var options: DarknetTrainOptions
  @Flag(name: .customLong("topk"), help: "Measure accuracy on the validation images now and then.")
  var measuresAccuracy = false

  func run() throws {
    var request = try options.request()
    request.isValidated = measuresAccuracy
    request.validatesOnTraining = measuresAccuracy
    try TrainingRun(request, screen: DarknetTrainingText(isDetector: false)).run()
  }
}

/// The lines that programs around Darknet read from its output.
///
/// Source: Darknet `detector.c` (`train_detector`), `classifier.c` (`train_classifier`).
final class DarknetTrainingText: TrainingScreen {
  private let isDetector: Bool

  init(isDetector: Bool) { self.isDetector = isDetector }

  func show(_ event: TrainingEvent) {
    switch event {
    case .start(let start):
      standardError(ProgressText.memory(start))
      print(
        "Learning Rate: \(start.hyperparameters["learning_rate"] ?? "?"), Momentum:"
          + " \(start.hyperparameters["momentum"] ?? start.hyperparameters["B1"] ?? "0"), Decay:"
          + " \(start.hyperparameters["decay"] ?? "?")")
    case .iteration(let record): print(line(record))
    case .validation(let record): show(record)
    case .checkpoint(let record):
      for file in record.files where file.hasSuffix(".weights") {
        print("Saving weights to \(file.printable)")
      }
    case .warning(let text, _): standardError(text)
    case .end: break
    }
  }

  private func line(_ record: IterationRecord) -> String {
    let hours = (record.secondsLeft ?? 0) / 3600
    let rest =
      "\(record.loss.text(6)), \(record.averageLoss.text(6)) avg\(isDetector ? " loss" : ""),"
      + " \(record.rate.text(6)) rate, \(record.seconds.text(6)) seconds, \(record.images) images,"
      + " \(hours.text(6)) hours left"
    return isDetector
      ? "\n \(record.iteration): \(rest)"
      : "\(record.iteration), \((record.epoch ?? 0).text(3)): \(rest)"
  }

  private func show(_ record: ValidationRecord) {
    if isDetector {
      print("\n mean_average_precision (mAP@0.50) = \(record.value.text(6)) ")
      if record.isBest { print("New best mAP!") }
    } else {
      print(
        "\n accuracy top1 = \((record.metrics["top1"] ?? 0).text(6)), top5 ="
          + " \((record.metrics["top5"] ?? 0).text(6))")
    }
  }

  func warn(_ text: String) { standardError(text) }
  func clear() {}

  func finish(_ end: TrainingEnd, best: TrainingState.Best?, names: CheckpointNames) {
    if end == .interrupted {
      standardError(
        "interrupted; 'penumbra train CFG DATA --resume' goes on as if it had not been; with"
          + " \(names.weights(.last)) as weights, and without -clear, momentum starts anew")
    } else if let best, isDetector {
      print("\nbest mAP@0.50 = \(best.value.text(6)) at iteration \(best.iteration)")
    }
  }

  /// At once. Where nobody reads it the run goes on; the end of the process says what is missing.
  private func print(_ text: String) { try? StandardOutput.write(text + "\n") }
}
