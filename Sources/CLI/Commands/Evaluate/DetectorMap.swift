import ArgumentParser
import PenumbraData

/// `penumbra detector map`, as Darknet prints it.
struct DetectorMap: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "map",
    abstract: "Judges a detector as 'darknet detector map' does, with its output.",
    discussion: """
      The images are those of the .data file's 'valid' list, or of 'train' where there is no
      'valid', as in Darknet; boxes on what the labels of its 'difficult' list hold count
      for nothing. Options may be written with one
      dash, as in Darknet. 'penumbra evaluate' does more.

      EXAMPLE
        penumbra detector map coco.data yolov4.cfg yolov4.weights -iou_thresh .75
      """)

  @Argument(help: "The .data file.", completion: .file(extensions: ["data"])) var data: String
  @Argument(help: "The cfg file.", completion: .file(extensions: ["cfg"])) var cfg: String
  @Argument(help: "The weights file.", completion: .file(extensions: ["weights"]))
  var weights: String
  @Option(help: "The confidence that boxes exceed in precision, recall and F1.") var thresh = 0.25
  @Option(name: .customLong("iou_thresh"), help: "The overlap that a match exceeds.")
  var iou = 0.5
  @Option(help: "Recalls at which precision is read; 0 for the area below the curve.")
  var points = 0
  @OptionGroup var cfgs: CfgOptions

  private func evaluation() throws -> Evaluate {
    try Evaluate.parse(
      (cfgs.allowsOutside ? ["--allow-outside"] : []) + [
        "--darknet", "--threshold", "\(thresh)", "--iou", "\(iou)", "--points", "\(points)",
        "--part", try part().rawValue, "--", cfg, weights, data,
      ])
  }

  /// The training images where there are no others, as in Darknet.
  private func part() throws -> DataSetPart {
    try ArgumentOrder.check(cfg: cfg, weights: weights, order: "DATA CFG WEIGHTS")
    guard case .data(let file) = try DataLocation(data), try !file.hasValidation else {
      return .valid
    }
    standardError("note: \(data) has no 'valid': the images are those of 'train', as in Darknet")
    return .train
  }

  func validate() throws {
    guard (0...1).contains(thresh) else {
      throw ValidationError("-thresh is \(thresh), expected 0 to 1")
    }
    guard iou > 0, iou <= 1 else {
      throw ValidationError("-iou_thresh is \(iou), expected more than 0, to 1")
    }
    guard points == 0 || (2...10_000).contains(points) else {
      throw ValidationError("-points is \(points), expected 0, or 2 to 10000")
    }
  }

  func run() throws {
    try ArgumentOrder.check(cfg: cfg, weights: weights, order: "DATA CFG WEIGHTS")
    try evaluation().run()
  }
}
