public import PenumbraSupport

/// The page of a run: one HTML file with everything in it, rewritten while the run goes on.
public struct ReportPage: Sendable {
  /// Of the cfg.
  public let name: String
  private var history = TrainingHistory()
  private var gallery = SampleGallery()
  /// Seconds after which a browser loads the page again while the run goes on.
  private static let refreshSeconds = 10

  public init(name: String) { self.name = name }

  public mutating func note(_ event: TrainingEvent) { history.note(event) }

  /// Adds what the network sees at a validation.
  public mutating func note(_ pictures: [SamplePicture]) { gallery.add(pictures) }

  /// Writes the page whole or not at all.
  public func write(to path: String) throws(WriteError) {
    let bytes = Array(html.utf8)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 1)
    defer { buffer.deallocate() }
    buffer.copyBytes(from: bytes)
    let file = try AtomicFile(path)
    try file.write(UnsafeRawBufferPointer(buffer))
    try file.commit()
  }

  /// Whether a file is the page of a run, or empty.
  public static func isPage(_ path: String) -> Bool {
    guard let start = fileStart(path, 1 << 16) else { return false }
    return start.isEmpty
      || String(decoding: start, as: UTF8.self).contains("<p class=\"status\">")
  }

  public var html: String {
    let refresh =
      history.end == nil
      ? "<meta http-equiv=\"refresh\" content=\"\(Self.refreshSeconds)\">\n" : ""
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      \(refresh)<title>\(name.xmlEscaped): \(statusText.xmlEscaped)</title>
      <style>
      \(ReportStyle.css)
      </style>
      </head>
      <body>
      <header><h1>\(name.xmlEscaped)</h1><p class="status">\(statusText.xmlEscaped)</p></header>
      \(progressBar)
      <section class="facts">\(facts)</section>
      \(warnings)
      <section class="charts">
      \(charts.compactMap(\.card).joined(separator: "\n"))
      </section>
      \(classTable)
      \(gallery.html)
      \(tables)
      </body>
      </html>

      """
  }

  // MARK: Head

  private var statusText: String {
    switch history.end {
    case nil: history.start == nil ? "starting" : "training"
    case .finished?: "finished"
    case .interrupted?: "interrupted"
    case .stoppedEarly?: "stopped early: no better for a while"
    case .outOfTime?: "stopped: its time was over"
    case .failed?: "failed"
    }
  }

  private var progressBar: String {
    guard let last = history.last, let end = history.start?.iterations, end > 0 else { return "" }
    let share = fixed(100 * Double(last.iteration) / Double(end), 1)
    return """
      <div class="bar" role="progressbar" aria-valuenow="\(share)" aria-valuemin="0" \
      aria-valuemax="100"><div style="width:\(share)%"></div></div>
      """
  }

  private var facts: String {
    var facts: [(String, String)] = []
    if let last = history.last {
      let end = history.start?.iterations.map { " of \($0)" } ?? ""
      facts.append(("iteration", "\(last.iteration)\(end)"))
      facts.append(("loss", significant(last.averageLoss, 4)))
      if let epoch = last.epoch { facts.append(("epoch", fixed(epoch, 1))) }
      facts.append(("images a second", fixed(last.imagesPerSecond, 1)))
      facts.append(("trained", clockText(history.seconds)))
      if history.end == nil, let left = last.secondsLeft {
        facts.append(("left", clockText(left)))
      }
    }
    if let shown = history.best ?? history.validations.last {
      let word = history.best == nil ? "last" : "best"
      facts.append(
        ("\(word) \(shown.decisive)", fixed(shown.value, 4) + " at \(shown.iteration)"))
    }
    return facts.map { "<div><b>\($0.1.xmlEscaped)</b><span>\($0.0.xmlEscaped)</span></div>" }
      .joined()
  }

  private var warnings: String {
    guard !history.warnings.isEmpty else { return "" }
    let shown = history.warnings.suffix(20).map { warning in
      "<li>iteration \(warning.iteration): \(warning.text.xmlEscaped)</li>"
    }
    return "<section class=\"warnings\"><h2>Warnings</h2><ul>\(shown.joined())</ul></section>"
  }

  // MARK: Curves

  private var charts: [Chart] {
    let end = history.start?.iterations
    func chart(_ title: String, _ lines: [Chart.Line], includes: [Double] = []) -> Chart {
      Chart(title, lines, until: end, includes: includes)
    }
    var charts = [
      chart(
        "Loss",
        [
          Chart.Line(name: "each iteration", color: 6, series: history.loss, showsRange: true),
          Chart.Line(name: "running average", color: 1, series: history.averageLoss),
        ])
    ]
    let hasBoxes = history.box.buckets.contains { $0.mean != 0 }
    if hasBoxes {
      charts.append(
        chart(
          "Parts of the loss",
          [
            Chart.Line(name: "box", color: 1, series: history.box),
            Chart.Line(name: "objectness", color: 2, series: history.objectness),
            Chart.Line(name: "class", color: 3, series: history.classification),
          ]))
    }
    charts += metricCharts(chart)
    if !history.overlap.isEmpty {
      charts.append(
        chart(
          "IoU of the boxes that learn",
          [Chart.Line(name: "mean IoU", color: 4, series: history.overlap)]))
    }
    charts.append(
      chart("Learning rate", [Chart.Line(name: "rate", color: 5, series: history.rate)]))
    charts.append(
      chart(
        "Speed",
        [Chart.Line(name: "images a second", color: 4, series: history.imagesPerSecond)],
        includes: [0]))
    return charts
  }

  private static let families: [(title: String, metrics: [String])] = [
    ("Mean average precision", ["map50", "map75", "map"]),
    ("Precision and recall", ["precision", "recall", "f1"]),
    ("Accuracy", ["top1", "top5"]),
  ]

  private func metricCharts(
    _ chart: (String, [Chart.Line], [Double]) -> Chart
  ) -> [Chart] {
    Self.families.map { family in
      let lines = family.metrics.enumerated().compactMap { index, name in
        history.metrics[name].map {
          Chart.Line(name: name, color: index + 1, series: $0, isMarked: true)
        }
      }
      return chart(family.title, lines, lines.isEmpty ? [] : [0, 1])
    }
  }

  // MARK: Tables

  private var classTable: String {
    guard let last = history.validations.last, !last.classes.isEmpty else { return "" }
    let names = Set(last.classes.flatMap { $0.metrics.keys }).sorted()
    let head = (["class"] + names).map { "<th>\($0.xmlEscaped)</th>" }.joined()
    let rows = last.classes.map { row in
      "<tr><td>\(row.name.xmlEscaped)</td>"
        + names.map { "<td>\(row.metrics[$0].map { fixed($0, 4) } ?? "")</td>" }.joined() + "</tr>"
    }
    return """
      <section><h2>Classes at iteration \(last.iteration)</h2>
      <div class="scroll"><table><tr>\(head)</tr>\(rows.joined())</table></div></section>
      """
  }

  private var tables: String {
    guard let start = history.start else { return "" }
    var run: [(String, String)] = [
      ("cfg", start.cfg), ("parameters", "\(start.parameters)"),
      ("images of an iteration", "\(start.batch) in \(start.subdivisions) parts"),
      ("memory of a step", byteText(start.peakBytes)), ("threads", "\(start.threads)"),
      ("backend", start.backend), ("seed", "\(start.seed)"),
    ]
    if let images = start.trainingImages { run.append(("training images", "\(images)")) }
    if let images = start.validationImages { run.append(("validation images", "\(images)")) }
    let files = history.checkpoints.suffix(8).reversed().map { checkpoint in
      ("\(checkpoint.iteration)", checkpoint.files.joined(separator: ", "))
    }
    let keys = start.hyperparameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    return "<section class=\"tables\">" + table("Run", run) + table("Hyperparameters", keys)
      + table("Checkpoints", Array(files)) + "</section>"
  }

  private func table(_ title: String, _ rows: [(String, String)]) -> String {
    guard !rows.isEmpty else { return "" }
    let body = rows.map { "<tr><td>\($0.0.xmlEscaped)</td><td>\($0.1.xmlEscaped)</td></tr>" }
    return "<div><h2>\(title)</h2><table>\(body.joined())</table></div>"
  }
}
