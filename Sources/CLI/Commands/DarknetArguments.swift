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

  func graph() throws -> Graph {
    try FileKind.check(cfg: cfg, weights: weights, order: "DATA CFG WEIGHTS [IMAGE]")
    return try Graph(CfgFile(contentsOf: cfg))
  }

  func network(_ graph: Graph) throws -> Network {
    try Network(graph: graph, weights: Weights(contentsOf: weights, for: graph))
  }

  /// Gives the one picture, or asks for paths as Darknet does until stdin ends.
  func pictures(_ reader: PictureReader) -> () -> Picture? {
    var image = image
    let isAsking = image == nil
    return {
      if isAsking {
        try? ResultStream().write("Enter Image Path: ")
        return nextInputLine().map(reader.read)
      }
      defer { image = nil }
      return image.map(reader.read)
    }
  }
}

/// What published instructions give Darknet and has nothing to act on here.
struct DarknetIgnored: ParsableArguments {
  @Flag(name: .darknet("dont_show"), help: "No window is ever opened.") var noWindow = false
  @Flag(name: .darknet("show"), help: "No window is ever opened.") var window = false
  @Flag(name: .darknet("nogpu"), help: "Everything runs on the CPU.") var noGPU = false
  @Flag(name: .darknet("benchmark"), help: "Use 'penumbra bench'.") var benchmark = false
  @Flag(name: .darknet("benchmark_layers"), help: "Use 'penumbra bench --layers'.")
  var benchmarkLayers = false
  @Option(name: .customShort("i"), help: "The number of a GPU.") var gpu: Int?
  @Option(name: .darknet("gpus"), help: "The numbers of GPUs.") var gpus: String?
  @Option(name: .darknet("hier"), help: "The threshold in a class hierarchy.")
  var hierarchy: Float?
  @Option(name: .darknet("json_port"), help: "Nothing is served.") var jsonPort: Int?
  @Option(name: .darknet("http_port"), help: "Nothing is served.") var httpPort: Int?

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

extension NameSpecification {
  /// `-name` as in Darknet, and `--name`.
  static func darknet(_ name: String) -> NameSpecification {
    [.customLong(name, withSingleDash: true), .customLong(name)]
  }
}

// MARK: Not here yet

/// A command of Darknet that has no counterpart yet: whatever it is given, it says so.
protocol MissingCommand: ParsableCommand {
  static var missing: String { get }
}

extension MissingCommand {
  static func configuration(_ name: String) -> CommandConfiguration {
    CommandConfiguration(commandName: name, abstract: "Not here yet.", shouldDisplay: false)
  }

  func validate() throws { throw ValidationError("'\(Self.missing)' is not here yet") }
}

struct DetectorMap: MissingCommand {
  static let missing = "detector map"
  static let configuration = configuration("map")
  @Argument(parsing: .captureForPassthrough) var rest: [String] = []
}

struct DetectorValid: MissingCommand {
  static let missing = "detector valid"
  static let configuration = configuration("valid")
  @Argument(parsing: .captureForPassthrough) var rest: [String] = []
}

struct DetectorTrain: MissingCommand {
  static let missing = "detector train"
  static let configuration = configuration("train")
  @Argument(parsing: .captureForPassthrough) var rest: [String] = []
}

struct ClassifierValid: MissingCommand {
  static let missing = "classifier valid"
  static let configuration = configuration("valid")
  @Argument(parsing: .captureForPassthrough) var rest: [String] = []
}

struct ClassifierTrain: MissingCommand {
  static let missing = "classifier train"
  static let configuration = configuration("train")
  @Argument(parsing: .captureForPassthrough) var rest: [String] = []
}
