import PenumbraEngine

/// Draws a stage of the backbone as a box: its name, what it is made of as a small scheme, its output
/// and its cost.
struct StageDrawing {
  let stage: Stage
  let share: Double
  let costBar: CostBar
  let tip: String

  func draw(in drawing: inout Drawing, _ frame: Frame) {
    let part = Anatomy.Part.stage(stage.number)
    drawing.rectangle(
      frame, fill: Palette.light(part), stroke: Palette.strong(part), radius: 4, tip: tip)
    drawing.text(stage.name, x: frame.x + 8, y: frame.y + 16, size: 12, isBold: true)
    drawing.text(
      "\(stage.output)", x: frame.right - 8, y: frame.y + 16, size: 12, anchor: .end)
    let scheme = Frame(x: frame.x + 10, y: frame.y + 22, width: frame.width - 20, height: 24)
    if let crossStage = stage.crossStages.first {
      draw(crossStage, in: &drawing, scheme)
    } else {
      drawRun(in: &drawing, scheme)
    }
    drawing.text(words, x: frame.x + 8, y: frame.y + 60, size: 11, fill: Palette.ink)
    costBar.draw(in: &drawing, frame, share: share)
  }

  /// "CSP γ 0.50, 4 two-way dense layers".
  private var words: String {
    if let crossStage = stage.crossStages.first {
      let contents = crossStage.blocks.isEmpty ? "" : ", " + crossStage.blocks.text
      let gamma =
        crossStage.split == .slice ? "CSP" : "CSP \u{3b3} \(crossStage.gamma.rounded(to: 2))"
      return shortened(gamma + contents)
    }
    if !stage.blocks.isEmpty { return shortened(stage.blocks.text) }
    let count = stage.looseConvolutions
    return "\(count) convolution\(count == 1 ? "" : "s")"
  }

  /// What fits into a line of the box.
  private func shortened(_ text: String) -> String {
    var text = text
    let limit = GraphLayout.stageSize.width - 16
    for (long, short) in [(" residual block", " block"), (" layers joined once", " layers")]
    where Drawing.width(text, size: 11) > limit {
      text = text.replacing(long, with: short)
    }
    if Drawing.width(text, size: 11) > limit, let groups = text.firstRange(of: /\ of \d+ groups/) {
      text.removeSubrange(groups)
    }
    guard Drawing.width(text, size: 11) > limit else { return text }
    while Drawing.width(text + "\u{2026}", size: 11) > limit { text.removeLast() }
    return text + "\u{2026}"
  }

  // MARK: Schemes

  private static let cell = 8.0
  private static let pitch = 13.0

  /// Squares for blocks one after another, as many as fit.
  private func drawSquares(
    _ count: Int, from x: Double, y: Double, until right: Double, in drawing: inout Drawing
  ) -> Double {
    let room = max(1, Int((right - x) / Self.pitch))
    let shown = min(count, room)
    var x = x
    for index in 0..<shown {
      if shown < count, index == shown - 2 {
        drawing.text("\u{2026}", x: x - 1, y: y + 3, size: 11)
      } else {
        drawing.rectangle(
          Frame(x: x, y: y - Self.cell / 2, width: Self.cell, height: Self.cell),
          fill: Palette.strong(.stage(1)))
      }
      x += Self.pitch
    }
    return x
  }

  /// An outlined square: a convolution that divides or ends.
  private func drawTransition(x: Double, y: Double, in drawing: inout Drawing) -> Double {
    drawing.rectangle(
      Frame(x: x, y: y - Self.cell / 2, width: Self.cell, height: Self.cell), fill: "#ffffff",
      stroke: Palette.strong(.stage(1)), strokeWidth: 1.4)
    return x + Self.pitch
  }

  private func drawRun(in drawing: inout Drawing, _ frame: Frame) {
    let y = frame.middleY
    drawing.line(
      [Point(frame.x, y), Point(frame.right, y)], stroke: Palette.muted, width: 1.2)
    if stage.blocks.isEmpty {
      var x = frame.x + 10
      for _ in 0..<min(stage.looseConvolutions, 12) {
        x = drawTransition(x: x, y: y, in: &drawing)
      }
    } else {
      _ = drawSquares(
        stage.blocks.count, from: frame.x + 10, y: y, until: frame.right - 10, in: &drawing)
    }
  }

  private func draw(_ crossStage: CrossStage, in drawing: inout Drawing, _ frame: Frame) {
    let (upper, lower) = (frame.y + 5, frame.bottom - 5)
    let middle = frame.middleY
    let line = Palette.muted
    let fork = frame.x + 10
    let hasSecond = crossStage.secondTransition != nil
    let join = frame.right - (hasSecond ? 30 : 14)
    drawing.line([Point(frame.x, middle), Point(fork, middle)], stroke: line, width: 1.2)
    for y in [upper, lower] {
      drawing.line(
        [Point(fork, middle), Point(fork, y), Point(join, y), Point(join, middle)], stroke: line,
        width: 1.2, cornerRadius: 3)
    }
    drawing.line([Point(join, middle), Point(frame.right, middle)], stroke: line, width: 1.2)
    // What goes round is the upper way.
    var x = fork + 7
    if crossStage.split == .convolutions {
      _ = drawTransition(x: x, y: upper, in: &drawing)
      x = drawTransition(x: x, y: lower, in: &drawing)
    }
    let reserved = crossStage.firstTransition == nil ? 8.0 : 8 + Self.pitch
    let count =
      crossStage.blocks.isEmpty
      ? crossStage.looseConvolutions.count : crossStage.blocks.count
    x = drawSquares(count, from: x, y: lower, until: join - reserved, in: &drawing)
    if crossStage.firstTransition != nil { _ = drawTransition(x: x, y: lower, in: &drawing) }
    drawing.circle(x: join, y: middle, radius: 5, fill: "#ffffff", stroke: Palette.ink)
    if hasSecond { _ = drawTransition(x: join + 11, y: middle, in: &drawing) }
  }
}

/// The share of the network's operations, as a bar along the lower rim of a box.
struct CostBar {
  /// The share that fills a box from side to side.
  let full: Double

  /// - Parameter shares: of all boxes; the largest fits.
  init(shares: [Double]) {
    full = max(0.05, ((shares.max() ?? 0) * 20).rounded(.up) / 20)
  }

  func draw(in drawing: inout Drawing, _ frame: Frame, share: Double) {
    guard share > 0.0005 else { return }
    let width = max(1, (frame.width - 4) * min(1, share / full))
    drawing.rectangle(
      Frame(x: frame.x + 2, y: frame.bottom - 5, width: width, height: 3),
      fill: Palette.ceiling)
  }
}
