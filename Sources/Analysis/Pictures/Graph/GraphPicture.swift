public import PenumbraEngine

/// A network as a picture: the backbone's stages with what they are made of, the rows of the pyramid
/// by stride, and the heads.
///
/// What repeats is gathered: a stage is one box, convolutions in a row are one box.
public struct GraphPicture: Sendable {
  private let report: NetworkReport
  private let wiring: Wiring
  private let units: [Unit]
  private let costBar: CostBar

  public init(_ graph: Graph, _ report: NetworkReport) {
    self.report = report
    wiring = Wiring(graph)
    let units = UnitCollector.units(wiring, report.anatomy)
    self.units = units
    costBar = CostBar(shares: units.map { report.share(of: report.cost.total(of: $0.layers)) })
  }

  public var html: String { Page(title: report.shortName, svg: svg).html }

  public var svg: String {
    report.anatomy.pyramid == nil ? classifier() : detector()
  }

  private static let headerHeight = 66.0
  private static let legendHeight = 40.0
  /// Room for the longest legend.
  private static let leastWidth = 990.0

  // MARK: Detectors

  private func detector() -> String {
    let layout = GraphLayout(units, top: Self.headerHeight)
    let width = max(layout.width, Self.leastWidth)
    var drawing = Drawing(width: width, height: layout.height + Self.legendHeight)
    header(in: &drawing)
    for (index, band) in layout.bands.enumerated() {
      let isEmpty = !units.contains { !$0.isStage && $0.row == layout.rows[index] }
      guard !isEmpty else { continue }
      drawing.rectangle(band, fill: Palette.band, radius: 4)
      drawing.text(
        rowName(layout.rows[index]), x: band.right - 12, y: band.y + 15, size: 11,
        anchor: .end, fill: Palette.muted)
    }
    backbone(in: &drawing, layout.frames)
    for edge in layout.edges {
      let isTap = units[edge.source].isStage
      drawing.line(
        edge.points, stroke: isTap ? Palette.strong(.stage(1)) : Palette.wire, width: 1.3,
        cornerRadius: 4, hasArrow: true)
    }
    for index in units.indices { draw(units[index], layout.frames[index], in: &drawing) }
    legend(in: &drawing, y: layout.height + 18)
    return drawing.svg
  }

  private func rowName(_ stride: Int) -> String {
    let unit = units.last { $0.row == stride && wiring.stride($0.layers.last ?? 0) == stride }
    let shape = unit.map { wiring.shape($0.layers.last ?? 0) }
    return "stride \(stride)" + (shape.map { ", \($0.width)\u{d7}\($0.height)" } ?? "")
  }

  private func backbone(in drawing: inout Drawing, _ frames: [Frame]) {
    let stages = units.indices.filter { units[$0].isStage }
    for (before, after) in zip(stages, stages.dropFirst()) {
      drawing.line(
        [
          Point(frames[before].middleX, frames[before].bottom),
          Point(frames[after].middleX, frames[after].y),
        ], stroke: Palette.strong(.stage(1)), width: 1.6, hasArrow: true)
    }
  }

  // MARK: Classifiers

  /// The stages side by side, in lines of four.
  private func classifier() -> String {
    let perLine = 4
    let (width, height) = GraphLayout.stageSize
    let (gapX, gapY) = (26.0, 34.0)
    let stages = units.filter(\.isStage)
    let lines = (stages.count + perLine) / perLine
    let total =
      2 * GraphLayout.margin + Double(min(perLine, stages.count + 1)) * (width + gapX) - gapX
    var drawing = Drawing(
      width: max(total, Self.leastWidth),
      height: Self.headerHeight + Double(lines) * (height + gapY) + Self.legendHeight)
    header(in: &drawing)
    var previous: Frame?
    for index in 0...stages.count {
      let (line, column) = (index / perLine, index % perLine)
      let frame = Frame(
        x: GraphLayout.margin + Double(column) * (width + gapX),
        y: Self.headerHeight + Double(line) * (height + gapY), width: width, height: height)
      if let previous { connect(previous, frame, in: &drawing) }
      if index < stages.count {
        draw(stages[index], frame, in: &drawing)
      } else {
        drawClassifier(frame, in: &drawing)
      }
      previous = frame
    }
    legend(
      in: &drawing, y: Self.headerHeight + Double(lines) * (height + gapY) + 12)
    return drawing.svg
  }

  private func connect(_ before: Frame, _ after: Frame, in drawing: inout Drawing) {
    let stroke = Palette.strong(.stage(1))
    if before.y == after.y {
      drawing.line(
        [Point(before.right, before.middleY), Point(after.x, after.middleY)], stroke: stroke,
        width: 1.6, hasArrow: true)
    } else {
      let middle = (before.bottom + after.y) / 2
      drawing.line(
        [
          Point(before.middleX, before.bottom), Point(before.middleX, middle),
          Point(after.middleX, middle), Point(after.middleX, after.y),
        ], stroke: stroke, width: 1.6, cornerRadius: 5, hasArrow: true)
    }
  }

  private func drawClassifier(_ frame: Frame, in drawing: inout Drawing) {
    let layers = report.anatomy.layers(of: .classifier)
    guard let last = layers.last else { return }
    let tally = report.cost.total(of: layers)
    drawing.rectangle(
      frame, fill: Palette.light(.classifier), stroke: Palette.strong(.classifier), radius: 4,
      tip: tip(layers))
    drawing.text("classifier", x: frame.x + 8, y: frame.y + 16, size: 12, isBold: true)
    drawing.text(
      "\(wiring.shape(last).count) classes", x: frame.x + 8, y: frame.y + 38, size: 12)
    costBar.draw(in: &drawing, frame, share: report.share(of: tally))
  }

