import ArgumentParser
import Foundation
import Penumbra
import PenumbraCfg
import PenumbraEngine
import PenumbraSupport

/// `penumbra compare`: two traces held against each other, or a precision against fp32.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compares two traces, or a precision with fp32.",
    usage: """
      penumbra compare EXPECTED GOT [OPTIONS]
      penumbra compare CFG WEIGHTS PICTURE... --precision bf16 [OPTIONS]
      penumbra compare CFG WEIGHTS PICTURE... --precision int8 --calibration FILE [OPTIONS]
      """,
    discussion: """
      Of two traces it names the first layer where they part. Each folder holds a trace.json (or a \
      golden expected.json) and may hold outputs.f32; where both do, every value is compared, else \
      the samples. Files that contradict each other are an error, never a comparison of less. \
      Sizes, statistics, boxes and how they were found must agree too; only a golden case may leave \
      out boxes. A value agrees within absolute + relative x max(|expected|, rms of the layer).

      With --precision it runs a network over pictures in fp32 and in that precision. It prints the \
      error of every layer whose numbers differ (the root mean square of the differences, and the \
      largest, as shares of the values' root mean square) and what becomes of the boxes: kept (same \
      class, IoU of at least 0.5), lost, added, and how far they moved. Folders, patterns and lists \
      of pictures as in 'detect'.

      EXAMPLE
        penumbra compare reference-trace blas-trace
        penumbra compare net.cfg net.weights photos/ --precision bf16
      """)

  @Argument(help: "Two folders of traces, or a cfg, its weights and pictures.")
  var arguments: [String]
  @Option(help: "The absolute part of the tolerance.") var absolute = 1e-4
  @Option(help: "The relative part of the tolerance.") var relative = 1e-3
  @OptionGroup(title: "Precision") var numbers: PrecisionOptions
  @OptionGroup var pictures: PictureLimits
  @Option(help: "With --precision: the confidence a box must exceed.") var thresh: Float = 0.25
  @Option(help: "With --precision: the width of the network's input.") var width: Int?
  @Option(help: "With --precision: the height of the network's input.") var height: Int?
  @OptionGroup var cfgs: CfgOptions
  @Flag(help: "Print the result as JSON.") var json = false

  func validate() throws {
    if numbers.precision == .fp32 {
      guard arguments.count == 2 else {
        throw ValidationError(
          "compare takes two folders, or with --precision a network and pictures")
      }
    } else if arguments.count < 3 {
      throw ValidationError("with --precision compare takes CFG WEIGHTS PICTURE...")
    }
    guard (width == nil) == (height == nil) else {
      throw ValidationError("give both --width and --height, or neither")
    }
    guard (0...1).contains(thresh) else {
      throw ValidationError("--thresh is \(thresh), expected 0 to 1")
    }
    for (name, value) in [("--absolute", absolute), ("--relative", relative)]
    where !value.isFinite || value < 0 {
      throw ValidationError("\(name) is \(value), expected 0 or more")
    }
  }

  func run() throws {
    if numbers.precision == .fp32 { try compareTraces() } else { try comparePrecision() }
  }

  private func comparePrecision() throws {
    let (cfg, weights) = (arguments[0], arguments[1])
    try ArgumentOrder.check(cfg: cfg, weights: weights, order: "CFG WEIGHTS PICTURE...")
    let size = width.flatMap { width in height.map { (width: width, height: $0) } }
    let graph = try Graph(cfgs.file(cfg), size: size)
    var options = PlanOptions(backend: BlockedBackend())
    try numbers.apply(to: &options)
    let reader = PictureReader(
      graph: graph, preprocessing: graph.preprocessing(), limits: pictures.limits)
    var comparer = try PrecisionComparer(
      graph, weights: Weights(contentsOf: weights, for: graph), options: options)
    let cursor = try InputList(Array(arguments.dropFirst(2))).makeCursor()
    while let path = cursor.next() {
      let fitted = try reader.read(path).content.get().fitted
      try unsafe comparer.add(fit: fitted.fit, options: DetectionOptions(threshold: thresh)) {
        unsafe _ = $0.update(fromContentsOf: fitted.input.pixels)
      }
    }
    guard comparer.report.images > 0 else {
      throw InputError("there is no picture to compare with", help: "name a folder with some")
    }
    if json {
      try Output.object(comparer.report)
    } else {
      PrecisionText(comparer.report).lines.forEach(Output.line)
    }
  }

  private func compareTraces() throws {
    let (right, checked) = (try TraceFolder(arguments[0]), try TraceFolder(arguments[1]))
    var values: (got: [Float], expected: [Float])?
    switch (try checked.outputs(), try right.outputs()) {
    case (let mine?, let theirs?): values = (mine, theirs)
    case (nil, nil): break
    case (let mine, _):
      standardError(
        "note: \(arguments[mine == nil ? 1 : 0].shownPath) has no outputs.f32; samples are compared alone"
      )
    }
    let (expected, got) = Self.comparable(right, checked)
    let comparison = Comparison(
      got, against: expected, values: values,
      tolerance: Tolerance(absolute: absolute, relative: relative))
    if json {
      try Output.object(comparison)
    } else {
      report(comparison)
    }
    guard comparison.agrees else { throw ExitCode(Failure.Status.thresholdMissed.rawValue) }
  }

  /// Both traces without what only one of them can have: a golden case has no checksum, and boxes only
  /// where its network found some.
  private static func comparable(
    _ right: TraceFolder, _ checked: TraceFolder
  ) -> (expected: PenumbraEngine.Trace, got: PenumbraEngine.Trace) {
    var (expected, got) = (right.trace, checked.trace)
    guard right.isGolden || checked.isGolden else { return (expected, got) }
    (expected.outputsChecksum, got.outputsChecksum) = (nil, nil)
    for (folder, other) in [(right, checked), (checked, right)]
    where folder.isGolden && folder.trace.detections == nil && other.trace.detections != nil {
      standardError(
        "note: \(folder.file.shownPath) has no boxes; those of the other trace are not compared")
      (expected.detections, got.detections) = (nil, nil)
    }
    return (expected, got)
  }

  private func report(_ comparison: Comparison) {
    for difference in comparison.differences {
      let place =
        difference.layer.map { "layer \($0) [\(difference.section ?? "")]" } ?? "the whole"
      Output.line("\(place): \(difference.what)")
    }
    let worst = comparison.worstLayer.map {
      "; worst in layer \($0): \((comparison.worstError * 1000).rounded() / 1000) of the tolerance"
    }
    Output.line(
      "\(comparison.agrees ? "agree" : "differ"): \(comparison.layers) layers,"
        + " \(comparison.comparedValues) values compared\(worst ?? "")")
  }
}

