import PenumbraSupport

/// Curves between 0 and 1 on both axes, as SVG whose colours are the page's.
struct CurveChart {
  struct Line {
    let name: String
    /// What the legend says of it.
    let value: String
    /// A colour of the page from 1, 0 for grey; nil for the line of all classes together.
    let color: Int?
    let points: [(x: Double, y: Double)]
    var mark: (x: Double, y: Double)?
  }

  let title: String
  let horizontal: String
  let vertical: String
  let lines: [Line]

  private static let (width, height) = (520.0, 340.0)
  private static let (left, right, top, bottom) = (44.0, 12.0, 10.0, 44.0)

  var card: String {
    let legend = lines.filter { $0.color != 0 }.map { line in
      "<span><i class=\"k\(line.color.map { "\($0)" } ?? "-all")\"></i>\(line.name.xmlEscaped)"
        + " <b>\(line.value.xmlEscaped)</b></span>"
    }
    return PagePart.card(
      title, svg + "<div class=\"legend\">\(legend.joined(separator: "\n"))</div>")
  }

  var svg: String {
    "<svg viewBox=\"0 0 \(fixed(Self.width, 0)) \(fixed(Self.height, 0))\" role=\"img\""
      + " aria-label=\"\(title.xmlEscaped)\">\(grid)"
      // The one of all classes lies on top.
      + lines.stablySorted { $0.color != nil && $1.color == nil }.map(curve).joined(separator: "\n")
      + "</svg>"
  }

  private func place(_ point: (x: Double, y: Double)) -> (x: String, y: String) {
    let x = Self.left + point.x * (Self.width - Self.left - Self.right)
    let y = Self.top + (1 - point.y) * (Self.height - Self.top - Self.bottom)
    return (fixed(x, 1), fixed(y, 1))
  }

  private var grid: String {
    let ticks = (0...5).map { Double($0) / 5 }
    let lines = ticks.map { tick in
      let (x, y) = place((tick, tick))
      let (low, high) = (place((0, 0)), place((1, 1)))
      return """
        <line class="grid" x1="\(x)" x2="\(x)" y1="\(high.y)" y2="\(low.y)"/>\
        <line class="grid" x1="\(low.x)" x2="\(high.x)" y1="\(y)" y2="\(y)"/>\
        <text x="\(x)" y="\(low.y)" dy="1.5em" text-anchor="middle">\(fixed(tick, 1))</text>\
        <text x="\(low.x)" dx="-0.6em" y="\(y)" dy="0.35em" text-anchor="end">\(fixed(tick, 1))</text>
        """
    }
    let middle = place((0.5, 0.5))
    return lines.joined() + """
      <text x="\(middle.x)" y="\(fixed(Self.height - 5, 0))" text-anchor="middle">\(horizontal)</text>\
      <text transform="translate(12 \(middle.y)) rotate(-90)" text-anchor="middle">\(vertical)</text>
      """
  }

  private func curve(_ line: Line) -> String {
    let points = Self.thinned(line.points).map(place)
    guard !points.isEmpty else { return "" }
    let kind = line.color.map { "c\($0)" } ?? "all"
    var body = """
      <polyline class="\(kind)" points="\(points.map { "\($0.x),\($0.y)" }.joined(separator: " "))">\
      <title>\(line.name.xmlEscaped) \(line.value.xmlEscaped)</title></polyline>
      """
    if let mark = line.mark.map(place), line.color != 0 {
      body +=
        "<circle class=\"\(kind)\" cx=\"\(mark.x)\" cy=\"\(mark.y)\" r=\"3.5\" fill=\"none\"/>"
    }
    return body
  }

  /// Without the points that nobody could tell from the ones before.
  static func thinned(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    var kept: [(x: Double, y: Double)] = []
    for (index, point) in points.enumerated() {
      if let last = kept.last, index + 1 < points.count,
        abs(point.x - last.x) < 0.002, abs(point.y - last.y) < 0.002
      {
        continue
      }
      kept.append(point)
    }
    return kept
  }
}

extension CurveChart {
  /// The colours of classes: of those with the most truths, when there are many.
  static func colors(_ truths: [Int]) -> [Int] {
    let ranked = truths.indices.stablySorted { truths[$0] > truths[$1] }
    var colors = Array(repeating: 0, count: truths.count)
    for (place, index) in ranked.prefix(PageStyle.colors).sorted().enumerated() {
      colors[index] = place + 1
    }
    return colors
  }
}

extension Sequence {
  func stablySorted(by precedes: (Element, Element) -> Bool) -> [Element] {
    Array(self).stablySorted(by: precedes)
  }
}
