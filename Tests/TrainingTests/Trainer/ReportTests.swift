import Foundation
import PenumbraEngine
import PenumbraImaging
import PenumbraSupport
import PenumbraTraining
import TestSupport
import Testing

/// What a run reports, from the lines of its log.
enum SampleRun {
  static func event(_ json: String) -> TrainingEvent {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      return try decoder.decode(TrainingEvent.self, from: Data(json.utf8))
    } catch {
      Issue.record("\(json): \(error)")
      return .end(.failed, iteration: 0)
    }
  }

  static func iteration(_ number: Int, loss: String = "2") -> TrainingEvent {
    event(
      """
      {"event":"iteration","iteration":\(number),"images":\(8 * number),"epoch":1.5,"loss":\(loss),
       "average_loss":2.5,"box":1.25,"objectness":0.5,"classification":0.25,"overlap":0.75,
       "layers":[{"layer":7,"total":2,"box":1.25,"objectness":0.5,"classification":0.25,
       "positives":3,"overlap":0.75}],"rate":0.00261,"width":416,"height":320,"seconds":0.5,
       "seconds_waiting":0.1,"images_per_second":16,"seconds_left":4000}
      """)
  }

  static func validation(_ number: Int, _ value: Double, isBest: Bool) -> TrainingEvent {
    event(
      """
      {"event":"validation","iteration":\(number),"images":87,"seconds":1.5,"is_best":\(isBest),
       "metrics":{"map50":\(value),"precision":0.5,"recall":0.25},"decisive":"map50",
       "classes":[{"name":"a<b","metrics":{"map50":\(value)}}]}
      """)
  }

  static let start = event(
    """
    {"event":"start","cfg":"cells.cfg","iteration":0,"iterations":100,"seed":1,"batch":8,
     "subdivisions":2,"threads":2,"backend":"blocked","parameters":1234,"training_images":80,
     "validation_images":87,"step_bytes":3145728,"parameter_bytes":1048576,
     "hyperparameters":{"momentum":"0.9"}}
    """)

  static let events: [TrainingEvent] = [
    start, iteration(1), iteration(2, loss: "\"inf\""), validation(2, 0.25, isBest: true),
    event(
      """
      {"event":"checkpoint","iteration":2,"files":["a_best.weights"],"seconds":0.1}
      """),
    .warning("disk \"full\"", iteration: 2), .end(.finished, iteration: 2),
  ]
}

struct TrainingLogTests {
  @Test func `every event reads back from its line`() throws {
    let folder = try TemporaryFolder()
    let log = try TrainingLog(folder.file("train.jsonl"), cfg: "x/cells.cfg")
    for event in SampleRun.events { try log.append(event) }
    #expect(try TrainingLog.events(folder.file("train.jsonl")) == SampleRun.events)
    let lines = try #require(folder.text("train.jsonl")).split(separator: "\n")
    #expect(lines.count == SampleRun.events.count)
    #expect(lines[1].contains("\"event\":\"iteration\""))
    #expect(lines[1].contains("\"average_loss\":2.5"))
  }

  @Test func `a resumed run forgets what came after its checkpoint, and half a line`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("train.jsonl")
    do {
      let log = try TrainingLog(path, cfg: "x/cells.cfg")
      for event in SampleRun.events { try log.append(event) }
      for number in 3...6 { try log.append(SampleRun.iteration(number)) }
    }
    try folder.write(
      try #require(folder.text("train.jsonl")) + "{\"event\":\"iter", to: "train.jsonl")
    var earlier: [TrainingEvent] = []
    let log = try TrainingLog(path, cfg: "x/cells.cfg", resumedAfter: 4) { earlier.append($0) }
    // Of the run's end nothing is left either: it goes on.
    let kept = SampleRun.events.dropLast() + [SampleRun.iteration(3), SampleRun.iteration(4)]
    #expect(earlier == Array(kept))
    try log.append(SampleRun.iteration(5))
    #expect(try TrainingLog.events(path) == kept + [SampleRun.iteration(5)])
  }

  @Test func `the log of another network is begun anew`() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("train.jsonl")
    do {
      let log = try TrainingLog(path, cfg: "cells.cfg")
      for event in SampleRun.events { try log.append(event) }
    }
    let log = try TrainingLog(path, cfg: "other.cfg", resumedAfter: 4) { _ in
      Issue.record("an event of the other network")
    }
    try log.append(SampleRun.iteration(5))
    #expect(try TrainingLog.events(path) == [SampleRun.iteration(5)])
  }

  @Test func `a folder that is not there is named`() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: WriteError.self) {
      try TrainingLog(folder.file("missing/train.jsonl"), cfg: "x/cells.cfg")
    }
    #expect(error?.reason == .noFolder)
  }
}

