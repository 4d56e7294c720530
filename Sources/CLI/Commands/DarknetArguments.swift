import ArgumentParser
import Penumbra
import PenumbraEngine

/// `DATA CFG WEIGHTS [IMAGE]`, the order Darknet has for everything.
struct DarknetFiles: ParsableArguments {
  @Argument(help: "The .data file.", completion: .file(extensions: ["data"])) var data: String
  @Argument(help: "The cfg file.", completion: .file(extensions: ["cfg"])) var cfg: String
  @Argument(help: "The weights file.", completion: .file(extensions: ["weights"]))
  var weights: String
  @Argument(help: "A picture; without it paths are read from stdin.", completion: .file())
  var image: String?
  @OptionGroup var cfgs: CfgOptions
  @OptionGroup var size: PictureLimits

  func graph() throws -> Graph {
    try ArgumentOrder.check(cfg: cfg, weights: weights, order: "DATA CFG WEIGHTS [IMAGE]")
    return try Graph(cfgs.file(cfg))
  }

  func network(_ graph: Graph) throws -> Network {
    try Network(graph: graph, weights: Weights(contentsOf: weights, for: graph))
  }

  /// What a run reads.
  func plan(_ names: ClassNames) -> OutputPlan {
    var plan = OutputPlan()
    plan.reads(cfg, as: "the cfg file")
    plan.reads(weights, as: "the weights file")
    plan.reads(data, as: "the .data file")
    plan.reads(names.file, as: "the file of class names")
    plan.reads(image, as: "a picture")
    return plan
  }

  /// Gives the one picture, or asks for paths as Darknet does until stdin ends.
  func pictures(_ reader: PictureReader) -> () -> Picture? {
    var image = image
    let isAsking = image == nil
    return {
      if isAsking {
        try? ResultStream().write("Enter Image Path: ")
        return nextInputLine().map { reader.read(.found($0)) }
      }
      defer { image = nil }
      return image.map { reader.read(.named($0)) }
    }
  }
}

/// What published instructions give Darknet and has nothing to act on here.
struct DarknetIgnored: ParsableArguments {
  @Flag(name: .customLong("dont_show"), help: "No window is ever opened.") var noWindow = false
  @Flag(name: .customLong("show"), help: "No window is ever opened.") var window = false
  @Flag(name: .customLong("nogpu"), help: "Everything runs on the CPU.") var noGPU = false
  @Flag(name: .customLong("benchmark"), help: "Use 'penumbra bench'.") var benchmark = false
  @Flag(name: .customLong("benchmark_layers"), help: "Use 'penumbra bench --layers'.")
  var benchmarkLayers = false
  @Option(name: .customShort("i"), help: "The number of a GPU.") var gpu: Int?
  @Option(name: .customLong("gpus"), help: "The numbers of GPUs.") var gpus: String?
  @Option(name: .customLong("hier"), help: "The threshold in a class hierarchy.")
  var hierarchy: Float?
  @Option(name: .customLong("json_port"), help: "Nothing is served.") var jsonPort: Int?
  @Option(name: .customLong("http_port"), help: "Nothing is served.") var httpPort: Int?

  /// Says which of the options given have no effect; those about windows and GPUs need no word.
  func mention() {
    let given: [(String, Bool)] = [
      ("-show", window), ("-benchmark", benchmark), ("-benchmark_layers", benchmarkLayers),
      ("-gpus", gpus != nil), ("-i", gpu != nil && gpu != 0), ("-hier", hierarchy != nil),
      ("-json_port", jsonPort != nil), ("-http_port", httpPort != nil), ("-nogpu", noGPU),
      ("-dont_show", noWindow),
    ]
    let names = given.filter(\.1).map(\.0)
    if !names.isEmpty {
      standardError("note: no effect here: \(names.joined(separator: ", "))")
    }
  }
}

/// Darknet's long options have one dash. The argument parser would take `-thresh` for `-t -h …`, and
/// show its help after the slightest mistake, so they get their second dash before it sees them.
enum DarknetSpelling {
  private static let commands: Set = ["detect", "classify", "detector", "classifier"]
  private static let options: Set = [
    "-thresh", "-nms", "-out", "-top", "-ext_output", "-letter_box", "-save_labels", "-dont_show",
    "-show", "-nogpu", "-benchmark", "-benchmark_layers", "-gpus", "-hier", "-json_port",
    "-http_port", "-map", "-clear", "-mAP_epochs", "-chart", "-mjpeg_port", "-seed", "-topk",
    "-iou_thresh", "-points",
  ]

  /// The arguments in the spelling of the argument parser, up to `--`.
  static func corrected(_ arguments: [String]) -> [String] {
    guard let command = arguments.first, commands.contains(command) else { return arguments }
    let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
    return arguments[..<end].map { options.contains($0) ? "-" + $0 : $0 } + arguments[end...]
  }
}

// MARK: Not here yet

/// Darknet's other commands for detectors: whatever they are given, they say so.
struct DetectorMissing: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "valid", shouldDisplay: false, aliases: ["recall", "demo", "calc_anchors"])
  @Argument(parsing: .allUnrecognized) var rest: [String] = []

  func validate() throws {
    throw ValidationError(
      "of Darknet's 'detector' commands 'test', 'train' and 'map' are here so far")
  }
}

/// The same for classifiers.
struct ClassifierMissing: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "valid", shouldDisplay: false, aliases: ["demo", "test", "try"])
  @Argument(parsing: .allUnrecognized) var rest: [String] = []

  func validate() throws {
    throw ValidationError(
      "of Darknet's 'classifier' commands 'predict' and 'train' are here so far")
  }
}
