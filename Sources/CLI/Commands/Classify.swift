import ArgumentParser
import Penumbra
import PenumbraEngine
import PenumbraImaging

/// `penumbra classify`: what pictures show.
struct Classify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says which classes pictures show.",
    usage: """
      penumbra classify CFG WEIGHTS INPUT... [OPTIONS]
      penumbra classify CFG --weights-seed N INPUT... [OPTIONS]
      """,
    discussion: """
      EXAMPLES
        penumbra classify darknet19.cfg darknet19.weights dog.jpg --top 3
        penumbra classify net.cfg net.weights photos/ --format csv

      FORMATS
        text   for people; the default
        json   {"images": [...]}, each with path, width, height, preset,
               preprocessing, milliseconds (of the forward pass) and classes:
               class_id, name, score, the best first. A picture that could not be
               read has error instead.
        jsonl  the same, a picture a line, as soon as it is done
        csv    path, rank, class_id, name, score, error

      With --out FILE the results are in FILE when the run is over, whole; on stdout
      text, jsonl and csv come in whole lines, picture by picture.

      A picture is scaled and its middle cut out (--preset alexeyab), or it is
      letterboxed (pjreddie). A picture that cannot be read does not end the run;
      the exit status is 65 then, or 66 when all that failed were missing.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, jsonl, csv
  }

  @OptionGroup var files: NetworkAndPictures
  @OptionGroup(title: "Pictures") var pictures: PictureOptions
  @OptionGroup(title: "Run") var execution: RunOptions

  @Option(name: [.long, .customShort("t")], help: "How many classes are named.") var top = 5
  @Option(help: "How results are printed.") var format: Format?
  @Flag(help: "Short for --format json.") var json = false
  @Option(help: "Print results to this file instead of stdout.", completion: .file())
  var out: String?

  func validate() throws {
    if json, let format, format != .json {
      throw ValidationError("--json means --format json; give one of the two")
    }
    guard top >= 1 else { throw ValidationError("--top is \(top), expected 1 or more") }
  }

  func run() throws {
    let inputs = try files.inputList()
    let graph = try files.graph(execution)
    try graph.requireScores()
    let names = try files.names(pictures, classes: graph.classes)
    var plan = files.plan(inputs, pictures, execution, names: names)
    try plan.writes(out)
    if out == nil { try plan.prints() }
    let preprocessing = Preprocessing.classifier(pictures.preset, orientation: pictures.exif)
    let (reader, cursor) = (
      PictureReader(
        graph: graph, preprocessing: preprocessing, limits: pictures.size.limits),
      inputs.makeCursor()
    )
    let prefetcher = Prefetcher(depth: pictures.batch + 1) { cursor.next().map(reader.read) }
    defer { prefetcher.stop() }

    let planOptions = try execution.planOptions(
      batch: min(pictures.batch, inputs.count ?? pictures.batch))
    let network = try Network(
      graph: graph, weights: files.load(for: graph, planOptions), options: planOptions)
    PackCacheOptions.report(network.plan)
    var sinks: [any ResultSink<[ClassScore]>] = [
      try PrintingSink(printed(names), to: ResultStream(file: out))
    ]
    if let out { sinks.insert(InputGuardSink(output: out, plan: plan), at: 0) }
    let run = PictureRun(
      network: network, preprocessing: preprocessing, nextPicture: prefetcher.next,
      total: inputs.count)
    try run.run(into: &sinks) { session, index, _ in
      Array(try session.scores(image: index).prefix(top))
    }
  }

  private func printed(_ names: ClassNames) -> any ResultFormat<[ClassScore]> {
    switch format ?? (json ? .json : .text) {
    case .text: ScoreText(names: names)
    case .csv: ScoreCSV(names: names)
    case .json, .jsonl:
      JSONFormat(isLines: format == .jsonl, key: "classes") { (scores: [ClassScore]) in
        scores.map { ScoreRecord($0, names) }
      }
    }
  }
}

extension Graph {
  /// - Throws: `DetectionError.noScores` for a detector, before any picture is read.
  func requireScores() throws(DetectionError) {
    guard heads.isEmpty else {
      throw .noScores(network: name, section: nodes[outputLayer].name)
    }
  }
}