struct ProgressTextTests {
  @Test func `a line has everything people watch`() {
    guard case .iteration(let record) = SampleRun.iteration(12),
      case .validation(let validation) = SampleRun.validation(10, 0.8125, isBest: true)
    else { return }
    #expect(
      ProgressText.line(record, iterations: 100, validation: validation)
        == "12/100  loss 2.000 avg 2.500  box 1.25 obj 0.500 cls 0.250 iou 0.75  rate 0.00261"
        + "  416x320  16.0 img/s  01:06:40 left  map50 0.8125 @10")
    #expect(
      ProgressText.line(validation)
        == "validation at 10: map50 0.8125, precision 0.5000, recall 0.2500, the best so far"
        + " (87 images, 1.5 s)")
  }

  @Test(arguments: [
    (0.00261, "0.00261"), (1250, "1250"), (0, "0"), (1e-9, "1.00e-9"), (-2.345, "-2.35"),
    (3.2e12, "3.20e12"),
  ])
  func `numbers are short`(value: Double, text: String) {
    #expect(significant(value) == text)
  }

  @Test func `memory is told before a run starts`() {
    guard case .start(let start) = SampleRun.start else { return }
    #expect(
      ProgressText.memory(start)
        == "memory of a training step: 4.0 MiB at most (3.0 MiB activations, gradients and scratch"
        + " for 4 images at once, 1.0 MiB for 1234 parameters)")
  }
}

struct SeriesTests {
  @Test func `a long curve stays short and keeps its mean, extremes and end`() {
    var series = Series()
    for i in 1...100_000 { series.add(Double(i), i == 77_777 ? 1000 : Double(i % 2)) }
    #expect((300...1200).contains(series.buckets.count))
    #expect(series.buckets.last?.position == 100_000)
    #expect(series.buckets.map(\.most).max() == 1000)
    #expect(series.buckets.reduce(0) { $0 + $1.count } == 100_000)
    let sum = series.buckets.reduce(0) { $0 + $1.mean * Double($1.count) }
    #expect(abs(sum - (50_000 + 999)) < 1e-3)
  }

  @Test func `what is no number leaves no point`() {
    var series = Series()
    series.add(1, .nan)
    series.add(2, .infinity)
    #expect(series.isEmpty)
  }
}

struct AxisTests {
  @Test func `lines stand at round numbers that enclose the values`() {
    let shares = Axis(0, 0.93, isLogarithmic: false).ticks
    #expect(shares.map { significant($0, 1) } == ["0", "0.2", "0.4", "0.6", "0.8", "1"])
    let axis = Axis(0.003, 250, isLogarithmic: true)
    #expect(axis.ticks.contains { abs($0 - 1) < 1e-9 })
    #expect(axis.share(0.003) < axis.share(0.03))
    #expect(axis.share(250) <= 1)
  }

  @Test(arguments: [(0.0, 0.0), (5, 5), (-1, -1), (0, 1e-20), (1e300, 1e301)])
  func `any range has lines`(least: Double, most: Double) {
    let axis = Axis(least, most, isLogarithmic: false)
    #expect((2...21).contains(axis.ticks.count))
    #expect((0...1).contains(axis.share(least)))
  }
}

struct ReportPageTests {
  private func page(_ events: [TrainingEvent]) -> ReportPage {
    var page = ReportPage(name: "cells")
    for event in events { page.note(event) }
    return page
  }

  @Test func `reloads itself only while the run goes on`() {
    #expect(page(Array(SampleRun.events.dropLast())).html.contains("http-equiv=\"refresh\""))
    let finished = page(SampleRun.events).html
    #expect(!finished.contains("http-equiv=\"refresh\""))
    #expect(finished.contains("finished"))
  }

  @Test func `shows curves, classes, warnings and settings, and fetches nothing`() {
    let html = page(SampleRun.events).html
    for text in [
      "Parts of the loss", "Learning rate", "Mean average precision", "Precision and recall",
      "a&lt;b", "disk &quot;full&quot;", "momentum", "a_best.weights", "4.0 MiB",
    ] { #expect(html.contains(text), "\(text)") }
    for text in ["http://", "https://", "<script", "src=\"/"] { #expect(!html.contains(text)) }
  }

  @Test func `holds the pictures of some validations`() throws {
    var page = page(SampleRun.events)
    let bitmap = Bitmap(width: 4, height: 4, bytes: [UInt8](repeating: 100, count: 48))
    for iteration in 1...30 {
      page.note([try SamplePicture(bitmap, name: "x.jpg", iteration: iteration)])
    }
    let html = page.html
    #expect(html.contains("data:image/jpeg;base64,"))
    #expect(html.contains("iteration 1<"))
    #expect(html.contains("iteration 30<"))
    #expect(html.components(separatedBy: "<img").count - 1 == 8)
  }

  @Test func `is replaced whole`() throws {
    let folder = try TemporaryFolder()
    try folder.write("old", to: "train.html")
    try page(SampleRun.events).write(to: folder.file("train.html"))
    #expect(folder.text("train.html")?.hasSuffix("</html>\n") == true)
    #expect(folder.files == ["train.html"])
  }
}
