import PenumbraSupport

/// A page about an evaluation: one file of HTML that needs nothing else.
public struct EvaluationPage: Sendable {
  /// What was evaluated, such as the network's name.
  public let title: String
  /// Lines below it: files, settings.
  public let notes: [String]
  public let names: [String]
  public let pictures: [EvaluatedPicture]

  /// - Parameters:
  ///   - names: of the classes.
  ///   - pictures: the worst first.
  public init(title: String, notes: [String], names: [String], pictures: [EvaluatedPicture] = []) {
    self.title = title
    self.notes = notes
    self.names = names
    self.pictures = pictures
  }

  // MARK: Detectors

  public func html(_ evaluation: DetectionEvaluation) -> String {
    let scores = evaluation.scores
    let colors = CurveChart.colors(evaluation.curves.map(\.truths))
    let charts = [precisionRecall(evaluation, colors), f1(evaluation, colors)].map(\.card)
    let body = [
      heading,
      PagePart.facts([
        (fixed(scores.map50, 3), "mAP at IoU .50"), (fixed(scores.map, 3), "mAP at IoU .50:.95"),
        (fixed(scores.best?.f1 ?? 0, 3), "best F1, above \(fixed(scores.best?.threshold ?? 0, 2))"),
        (fixed(scores.atThreshold.precision, 3), "precision above \(threshold(scores))"),
        (fixed(scores.atThreshold.recall, 3), "recall above \(threshold(scores))"),
        ("\(scores.images)", "images with \(scores.truths) objects"),
      ]),
      "<div class=\"cards\">\(charts.joined(separator: "\n"))</div>",
      PagePart.card("Classes", classTable(scores)),
      "<div class=\"cards\">\(PagePart.card("COCO", cocoTable(scores.coco)))\n"
        + PagePart.card("Other conventions", otherTable(scores)) + "</div>",
      ConfusionChart(matrix: scores.confusion, names: names).card,
      gallery("Images with the most faults", EvaluatedPicture.legend),
    ]
    return PagePart.page(title: title, body: body.joined(separator: "\n"))
  }

  private var heading: String {
    "<h1>\(title.xmlEscaped)</h1>"
      + notes.map { "<p class=\"faint\">\($0.xmlEscaped)</p>" }.joined(separator: "\n")
  }

  private func threshold(_ scores: DetectionScores) -> String {
    fixed(scores.atThreshold.threshold, 2)
  }

  private func precisionRecall(_ evaluation: DetectionEvaluation, _ colors: [Int]) -> CurveChart {
    func points(_ curve: PrecisionRecallCurve) -> [(x: Double, y: Double)] {
      curve.truths > 0 ? curve.points.map { ($0.recall, $0.precision) } : []
    }
    func mark(_ curve: PrecisionRecallCurve) -> (x: Double, y: Double)? {
      curve.best.map { ($0.recall, $0.precision) }
    }
    let classes = evaluation.curves.enumerated().filter { $1.truths > 0 }.map { index, curve in
      CurveChart.Line(
        name: names[index],
        value: evaluation.scores.classes[index].voc2010.map { fixed($0, 3) } ?? "",
        color: colors[index], points: points(curve), mark: mark(curve))
    }
    let all = CurveChart.Line(
      name: "all together", value: "", color: nil, points: points(evaluation.curveOfAll),
      mark: mark(evaluation.curveOfAll))
    return CurveChart(
      title: "Precision and recall at IoU \(fixed(evaluation.scores.iou, 2)), with the area below",
      horizontal: "recall", vertical: "precision", lines: classes + [all])
  }

  private func f1(_ evaluation: DetectionEvaluation, _ colors: [Int]) -> CurveChart {
    func line(_ name: String, _ color: Int?, _ curve: PrecisionRecallCurve) -> CurveChart.Line {
      let best = curve.best
      return CurveChart.Line(
        name: name,
        value: best.map { "\(fixed($0.f1, 3)) above \(fixed($0.threshold, 2))" } ?? "",
        color: color, points: curve.points.map { (min($0.threshold, 1), $0.f1) },
        mark: best.map { (min($0.threshold, 1), $0.f1) })
    }
    let classes = evaluation.curves.enumerated().filter { $1.truths > 0 }.map {
      line(names[$0], colors[$0], $1)
    }
    return CurveChart(
      title: "F1 by threshold, with the best", horizontal: "confidence threshold", vertical: "F1",
      lines: classes + [line("all together", nil, evaluation.curveOfAll)])
  }

