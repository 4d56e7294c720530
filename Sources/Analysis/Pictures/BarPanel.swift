import PenumbraEngine

/// One layer's bar.
struct Bar {
  let value: Double
  let part: Anatomy.Part
  let tip: String

  init(_ layer: LayerCost, _ report: NetworkReport, value: Double) {
    self.value = value
    part = report.anatomy.parts[layer.index]
    tip = layer.tip(share: report.cost.share(of: layer), part: report.anatomy.name(of: part))
  }
}

extension LayerCost {
  /// What a reader learns who points at the layer.
  func tip(share: Double, part: String) -> String {
    let shapes = inputs.map { "\($0.shape)" }.joined(separator: " + ")
    var lines = ["layer \(index), \(section), \(part)", "\(shapes) to \(output)"]
    if let window { lines[0] += ", " + window }
    if tally.paperOperations > 0 {
      let percent = (100 * share).rounded(to: 1)
      lines.append("\(tally.paperBFLOPs.rounded(to: 4)) BFLOPs (\(percent) %)")
    }
    if tally.parameters > 0 { lines.append("\(tally.parameters) parameters") }
    return lines.joined(separator: "\n")
  }

  /// "3x3/2, 32 groups".
  private var window: String? {
    guard let size = details.size, let stride = details.strideX else { return nil }
    let groups = details.groups ?? 1
    return "\(size)x\(size)/\(stride)" + (groups > 1 ? ", \(groups) groups" : "")
  }
}

/// The axes that the panels of a figure share.
struct Scale {
  /// The largest value of the axis, and the step between its marks.
  let top: Double
  let step: Double
  let bars: Int

  init(values: [Double], bars: Int) {
    let largest = max(values.max() ?? 0, 1e-9)
    step = Self.step(for: largest)
    // Room for a label above the highest bar.
    top = largest * 1.14
    self.bars = max(1, bars)
  }

  /// 1, 2 or 5 times a power of ten, so that there are three to seven marks.
  private static func step(for largest: Double) -> Double {
    var power = 1e-12
    while power * 10 <= largest { power *= 10 }
    let lead = largest / power
    return power * (lead < 2 ? 0.5 : lead < 5 ? 1 : 2)
  }

  var marks: [Double] {
    (0...8).map { Double($0) * step }.filter { $0 <= top }
  }

  /// Decimals that tell the marks apart.
  var decimals: Int {
    var (decimals, value) = (0, step)
    while decimals < 9, abs(value - value.rounded()) > 1e-6 {
      value *= 10
      decimals += 1
    }
    return decimals
  }
}

/// Bars side by side over the names of the parts they belong to.
struct BarPanel {
  let frame: Frame
  let scale: Scale
  let bars: [Bar]

  private var pitch: Double { frame.width / Double(scale.bars) }

  func y(of value: Double) -> Double { frame.bottom - frame.height * value / scale.top }

  func drawBars(in drawing: inout Drawing) {
    let gap = pitch > 3 ? 1 : pitch / 4
    for (index, bar) in bars.enumerated() where bar.value > 0 {
      // The tiniest bar is still one that can be pointed at.
      let height = max(0.6, frame.height * bar.value / scale.top)
      drawing.rectangle(
        Frame(
          x: frame.x + Double(index) * pitch, y: frame.bottom - height, width: pitch - gap,
          height: height), fill: Palette.strong(bar.part), tip: bar.tip)
    }
  }

  /// Axes, and bands behind the parts.
  func drawGround(in drawing: inout Drawing) {
    for (index, run) in runs.enumerated() {
      let x = frame.x + Double(run.range.lowerBound) * pitch
      let width = Double(run.range.count) * pitch
      if index % 2 == 0 {
        drawing.rectangle(
          Frame(x: x, y: frame.y, width: width, height: frame.height), fill: Palette.band)
      }
      if let name = run.names.first(where: { Drawing.width($0, size: 10) < width }) {
        drawing.text(
          name, x: x + width / 2, y: frame.bottom + 27, size: 10, anchor: .middle,
          fill: Palette.muted)
      }
    }
    for mark in scale.marks {
      let y = y(of: mark)
      drawing.line(
        [Point(frame.x, y), Point(frame.right, y)], stroke: Palette.faint, width: 0.6)
      drawing.text(
        mark.rounded(to: scale.decimals), x: frame.x - 6, y: y + 3.5, size: 10, anchor: .end,
        fill: Palette.muted)
    }
    drawing.line(
      [Point(frame.x, frame.bottom), Point(frame.right, frame.bottom)], stroke: Palette.ink,
      width: 0.8)
    let every = pitch * 20 > 34 ? 20 : 50
    for index in stride(from: every, through: bars.count, by: every) {
      let x = frame.x + (Double(index) - 0.5) * pitch
      drawing.line(
        [Point(x, frame.bottom), Point(x, frame.bottom + 3)], stroke: Palette.ink, width: 0.8)
      drawing.text(
        "\(index)", x: x, y: frame.bottom + 14, size: 9, anchor: .middle, fill: Palette.muted)
    }
  }

  /// Neighbouring bars of one part; neck and heads, which alternate, as one.
  private var runs: [(range: Range<Int>, names: [String])] {
    var runs: [(range: Range<Int>, names: [String])] = []
    for (index, bar) in bars.enumerated() {
      let names = Self.names(bar.part)
      if let last = runs.last, last.names == names {
        runs[runs.count - 1].range = last.range.lowerBound..<index + 1
      } else {
        runs.append((index..<index + 1, names))
      }
    }
    return runs
  }

  /// The longest name first.
  private static func names(_ part: Anatomy.Part) -> [String] {
    switch part {
    case .stage(0): ["stem"]
    case .stage(let number): ["stage \(number)", "\(number)"]
    case .neck, .head: ["neck and heads", "neck"]
    case .classifier: ["classifier"]
    }
  }
}
