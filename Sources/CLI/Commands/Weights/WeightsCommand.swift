import ArgumentParser
import PenumbraCfg
import PenumbraEngine
import PenumbraSupport

/// `penumbra weights`: what a weights file holds, whether it fits, and files made from it.
struct WeightsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "weights",
    abstract: "Checks, lists, cuts and makes weights files.",
    discussion: """
      With a FILE (or --seed): where each tensor stands, its statistics, and what is wrong with it. \
      Without: where each tensor belongs. A file of the wrong size is an error that says where it \
      ends and what would fit.

      Flags: NaN, infinity, negative variance; 'zero filters' lists filters whose every weight is 0, \
      which is suspicious but no error. --check makes NaN, infinity and negative variances exit \
      with status 1.

      --out writes a file instead: the same bytes again, the first layers (--upto, as Darknet's \
      'partial'), or seeded numbers. It appears whole or not at all.

      --json prints one object: cfg, file, header (major, minor, revision, seen, iteration, bytes, \
      transposed), expected_bytes, found_bytes, fits, floats, layers_held, tensors[] (layer, \
      section, tensor, offset, count, and mean, rms, deviation, min, max, nans, infinities, \
      negative_variances, zero_filters[]); of a file that does not fit cfg, file, fits, \
      expected_bytes, found_bytes, error and help.

      EXAMPLE
        penumbra weights yolov4-tiny.cfg yolov4-tiny.weights
        penumbra weights yolov4.cfg yolov4.weights --upto 137 --out yolov4.conv.137
      """)

  @Argument(help: "The cfg file.") var cfg: String
  @Argument(help: "The weights file.") var file: String?
  @Option(help: "Make up the numbers from this seed (0 to 2^64 - 1).") var seed: UInt64?
  @Option(help: "The file to write.") var out: String?
  @Option(help: "Write the first layers alone: 137 for layers 0 to 136.") var upto: Int?
  @Flag(help: "Accept a file that ends after some layer, such as yolov4.conv.137.")
  var partial = false
  @Flag(help: "Exit with status 1 when a number is NaN or infinite, or a variance below 0.")
  var check = false
  @OptionGroup var cfgs: CfgOptions
  @Flag(help: "Print the result as JSON.") var json = false

  func validate() throws {
    if file != nil, seed != nil { throw ValidationError("give FILE or --seed, not both") }
    if out != nil, file == nil, seed == nil {
      throw ValidationError("--out needs numbers to write: give FILE or --seed")
    }
    if upto != nil, out == nil { throw ValidationError("--upto needs --out") }
    if partial, file == nil { throw ValidationError("--partial needs FILE") }
    if check, file == nil, seed == nil { throw ValidationError("--check needs FILE") }
    if json, out != nil { throw ValidationError("--json and --out do not go together") }
  }

  func run() throws {
    var files = OutputPlan()
    files.reads(cfg: cfg, cfgs)
    files.reads(file, as: "the weights file")
    try files.writes(out)
    if out == nil { try files.prints() }
    let graph = try Graph(cfgs.file(cfg))
    if let upto, !(0...graph.nodes.count).contains(upto) {
      throw InputError(
        "--upto is \(upto), but \(cfg) has \(graph.nodes.count) layers",
        help: "use 0 to \(graph.nodes.count)")
    }
    if seed != nil { try Plan.checkWeights(of: graph, PlanOptions()) }
    let weights: Weights?
    do throws(WeightsError) {
      weights = try load(graph)
    } catch {
      if json, let misfit = WeightsMisfit(error, cfg: cfg) { try Output.object(misfit) }
      throw error
    }
    if let out, let weights { return try write(weights, graph, to: out) }
    let report = WeightsReport(graph, weights)
    try weights?.checkUnchanged()
    if json {
      try Output.object(report)
    } else {
      report.lines.forEach(Output.line)
    }
    if check, report.isBroken { throw ExitCode(Failure.Status.thresholdMissed.rawValue) }
  }

  private func load(_ graph: Graph) throws(WeightsError) -> Weights? {
    if let file {
      do throws(WeightsError) {
        return try Weights(contentsOf: file, for: graph, allowsPartial: partial)
      } catch {
        // Layers before the heads are the same for any number of classes.
        guard let upto, error.isOfOtherClasses, upto <= graph.layersBeforeHeads else { throw error }
        return try Weights(contentsOf: file, for: graph, upTo: upto)
      }
    }
    if let seed { return try Weights(seed: seed, for: graph) }
    return nil
  }

  private func write(_ weights: Weights, _ graph: Graph, to path: String) throws {
    let held = weights.loadedLayers
    let layers = upto ?? (held < graph.nodes.count ? held : nil)
    if let upto, upto > held, weights.layout.count(upTo: held) < weights.layout.count(upTo: upto) {
      throw InputError(
        "--upto is \(upto), but \(weights.origin) holds \(held) layers",
        help: "use --upto \(held) or less")
    }
    try weights.write(to: path, upTo: layers)
    let floats = weights.layout.count(upTo: layers ?? .max)
    standardError(
      "\(weights.header.byteCount + 4 * floats) bytes written to \(path.shownPath):"
        + " \(counted(layers ?? graph.nodes.count, "layer")), \(counted(floats, "number"))")
  }
}
