import PenumbraEngine

/// The CSPNet paper's Figures 7 and 8 for any networks: the cost of each layer under a dashed
/// ceiling, and the sizes of what layers read and write.
///
/// - Source: Figure 7 has a bar for every layer but routes and shortcuts; Figure 8 for every
///   convolution and pool.
public struct CostChart: Sendable {
  private let reports: [NetworkReport]

  /// - Parameter reports: from the one that the others are compared with on.
  public init(_ reports: [NetworkReport]) {
    precondition(!reports.isEmpty, "a chart needs a network")
    self.reports = reports
  }

  public var html: String { Page(title: title, svg: svg).html }

  private var title: String { "Cost of " + reports.map(\.shortName).joined(separator: ", ") }

  // MARK: Layout

  private static let width = 1040.0
  private static let left = 72.0
  private static let right = 20.0
  private static let costHeight = 130.0
  private static let sizeHeight = 100.0
  /// Above a panel for its heading, below it for the axis.
  private static let above = 26.0
  private static let below = 44.0

  public var svg: String {
    let count = Double(reports.count)
    let costTop = 66.0
    let sizeTop =
      costTop + count * (Self.costHeight + Self.above + Self.below) + 34
    let height = sizeTop + count * (Self.sizeHeight + Self.above + Self.below) + 16
    var drawing = Drawing(width: Self.width, height: height)
    drawing.text("Cost of each layer, BFLOPs", x: 16, y: 28, size: 16, isBold: true)
    legend(in: &drawing, y: 28)
    costs(in: &drawing, from: costTop)
    drawing.text(
      "Input and output of each convolution and pool, millions of elements", x: 16,
      y: sizeTop - 14, size: 16, isBold: true)
    sizes(in: &drawing, from: sizeTop)
    return drawing.svg
  }

  private func legend(in drawing: inout Drawing, y: Double) {
    let all = Set(reports.flatMap(\.anatomy.parts).map(Palette.strong))
    let entries: [(String, Anatomy.Part)] = [
      ("stem", .stage(0)), ("backbone", .stage(1)), ("neck", .neck), ("heads", .head(0)),
      ("classifier", .classifier),
    ]
    var x = Self.width - Self.right
    for (name, part) in entries.reversed() where all.contains(Palette.strong(part)) {
      x -= Drawing.width(name, size: 11)
      drawing.text(name, x: x, y: y)
      x -= 15
      drawing.rectangle(
        Frame(x: x, y: y - 9, width: 10, height: 10), fill: Palette.strong(part))
      x -= 14
    }
  }

  // MARK: Figure 7

  private func costs(in drawing: inout Drawing, from top: Double) {
    let bars = reports.map { report in
      report.cost.layers.filter(\.isCharted).map { Bar($0, report, value: $0.tally.paperBFLOPs) }
    }
    let scale = Scale(
      values: bars.flatMap { $0.map(\.value) }, bars: bars.map(\.count).max() ?? 1)
    for (index, report) in reports.enumerated() {
      let y = top + Double(index) * (Self.costHeight + Self.above + Self.below) + Self.above
      let panel = BarPanel(
        frame: Frame(
          x: Self.left, y: y, width: Self.width - Self.left - Self.right, height: Self.costHeight),
        scale: scale, bars: bars[index])
      drawing.text(report.shortName, x: Self.left, y: y - 10, size: 13, isBold: true)
      let total = "\(report.input), \(report.cost.total.paperBFLOPs.rounded(to: 3)) BFLOPs in all"
      drawing.text(
        total, x: Self.left + Drawing.width(report.shortName, size: 13, isBold: true) + 12,
        y: y - 10, fill: Palette.muted)
      panel.drawGround(in: &drawing)
      panel.drawBars(in: &drawing)
      ceilings(in: &drawing, panel, index)
    }
  }

  /// The network's own ceiling, those of the networks before it, and how far it lies below them.
  private func ceilings(in drawing: inout Drawing, _ panel: BarPanel, _ index: Int) {
    let values = reports.map { $0.cost.bottleneck?.tally.paperBFLOPs ?? 0 }
    guard let bottleneck = reports[index].cost.bottleneck, values[index] > 0 else { return }
    let y = panel.y(of: values[index])
    var labelRight = panel.frame.right - 4
    var notes: [String] = []
    for earlier in (0..<index).reversed() where values[earlier] > 0 {
      let reference = panel.y(of: values[earlier])
      let change = 100 * (values[index] / values[earlier] - 1)
      drawing.line(
        [Point(panel.frame.x, reference), Point(panel.frame.right, reference)],
        stroke: Palette.muted, width: 0.8, dash: "2 3")
      let label = (change > 0 ? "+" : "\u{2212}") + "\(abs(change).rounded(to: 0)) %"
      guard reference < y - 14 else {
        if abs(change) >= 0.5 {
          let side = change > 0 ? "above" : "below"
          notes.append("\(abs(change).rounded(to: 0)) % \(side) \(reports[earlier].shortName)")
        }
        continue
      }
      let width = Drawing.width(label, size: 12, isBold: true)
      drawing.line(
        [Point(labelRight - width - 8, reference), Point(labelRight - width - 8, y)],
        stroke: Palette.ceiling, hasArrow: true)
      drawing.text(
        label, x: labelRight, y: (reference + y) / 2 + 4, size: 12, anchor: .end,
        fill: Palette.ceiling, isBold: true)
      drawing.text(
        "ceiling of \(reports[earlier].shortName)", x: panel.frame.x + 6, y: reference - 3,
        size: 10,
        fill: Palette.muted)
      labelRight -= width + 26
    }
    drawing.line(
      [Point(panel.frame.x, y), Point(panel.frame.right, y)], stroke: Palette.ceiling, width: 1.2,
      dash: "6 4")
    notes.insert("\(values[index].rounded(to: 3)), layer \(bottleneck.index)", at: 0)
    drawing.text(
      notes.joined(separator: "; "), x: panel.frame.x + 6, y: y - 4, fill: Palette.ceiling)
  }

  // MARK: Figure 8

  private func sizes(in drawing: inout Drawing, from top: Double) {
    let gap = 64.0
    let width = (Self.width - Self.left - Self.right - gap) / 2
    let counted = reports.map { $0.cost.layers.filter { $0.tally.convolutionalIO > 0 } }
    let inputs = zip(reports, counted).map { report, layers in
      layers.map { Bar($0, report, value: Double($0.inputCount) / 1e6) }
    }
    let outputs = zip(reports, counted).map { report, layers in
      layers.map { Bar($0, report, value: Double($0.output.count) / 1e6) }
    }
    let scale = Scale(
      values: (inputs + outputs).flatMap { $0.map(\.value) },
      bars: counted.map(\.count).max() ?? 1)
    for (index, report) in reports.enumerated() {
      let y = top + Double(index) * (Self.sizeHeight + Self.above + Self.below) + Self.above
      for (column, bars) in [inputs[index], outputs[index]].enumerated() {
        let x = Self.left + Double(column) * (width + gap)
        let panel = BarPanel(
          frame: Frame(x: x, y: y, width: width, height: Self.sizeHeight), scale: scale, bars: bars)
        let heading = "\(report.shortName): " + (column == 0 ? "input" : "output")
        drawing.text(heading, x: x, y: y - 8, size: 12, isBold: true)
        let sum = bars.reduce(0) { $0 + $1.value }
        drawing.text(
          "\(sum.rounded(to: 2))M in all", x: x + width, y: y - 8, anchor: .end, fill: Palette.muted
        )
        panel.drawGround(in: &drawing)
        panel.drawBars(in: &drawing)
      }
    }
  }
}
