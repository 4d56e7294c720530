import ArgumentParser
import Penumbra
import PenumbraEngine
import PenumbraSupport

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
    plan.reads(cfg: cfg, cfgs)
    if image == nil { plan.readsStandardInput() }
    plan.reads(weights, as: "the weights file")
    plan.reads(data, as: "the .data file")
    plan.reads(names.file, as: "the file of class names")
    plan.reads(image, as: "a picture")
    return plan
  }

  /// What to type for a list of pictures: Darknet reads one from stdin.
  func listAdvice(_ command: String) -> @Sendable (String) -> String {
    let line = [data, cfg, weights].map(\.shellQuoted).joined(separator: " ")
    return { list in
      "for a list of pictures write: penumbra \(command) \(line) < \(list.shellQuoted)"
    }
  }

  /// Gives the one picture, or asks for paths as Darknet does until stdin ends.
  func pictures(_ reader: PictureReader) -> () -> Picture? {
    var image = image
    let isAsking = image == nil
    var lines = InputLines()
    return {
      if isAsking {
        try? ResultStream().write("Enter Image Path: ")
        return lines.next().map { reader.read(.found($0)) }
      }
      defer { image = nil }
      return image.map { reader.read(.named($0)) }
    }
  }
}
