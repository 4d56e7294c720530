public import ArgumentParser
import Penumbra
public import PenumbraEngine
import PenumbraImaging
import PenumbraSupport

/// `penumbra detect`: objects in pictures.
struct Detect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Finds objects in pictures.",
    usage: """
      penumbra detect CFG WEIGHTS INPUT... [OPTIONS]
      penumbra detect CFG --weights-seed N INPUT... [OPTIONS]
      """,
    discussion: """
      EXAMPLES
        penumbra detect yolov4-tiny.cfg yolov4-tiny.weights street.jpg
        penumbra detect net.cfg net.weights photos/ --annotate out --json
        find . -name '*.png' | penumbra detect net.cfg net.weights -

      FORMATS
        text     for people; the default
        json     {"images": [...]}, each with path, width, height, preset,
                 preprocessing, milliseconds (of the forward pass) and detections:
                 class_id, name, confidence and box, whose x and y are the left and
                 upper edge; box counts pixels of the picture and may reach beyond
                 it. A picture that could not be read has error instead.
        jsonl    the same, a picture a line, as soon as it is done
        darknet  the file of Darknet's 'detector test -out': centers and sizes, as
                 shares of the picture
        coco     a COCO results file; image_id is the number the file's name starts
                 with; 80 classes get COCO's category numbers, others keep theirs
        csv      path, image_width, image_height, class_id, name, confidence, x, y,
                 width, height, error
        yolo     a .txt next to each picture or in --out-dir: class, center x and y,
                 width, height as shares

      With --out FILE the results are in FILE when the run is over, whole; on stdout
      text, jsonl and csv come in whole lines, picture by picture. Files that exist
      are in the way of --annotate and --format yolo, unless --overwrite is given;
      then all paths on stdin are read before the first picture. No result replaces
      a file that the run reads.

      Results go to stdout, everything else to stderr. A picture that cannot be
      read does not end the run; the exit status is 65 then, or 66 when all that
      failed were missing. Darknet's -thresh, -nms and -out are understood; for its
      other flags a note says why they have no effect. Classes whose names begin
      with dont_show are left out of all formats but coco and yolo, as in Darknet.
      In csv a field that begins with = + - @ or a tab gets an apostrophe before
      it. A byte of a file's name that is not UTF-8 is written \\xE9 in text, and as
      the character U+10F700 + byte in the other formats.
      'penumbra --generate-completion-script bash' (or zsh, fish) prints what a
      shell needs to complete options.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json, jsonl, darknet, coco, yolo, csv
  }

  @OptionGroup var files: NetworkAndPictures
  @OptionGroup(title: "Pictures") var pictures: PictureOptions
  @OptionGroup(title: "Boxes") var boxes: BoxOptions
  @OptionGroup(title: "Run") var execution: RunOptions

  @Option(help: "How results are printed.") var format: Format?
  @Flag(help: "Short for --format json.") var json = false
  @Option(help: "Print results to this file instead of stdout.", completion: .file())
  var out: String?
  @Option(
    name: .customLong("out-dir"), help: "The folder for --format yolo; made when missing.",
    completion: .directory)
  var outFolder: String?
  @Option(
    help: "Write the pictures with boxes on them to this folder; made when missing.",
    completion: .directory)
  var annotate: String?
  @Flag(help: "Replace label files and annotated pictures that exist.") var overwrite = false

  func validate() throws {
    if json, let format, format != .json {
      throw ValidationError("--json means --format json; give one of the two")
    }
    if outFolder != nil, formatInForce != .yolo {
      throw ValidationError("--out-dir is for --format yolo; use --out FILE")
    }
    if overwrite, annotate == nil, formatInForce != .yolo {
      throw ValidationError("--overwrite is for --annotate and --format yolo")
    }
    if out != nil, formatInForce == .yolo {
      throw ValidationError("--format yolo writes a file a picture; use --out-dir DIR")
    }
  }

  private var formatInForce: Format { format ?? (json ? .json : .text) }

  func run() throws {
    let inputs = try files.inputList(overwrites: overwrite)
    let graph = try files.graph(execution)
    guard !graph.heads.isEmpty else { throw DetectionError.noHead(network: graph.name) }
    let names = try files.names(pictures, classes: graph.classes)
    var plan = files.plan(inputs, pictures, execution, names: names)
    try plan.writes(out)
    if out == nil, formatInForce != .yolo { try plan.prints() }
    var sinks = try sinks(inputs, names, plan)
    if let out { sinks.insert(InputGuardSink(output: out, plan: plan), at: 0) }
    let preprocessing = graph.preprocessing(preset: pictures.preset, orientation: pictures.exif)
    let (reader, cursor) = (
      PictureReader(
        graph: graph, preprocessing: preprocessing, keepsBitmap: annotate != nil,
        limits: pictures.size.limits),
      inputs.makeCursor()
    )
    // Reading begins while the weights are still being prepared.
    let prefetcher = Prefetcher(depth: pictures.batch + 1) { cursor.next().map(reader.read) }
    defer { prefetcher.stop() }

    let batch = min(pictures.batch, inputs.count ?? pictures.batch)
    let planOptions = try execution.planOptions(batch: batch)
    let network = try Network(
      graph: graph, weights: files.load(for: graph, planOptions), options: planOptions)
    PackCacheOptions.report(network.plan)
    let options = boxes.options(for: graph)
    let hidden = hiddenClasses(names)
    let run = PictureRun(
      network: network, preprocessing: preprocessing, nextPicture: prefetcher.next,
      total: inputs.count)
    try run.run(into: &sinks) { session, index, fit in
      try session.detections(image: index, fit: fit, options: options)
        .filter { !hidden.contains($0.classIndex) }
    }
  }

  /// The classes that are not shown, as in Darknet: it has them in files for training and for COCO.
  private func hiddenClasses(_ names: ClassNames) -> Set<Int> {
    guard ![.coco, .yolo].contains(formatInForce) else { return [] }
    let hidden = Set((0..<names.count).filter(names.isHidden))
    if !hidden.isEmpty {
      let shown = hidden.sorted().map { names.shown($0).quotable }.prefix(5)
      standardError(
        "note: classes whose names begin with dont_show are not shown, as in Darknet:"
          + " \(shown.joined(separator: ", "))\(hidden.count > 5 ? ", …" : "")")
    }
    return hidden
  }

  private func sinks(
    _ inputs: InputList, _ names: ClassNames, _ plan: OutputPlan
  ) throws -> [any ResultSink<[Detection]>] {
    var sinks: [any ResultSink<[Detection]>] = []
    if let annotate {
      names.noteUndrawable()
      sinks.append(
        try AnnotatingSink(
          folder: annotate, pictures: inputs.knownPaths, names: names, plan: plan,
          overwrites: overwrite))
    }
    if let printed = printed(names) {
      sinks.append(try PrintingSink(printed, to: ResultStream(file: out)))
    } else {
      sinks.append(
        try LabelSink(
          outFolder.map { .folder($0) } ?? .beside, of: inputs.knownPaths, plan: plan,
          overwrites: overwrite))
    }
    if formatInForce == .coco {
      let numbers = inputs.knownPaths.map(COCOResults.imageID)
      if Set(numbers).count < numbers.count {
        standardError(
          "warning: some pictures have the same image_id, because their names do not start with"
            + " different numbers")
      }
    }
    return sinks
  }

  /// Nil for the format that is not printed.
  private func printed(_ names: ClassNames) -> (any ResultFormat<[Detection]>)? {
    switch formatInForce {
    case .text: DetectionText(names: names)
    case .json, .jsonl:
      JSONFormat(isLines: formatInForce == .jsonl, key: "detections") { (found: [Detection]) in
        found.map { DetectionRecord($0, names) }
      }
    case .darknet: DarknetJSON(names: names)
    case .coco: COCOResults(classes: names.count)
    case .csv: DetectionCSV(names: names)
    case .yolo: nil
    }
  }
}

/// Which boxes count as found.
struct BoxOptions: ParsableArguments {
  @Option(help: "The confidence a box must exceed, 0 to 1.") var thresh: Float = 0.25
  @Option(
    help: "The overlap above which the less confident of two boxes is dropped, 0 to 1.")
  var nms: Float = 0.45
  @Option(
    name: .customLong("nms-kind"),
    help: "How overlap is measured, in place of what the cfg says.")
  var nmsKind: Suppression.Kind?
  @Flag(
    name: .customLong("class-agnostic"),
    help: "Let boxes of different classes suppress each other.")
  var isClassAgnostic = false
  @Option(
    name: .customLong("max-detections"), help: "The most boxes of a picture; all by default.")
  var limit: Int?

  func validate() throws {
    for (name, value) in [("--thresh", thresh), ("--nms", nms)] where !(0...1).contains(value) {
      throw ValidationError("\(name) is \(value), expected 0 to 1")
    }
    if let limit, limit < 1 {
      throw ValidationError("--max-detections is \(limit), expected 1 or more")
    }
  }

  func options(for graph: Graph) -> DetectionOptions {
    DetectionOptions(
      threshold: thresh, overlap: nms, isClassAgnostic: isClassAgnostic, limit: limit,
      suppression: nmsKind.map { Suppression(kind: $0, beta: graph.suppression.beta) })
  }
}

extension Suppression.Kind: ExpressibleByArgument {}
