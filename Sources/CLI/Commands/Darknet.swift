import ArgumentParser
import Foundation
import Penumbra
import PenumbraData
import PenumbraEngine
import PenumbraImaging
import PenumbraSupport

/// `penumbra detector`: Darknet's own spellings, so that published instructions work.
struct Detector: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Darknet's spelling: detector test DATA CFG WEIGHTS [IMAGE], detector train DATA CFG.",
    discussion: """
      EXAMPLE
        penumbra detector test coco.data yolov4.cfg yolov4.weights dog.jpg
        penumbra detector train obj.data yolo-obj.cfg yolov4.conv.137 -map
      """,
    subcommands: [DetectorTest.self, DetectorTrain.self, DetectorMap.self])
}

/// `penumbra detector test`, as Darknet prints it.
struct DetectorTest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Finds objects as 'darknet detector test' does, with its output.",
    discussion: """
      Without IMAGE, paths are read from stdin, one a line. The picture with boxes
      on it is left in predictions.jpg in the current folder; one that was there
      before is replaced when all paths are read. The orientation noted
      in a photograph is applied, as in a Darknet built with OpenCV. Darknet's options
      may be written with one dash, as there; flags that have no effect here are
      accepted with their values, and a note says why. 'penumbra detect' does more.

      EXAMPLE
        penumbra detector test coco.data yolov4.cfg yolov4.weights dog.jpg \\
          -ext_output -dont_show -thresh .3 -out result.json
      """)

  @OptionGroup var files: DarknetFiles
  @Option(help: "The confidence a box must exceed, 0 to 1.")
  var thresh: Float = 0.25
  @Option(help: "Write the boxes to this file as JSON.", completion: .file())
  var out: String?
  @Flag(name: .customLong("ext_output"), help: "Print where each box is.") var showsBoxes = false
  @Flag(name: .customLong("letter_box"), help: "Keep the picture's proportions.")
  var isLetterboxed = false
  @Flag(
    name: .customLong("save_labels"), help: "Write a label file for training from each picture.")
  var savesLabels = false
  @Flag(help: "With -save_labels: replace label files that exist.") var overwrite = false

  func validate() throws {
    guard (0...1).contains(thresh) else {
      throw ValidationError("-thresh is \(thresh), expected 0 to 1")
    }
  }

  func run() throws {
    let graph = try files.graph()
    let data = try DataSetFile(files.data)
    guard !graph.heads.isEmpty else { throw DetectionError.noHead(network: graph.name) }
    let names = try ClassNames(file: data.requiredFile("names"), classes: graph.classes)
    let preprocessing = Preprocessing.detector(
      .alexeyab, letterBox: isLetterboxed || graph.net.letterBox)
    let reader = PictureReader(
      graph: graph, preprocessing: preprocessing, keepsBitmap: true, limits: files.size.limits)
    let network = try files.network(graph)

    let known = try files.knownPictures(overwrites: savesLabels && overwrite)
    var plan = files.plan(names, known)
    try plan.writes(out)
    try plan.protects(PredictionsSink.path)
    try plan.claims(PredictionsSink.path)
    try plan.prints()
    names.noteUndrawable()
    let text = DarknetText(names: names, heads: graph.headsByDarknetType, showsBoxes: showsBoxes)
    var sinks: [any ResultSink<[Detection]>] = [
      try PrintingSink(text, to: ResultStream()),
      PredictionsSink(names: names, plan: plan, mayBeNamed: known == nil),
    ]
    if let out {
      sinks.insert(InputGuardSink(output: out, plan: plan), at: 0)
      sinks.append(try PrintingSink(DarknetJSON(names: names), to: ResultStream(file: out)))
    }
    if savesLabels {
      sinks.append(
        try LabelSink(
          .training, of: (known ?? []).map(\.path), plan: plan, overwrites: overwrite,
          decimals: 4))
    }
    let options = DetectionOptions(threshold: thresh)
    let run = PictureRun(
      network: network, preprocessing: preprocessing, nextPicture: files.pictures(known, reader),
      listAdvice: files.listAdvice("detector test"))
    try run.run(into: &sinks) { session, index, fit in
      try session.detections(image: index, fit: fit, options: options)
    }
  }
}

extension Graph {
  /// The heads with the numbers Darknet has for their kinds.
  fileprivate var headsByDarknetType: [(layer: Int, type: Int)] {
    heads.compactMap { layer, head in
      switch head {
      case is Yolo: (layer, 28)
      case is GaussianYolo: (layer, 29)
      case is Region: (layer, 27)
      default: nil
      }
    }
  }
}

// MARK: Classifier

/// `penumbra classifier`: Darknet's own spelling.
struct Classifier: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Darknet's spelling: classifier predict DATA CFG WEIGHTS [IMAGE], classifier train.",
    discussion: """
      EXAMPLE
        penumbra classifier predict imagenet1k.data net.cfg net.weights dog.jpg
      """,
    subcommands: [ClassifierPredict.self, ClassifierTrain.self])
}

/// `penumbra classifier predict`, as Darknet prints it.
struct ClassifierPredict: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Classifies as 'darknet classifier predict' does, with its output.",
    discussion: """
      Without IMAGE, paths are read from stdin, one a line. 'penumbra classify' does
      more.

      EXAMPLE
        penumbra classifier predict imagenet1k.data net.cfg net.weights dog.jpg -t 5
      """)

  @OptionGroup var files: DarknetFiles
  @Option(
    name: [.customShort("t"), .long],
    help: "How many classes are named; else 'top' of the .data file, else 1.")
  var top: Int?

  func validate() throws {
    if let top, top < 1 { throw ValidationError("-t is \(top), expected 1 or more") }
  }

  func run() throws {
    let graph = try files.graph()
    let data = try DataSetFile(files.data)
    try graph.requireScores()
    let names = try ClassNames(file: data.requiredFile("names", "labels"), classes: graph.classes)
    let count = max(1, top ?? data["top"].flatMap { Int($0) } ?? 1)
    let preprocessing = Preprocessing.classifier(.alexeyab)
    let reader = PictureReader(
      graph: graph, preprocessing: preprocessing, limits: files.size.limits)
    var sinks: [any ResultSink<[ClassScore]>] = [
      try PrintingSink(DarknetScores(names: names), to: ResultStream())
    ]
    let known = try files.knownPictures()
    var plan = files.plan(names, known)
    try plan.prints()
    let run = PictureRun(
      network: try files.network(graph), preprocessing: preprocessing,
      nextPicture: files.pictures(known, reader), listAdvice: files.listAdvice("classifier predict")
    )
    try run.run(into: &sinks) { session, index, _ in
      Array(try session.scores(image: index).prefix(count))
    }
  }
}