  // MARK: Units

  private func draw(_ unit: Unit, _ frame: Frame, in drawing: inout Drawing) {
    let tally = report.cost.total(of: unit.layers)
    let share = report.share(of: tally)
    let (light, strong) = (Palette.light(unit.part), Palette.strong(unit.part))
    let tip = tip(unit.layers)
    switch unit.look {
    case .stage(let index):
      StageDrawing(
        stage: report.anatomy.stages[index], share: share, costBar: costBar, tip: tip
      ).draw(in: &drawing, frame)
      return
    case .sign(let sign):
      drawing.circle(
        x: frame.middleX, y: frame.middleY, radius: frame.width / 2, fill: "#ffffff",
        stroke: strong, tip: tip)
      drawing.text(
        sign, x: frame.middleX, y: frame.middleY + 4.5, size: 13, anchor: .middle, isBold: true)
      return
    case .box(let lines), .head(let lines):
      drawing.rectangle(frame, fill: light, stroke: strong, radius: 3, tip: tip)
      text(lines, frame, in: &drawing)
    case .funnel(let lines):
      drawing.polygon(
        [
          Point(frame.x, frame.y - 2), Point(frame.right, frame.y + 6),
          Point(frame.right, frame.bottom - 6), Point(frame.x, frame.bottom + 2),
        ], fill: "#ffffff", stroke: strong, tip: tip)
      text(lines, frame, in: &drawing)
    }
    costBar.draw(in: &drawing, frame, share: share)
  }

  private func text(_ lines: [String], _ frame: Frame, in drawing: inout Drawing) {
    let first = frame.middleY + (lines.count > 1 ? -3.5 : 4)
    for (index, line) in lines.enumerated() {
      drawing.text(
        line, x: frame.middleX, y: first + 14 * Double(index), size: 12, anchor: .middle)
    }
  }

  /// The layers of a unit, as many as can be read at once.
  private func tip(_ layers: [Int]) -> String {
    let tally = report.cost.total(of: layers)
    let percent = (100 * report.share(of: tally)).rounded(to: 1)
    let sums =
      "\(tally.paperBFLOPs.rounded(to: 3)) BFLOPs (\(percent) %), \(tally.parameters) parameters"
    if layers.count == 1 {
      let layer = report.cost.layers[layers[0]]
      return layer.tip(
        share: report.cost.share(of: layer),
        part: report.anatomy.name(of: report.anatomy.parts[layers[0]]))
    }
    let shown = layers.prefix(layers.count > 12 ? 8 : 12).map { index in
      let layer = report.cost.layers[index]
      let cost =
        layer.tally.paperOperations > 0
        ? ", \(layer.tally.paperBFLOPs.rounded(to: 4)) BFLOPs" : ""
      return "\(index) \(layer.section): \(layer.output)\(cost)"
    }
    let rest = layers.count - shown.count
    return ([sums] + shown + (rest > 0 ? ["and \(rest) more layers"] : [])).joined(separator: "\n")
  }

  // MARK: Words around

  private func header(in drawing: inout Drawing) {
    let total = report.cost.total
    drawing.text(report.shortName, x: GraphLayout.margin, y: 28, size: 17, isBold: true)
    let pyramid = report.anatomy.pyramid.map { $0.kind == .plain ? "" : ", \($0.kind.rawValue)" }
    drawing.text(
      "\(report.input), \((Double(total.weights) / 1e6).rounded(to: 2))M weights, "
        + "\(total.paperBFLOPs.rounded(to: 2)) BFLOPs" + (pyramid ?? ""),
      x: GraphLayout.margin, y: 47, size: 13, fill: Palette.muted)
  }

  private func legend(in drawing: inout Drawing, y: Double) {
    var x = GraphLayout.margin
    func item(_ text: String) {
      drawing.text(text, x: x, y: y, size: 11, fill: Palette.muted)
      x += Drawing.width(text, size: 11) + 20
    }
    drawing.rectangle(
      Frame(x: x, y: y - 8, width: 8, height: 8), fill: Palette.strong(.stage(1)))
    x += 12
    item("block")
    drawing.rectangle(
      Frame(x: x, y: y - 8, width: 8, height: 8), fill: "#ffffff",
      stroke: Palette.strong(.stage(1)), strokeWidth: 1.4)
    x += 12
    item("convolution outside of blocks")
    let signs = Set(units.compactMap { if case .sign(let sign) = $0.look { sign } else { nil } })
    if signs.contains("C") { item("C  join along channels") }
    if signs.contains("+") { item("+  sum") }
    if signs.contains("\u{2191}") { item("\u{2191}  upsample") }
    if units.contains(where: { if case .funnel = $0.look { true } else { false } }) {
      item("max  maxout, to so many channels")
    }
    if report.anatomy.pyramid != nil { item("\u{2193}  stride 2") }
    drawing.rectangle(
      Frame(x: x, y: y - 6, width: 18, height: 3), fill: Palette.ceiling)
    x += 23
    item("share of BFLOPs, a whole side is \(Int((100 * costBar.full).rounded())) %")
  }
}
