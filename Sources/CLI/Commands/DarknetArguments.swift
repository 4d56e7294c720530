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

  /// The pictures, as far as they are known before the run.
  ///
  /// - Parameter overwrites: whether results of the run replace files, so that all of stdin is read.
  func knownPictures(overwrites: Bool = false) throws(FileError) -> [PicturePath]? {
    if let image { return [.named(image)] }
    guard overwrites || StandardOutput.isAdded else { return nil }
    return try InputLines.rest().map { .found($0) }
  }

  /// What a run reads.
  func plan(_ names: ClassNames, _ known: [PicturePath]?) -> OutputPlan {
    var plan = OutputPlan()
    plan.reads(cfg: cfg, cfgs)
    if image == nil { plan.readsStandardInput() }
    plan.reads(weights, as: "the weights file")
    plan.reads(data, as: "the .data file")
    plan.reads(names.file, as: "the file of class names")
    plan.reads((known ?? []).map(\.path), as: "a picture")
    return plan
  }

  /// What to type for a list of pictures: Darknet reads one from stdin.
  func listAdvice(_ command: String) -> @Sendable (String) -> String {
    let line = [data, cfg, weights].map(\.shellQuoted).joined(separator: " ")
    return { list in
      "for a list of pictures write: penumbra \(command) \(line) < \(list.shellQuoted)"
    }
  }

  /// Gives the pictures that are known, or asks for paths as Darknet does until stdin ends.
  func pictures(_ known: [PicturePath]?, _ reader: PictureReader) -> () -> Picture? {
    var rest = known.map { $0[...] }
    let isAsking = image == nil
    return {
      if isAsking { try? ResultStream().write("Enter Image Path: ") }
      let next = rest == nil ? InputLines.next().map { .found($0) } : rest?.popFirst()
      return next.map(reader.read)
    }
  }
}
