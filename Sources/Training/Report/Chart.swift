import PenumbraSupport

/// Curves over iterations, as SVG whose colours are the page's.
struct Chart {
  struct Line {
    let name: String
    /// The number of a colour of the page, from 1.
    let color: Int
    let series: Series
    var isMarked = false
    var showsRange = false
  }

  let title: String
  var lines: [Line]
  /// Where the horizontal axis ends; the last point by default.
  var lastIteration: Double?
  /// The least range of the vertical axis.
  var includes: [Double] = []

  private static let (width, height) = (560.0, 250.0)
  private static let (left, right, top, bottom) = (58.0, 14.0, 14.0, 30.0)

  init(_ title: String, _ lines: [Line], until lastIteration: Int? = nil, includes: [Double] = []) {
    self.title = title
    self.lines = lines.filter { !$0.series.isEmpty }
    self.lastIteration = lastIteration.map(Double.init)
    self.includes = includes
  }

  /// Nil when there is nothing to draw.
  var svg: String? {
    let buckets = lines.flatMap(\.series.buckets)
    guard !buckets.isEmpty else { return nil }
    let lastX = max(lastIteration ?? 0, buckets.map(\.position).max() ?? 1, 1)
    let x = Axis(0, lastX, isLogarithmic: false)
    let means = buckets.map(\.mean) + includes
    let (least, most) = (means.min() ?? 0, means.max() ?? 1)
    // Losses and rates fall through orders of magnitude.
    let y = Axis(least, most, isLogarithmic: least > 0 && most / least > 30)
    let frame = Frame(x: x, y: y)
    var body = grid(frame)
    for line in lines where line.showsRange { body += band(line, frame) }
    for line in lines { body += curve(line, frame) }
    return """
      <svg viewBox="0 0 \(fixed(Self.width, 0)) \(fixed(Self.height, 0))" role="img" \
      aria-label="\(title.xmlEscaped)">\(body)</svg>
      """
  }

  /// From numbers to places.
  private struct Frame {
    let x: Axis
    let y: Axis
    func place(_ position: Double, _ value: Double) -> (Double, Double) {
      (
        Chart.left + x.share(position) * (Chart.width - Chart.left - Chart.right),
        Chart.top + (1 - y.share(value)) * (Chart.height - Chart.top - Chart.bottom)
      )
    }
  }

  private func grid(_ frame: Frame) -> String {
    var body = ""
    let (right, bottom) = (Self.width - Self.right, Self.height - Self.bottom)
    for (tick, label) in zip(frame.y.ticks, labels(frame.y.ticks)) {
      let y = fixed(frame.place(0, tick).1, 1)
      body += """
        <line class="grid" x1="\(fixed(Self.left, 0))" x2="\(fixed(right, 0))" y1="\(y)" y2="\(y)"/>\
        <text x="\(fixed(Self.left - 6, 0))" y="\(y)" dy="0.32em" \
        text-anchor="end">\(label)</text>
        """
    }
    for tick in frame.x.ticks {
      let x = fixed(frame.place(tick, 0).0, 1)
      body += """
        <line class="grid" x1="\(x)" x2="\(x)" y1="\(fixed(Self.top, 0))" y2="\(fixed(bottom, 0))"/>\
        <text x="\(x)" y="\(fixed(bottom + 18, 0))" text-anchor="middle">\(fixed(tick, 0))</text>
        """
    }
    return body
  }

  /// With as many digits as tell neighbours apart.
  private func labels(_ ticks: [Double]) -> [String] {
    for digits in 2...8 {
      let labels = ticks.map { significant($0, digits) }
      if Set(labels).count == labels.count { return labels }
    }
    return ticks.map { significant($0, 9) }
  }

  private func curve(_ line: Line, _ frame: Frame) -> String {
    let places = line.series.buckets.map { frame.place($0.position, $0.mean) }
    var body =
      places.count > 1 ? "<polyline class=\"c\(line.color)\" points=\"\(points(places))\"/>" : ""
    if line.isMarked || places.count == 1 {
      for (bucket, place) in zip(line.series.buckets, places) {
        body += """
          <circle class="c\(line.color)" cx="\(fixed(place.0, 1))" cy="\(fixed(place.1, 1))" r="3">\
          <title>\(line.name.xmlEscaped) \(significant(bucket.mean, 4)) at \
          \(fixed(bucket.position, 0))</title></circle>
          """
      }
    }
    return body
  }

  private func band(_ line: Line, _ frame: Frame) -> String {
    let upper = line.series.buckets.map { frame.place($0.position, $0.most) }
    let lower = line.series.buckets.map { frame.place($0.position, $0.least) }
    return "<polygon class=\"b\(line.color)\" points=\"\(points(upper + lower.reversed()))\"/>"
  }

  private func points(_ places: [(Double, Double)]) -> String {
    places.map { "\(fixed($0.0, 1)),\(fixed($0.1, 1))" }.joined(separator: " ")
  }

  /// The chart with its title, and what each colour means and last was.
  var card: String? {
    guard let svg else { return nil }
    let legend = lines.map { line in
      let last = line.series.buckets.last.map { significant($0.mean, 4) } ?? ""
      return "<span><i class=\"k\(line.color)\"></i>\(line.name.xmlEscaped) <b>\(last)</b></span>"
    }.joined()
    return "<figure><figcaption><h2>\(title.xmlEscaped)</h2>\(legend)</figcaption>\(svg)</figure>"
  }
}