/// What a precision changes, for people.
struct PrecisionText {
  private let report: PrecisionReport

  init(_ report: PrecisionReport) { self.report = report }

  var lines: [String] {
    var text = TextTable([
      ("layer", .right), ("section", .left), ("multiplies", .left), ("error", .right),
      ("largest", .right),
    ])
    for layer in report.layers where layer.error > 0 {
      text.append([
        "\(layer.index)", layer.section, layer.multiplies.rawValue, percent(layer.error),
        percent(layer.largest),
      ])
    }
    let reduced = report.layers.count { $0.multiplies != .fp32 }
    let summary =
      "\(report.precision.rawValue): \(counted(reduced, "convolution")) of"
      + " \(counted(report.layers.count, "layer")), \(counted(report.images, "picture"))"
    return text.lines + [summary] + boxes
  }

  private var boxes: [String] {
    guard let boxes = report.boxes else { return [] }
    return [
      "boxes: \(boxes.expected) in fp32; \(boxes.kept) kept, \(boxes.lost) lost,"
        + " \(boxes.added) added"
        + (boxes.lost + boxes.added > 0
          ? ", at most \(Double(boxes.largestMargin).text(3)) above the threshold" : ""),
      boxes.kept == 0
        ? "moved: no box was compared"
        : "moved: IoU \(boxes.meanIoU.text(4)) on average, \(Double(boxes.leastIoU).text(4)) at least;"
          + " confidence by \(boxes.meanConfidenceChange.text(4)) on average,"
          + " \(Double(boxes.largestConfidenceChange).text(4)) at most",
    ]
  }

  private func percent(_ share: Double) -> String { (100 * share).text(3) + "%" }
}