  private func classTable(_ scores: DetectionScores) -> String {
    func cells(_ name: String, _ truths: Int, _ ap: [Double], _ best: OperatingPoint?) -> [String] {
      [name, "\(truths)"] + ap.map { $0 < 0 ? "–" : fixed($0, 3) }
        + (best.map { best in
          [
            fixed(best.precision, 3), fixed(best.recall, 3), fixed(best.f1, 3),
            fixed(best.threshold, 3), "\(best.truePositives)", "\(best.falsePositives)",
            "\(best.falseNegatives)", fixed(best.averageIoU, 3),
          ]
        } ?? Array(repeating: "–", count: 8))
    }
    // Of many classes only those that occur.
    let shown = scores.classes.filter { scores.classes.count <= 20 || $0.truths > 0 }
    let hidden = scores.classes.count - shown.count
    let rows = shown.map {
      cells(
        names[$0.index], $0.truths, [$0.coco.ap50, $0.coco.ap75, $0.coco.ap], $0.best)
    }
    let all = cells(
      "all", scores.truths, [scores.coco.ap50, scores.coco.ap75, scores.coco.ap], scores.best)
    return PagePart.table(
      [
        "class", "objects", "AP50", "AP75", "AP", "precision", "recall", "F1", "above", "TP", "FP",
        "FN", "IoU",
      ], rows + [all])
      + "<p class=\"faint\">Precision and all to the right of it are at the threshold of the best F1;"
      + " IoU is the mean of what was found."
      + (hidden > 0 ? " \(hidden) classes without objects are not shown.</p>" : "</p>")
  }

  private func cocoTable(_ coco: COCOScores) -> String {
    PagePart.table(
      ["", ""], zip(COCOScores.titles, coco.values).map { [$0, $1 < 0 ? "–" : fixed($1, 3)] })
  }

  private func otherTable(_ scores: DetectionScores) -> String {
    let darknet = scores.darknet
    return PagePart.table(
      ["", ""],
      [
        ["Pascal VOC 2007, 11 points", scores.voc2007.map { fixed($0, 3) } ?? "–"],
        ["Pascal VOC 2010, area", scores.voc2010.map { fixed($0, 3) } ?? "–"],
        ["Darknet map", fixed(darknet.map, 3)],
        ["Darknet precision above \(threshold(scores))", fixed(darknet.precision, 3)],
        ["Darknet recall above \(threshold(scores))", fixed(darknet.recall, 3)],
        ["Darknet F1 above \(threshold(scores))", fixed(darknet.f1, 3)],
        ["Darknet average IoU", fixed(darknet.averageIoU, 3)],
        ["detections recorded", "\(scores.detections)"],
      ])
  }

  private func gallery(_ title: String, _ legend: String) -> String {
    guard !pictures.isEmpty else { return "" }
    let figures = pictures.map(\.html).joined(separator: "\n")
    return PagePart.card(title, legend + "<div class=\"pictures\">\(figures)</div>")
  }

  // MARK: Classifiers

  public func html(_ scores: ClassificationScores) -> String {
    func text(_ share: Double?) -> String { share.map { fixed($0, 3) } ?? "–" }
    let rows = scores.classes.map { one in
      [
        names[one.index], "\(one.images)", text(one.accuracy), text(one.top5), text(one.precision),
      ]
    }
    let body = [
      heading,
      PagePart.facts([
        (fixed(scores.top1, 3), "top-1"), (fixed(scores.top5, 3), "top-5"),
        ("\(scores.images)", "images"),
      ]),
      ConfusionChart(matrix: scores.confusion, names: names).card,
      PagePart.card(
        "Classes", PagePart.table(["class", "images", "top-1", "top-5", "precision"], rows)),
      gallery("Wrong and sure of it", ""),
    ]
    return PagePart.page(title: title, body: body.joined(separator: "\n"))
  }
}
