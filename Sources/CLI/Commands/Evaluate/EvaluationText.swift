import PenumbraEvaluation
import PenumbraSupport

extension FindingHeading {
  /// What a page says below its title.
  var notes: [String] {
    var notes = [
      [network, weights, data, truth, results].compactMap { $0 }.joined(separator: ", ")
    ]
    if let speedText { notes.append(speedText) }
    if let unreadableText { notes.append(unreadableText) }
    return notes
  }

  var speedText: String? {
    guard let speed, let input else { return nil }
    return "\(speed.forwardImagesPerSecond.text(1)) images/s forward"
      + " (\(input.width)x\(input.height), batch \(speed.batch),"
      + " \(counted(speed.threads, "thread"))), \(speed.imagesPerSecond.text(1)) in all"
  }

  var unreadableText: String? {
    guard let unreadable, !unreadable.isEmpty else { return nil }
    return "\(counted(unreadable.count, "picture")) could not be read and count for nothing"
  }
}

/// Tables for people: a detector.
struct DetectionReport {
  let heading: FindingHeading
  let scores: DetectionScores

  var text: String {
    let head =
      "\(heading.title.printable): \(counted(scores.images, "image")),"
      + " \(counted(scores.truths, "object")),"
      + " \(counted(heading.names.count, "class", plural: "classes"))"
    let blocks = [
      [head], classTable, cocoLines, otherLines, confusionTable,
      [heading.speedText.map { "speed    \($0)" }, heading.unreadableText].compactMap { $0 },
    ]
    return blocks.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
      .joined(separator: "\n\n")
  }

  private static func share(_ value: Double?) -> String {
    value.flatMap { $0 < 0 ? nil : $0.text(3) } ?? "-"
  }

  private var classTable: [String] {
    var table = TextTable([
      ("class", .left), ("objects", .right), ("AP50", .right), ("AP", .right),
      ("precision", .right), ("recall", .right), ("F1", .right), ("above", .right),
      ("TP", .right), ("FP", .right), ("FN", .right), ("IoU", .right),
    ])
    func row(_ name: String, _ truths: Int, _ ap50: Double, _ ap: Double, _ best: OperatingPoint?)
      -> [String]
    {
      let shares = [best?.precision, best?.recall, best?.f1, best?.threshold].map(Self.share)
      let counts = [best?.truePositives, best?.falsePositives, best?.falseNegatives]
        .map { $0.map { "\($0)" } ?? "-" }
      return [name, "\(truths)", Self.share(ap50), Self.share(ap)] + shares + counts
        + [Self.share(best?.averageIoU)]
    }
    for one in shown {
      table.append(
        row(heading.names[one.index], one.truths, one.coco.ap50, one.coco.ap, one.best))
    }
    table.append(row("all", scores.truths, scores.coco.ap50, scores.coco.ap, scores.best))
    let hidden = scores.classes.count - shown.count
    let note = "\(counted(hidden, "class", plural: "classes")) without objects not shown"
    return table.lines + (hidden > 0 ? [note] : [])
  }

  /// Of many classes those that occur.
  private var shown: [DetectionScores.ClassScores] {
    scores.classes.filter { scores.classes.count <= 20 || $0.truths > 0 }
  }

  private var cocoLines: [String] {
    let cells = zip(COCOScores.titles, scores.coco.values).map { title, value in
      (title + " " + Self.share(value)).rightPadded(to: 16)
    }
    return [cells[..<6], cells[6...]].enumerated().map { index, cells in
      ((index == 0 ? "COCO     " : "         ") + cells.joined()).trimmedEnd
    }
  }

  private var otherLines: [String] {
    let darknet = scores.darknet
    let points = darknet.points == 0 ? "area" : "\(darknet.points) points"
    return [
      "VOC      2007 (11 points) \(Self.share(scores.voc2007)), 2010 (area)"
        + " \(Self.share(scores.voc2010)), at IoU \(scores.iou.text(2))",
      "Darknet  map (\(points)) \(darknet.map.text(3)); above \(darknet.threshold.text(2)):"
        + " precision \(darknet.precision.text(3)), recall \(darknet.recall.text(3)), F1"
        + " \(darknet.f1.text(3)), average IoU \(darknet.averageIoU.text(3))",
    ]
  }

  private var confusionTable: [String] {
    guard heading.names.count <= 12 else { return [] }
    return ConfusionText.lines(
      scores.confusion, heading.names,
      title: "above \(scores.atThreshold.threshold.text(2))")
  }
}

/// Tables for people: a classifier.
struct ClassificationReport {
  let heading: FindingHeading
  let scores: ClassificationScores

  var text: String {
    let head =
      "\(heading.title.printable): \(counted(scores.images, "image")),"
      + " \(counted(heading.names.count, "class", plural: "classes"))"
    var table = TextTable([
      ("class", .left), ("images", .right), ("top-1", .right), ("top-5", .right),
      ("precision", .right),
    ])
    func share(_ value: Double?) -> String { value?.text(3) ?? "-" }
    for one in scores.classes where scores.classes.count <= 100 {
      table.append([
        heading.names[one.index], "\(one.images)", share(one.accuracy), share(one.top5),
        share(one.precision),
      ])
    }
    table.append(["all", "\(scores.images)", scores.top1.text(3), scores.top5.text(3), ""])
    let confusion =
      heading.names.count <= 12
      ? ConfusionText.lines(scores.confusion, heading.names, title: "confusion") : []
    let last = [heading.speedText.map { "speed    \($0)" }, heading.unreadableText]
    return [[head], table.lines, confusion, last.compactMap { $0 }]
      .filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }
}

/// A confusion matrix as a table: rows are the truth.
enum ConfusionText {
  static func lines(_ matrix: ConfusionMatrix, _ names: [String], title: String) -> [String] {
    let columns = names.map { "as " + $0 } + (matrix.hasBackground ? ["missed"] : [])
    let rows = names + (matrix.hasBackground ? ["nothing"] : [])
    var headings: [(heading: String, alignment: TextTable.Alignment)] = [(title, .left)]
    for column in columns { headings.append((column, .right)) }
    var table = TextTable(headings)
    let last = matrix.side - 1
    for (row, counts) in matrix.counts.enumerated() {
      let cells = counts.enumerated().map { column, count in
        matrix.hasBackground && row == last && column == last ? "-" : "\(count)"
      }
      table.append([rows[row]] + cells)
    }
    return table.lines
  }
}

extension String {
  fileprivate var trimmedEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
}
