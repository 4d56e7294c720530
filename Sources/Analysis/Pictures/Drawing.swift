import PenumbraSupport

/// An SVG picture under construction. Units are pixels, y grows downwards.
struct Drawing {
  let width: Double
  let height: Double
  private var body = ""

  init(width: Double, height: Double) {
    (self.width, self.height) = (width, height)
  }

  static let font = "Helvetica, Arial, 'Liberation Sans', sans-serif"

  /// The whole file. The background is white, so that it can stand on any page.
  var svg: String {
    let (width, height) = (number(width), number(height))
    return """
      <svg xmlns="http://www.w3.org/2000/svg" width="\(width)" height="\(height)" \
      viewBox="0 0 \(width) \(height)" font-family="\(Self.font)">
      <rect width="100%" height="100%" fill="#ffffff"/>
      \(body)</svg>

      """
  }

  // MARK: Shapes

  /// - Parameter tip: what a reader sees who points at it.
  mutating func rectangle(
    _ frame: Frame, fill: String, stroke: String? = nil, radius: Double = 0, dash: String? = nil,
    strokeWidth: Double = 1, tip: String? = nil
  ) {
    var attributes = [
      ("x", number(frame.x)), ("y", number(frame.y)), ("width", number(frame.width)),
      ("height", number(frame.height)), ("fill", fill),
    ]
    if radius > 0 { attributes.append(("rx", number(radius))) }
    if let stroke {
      attributes += [("stroke", stroke), ("stroke-width", number(strokeWidth))]
    }
    if let dash { attributes.append(("stroke-dasharray", dash)) }
    append("rect", attributes, tip: tip)
  }

  mutating func circle(
    x: Double, y: Double, radius: Double, fill: String, stroke: String, tip: String? = nil
  ) {
    append(
      "circle",
      [
        ("cx", number(x)), ("cy", number(y)), ("r", number(radius)), ("fill", fill),
        ("stroke", stroke),
      ], tip: tip)
  }

  mutating func polygon(_ points: [Point], fill: String, stroke: String, tip: String? = nil) {
    append(
      "path",
      [("d", Self.path(points, radius: 0) + "Z"), ("fill", fill), ("stroke", stroke)], tip: tip)
  }

  /// Straight pieces from point to point, corners rounded off.
  mutating func line(
    _ points: [Point], stroke: String, width: Double = 1, dash: String? = nil,
    cornerRadius: Double = 0, hasArrow: Bool = false
  ) {
    var attributes = [
      ("d", Self.path(points, radius: cornerRadius)), ("fill", "none"), ("stroke", stroke),
      ("stroke-width", number(width)),
    ]
    if let dash { attributes.append(("stroke-dasharray", dash)) }
    append("path", attributes)
    if hasArrow { arrowHead(points, fill: stroke) }
  }

  private mutating func arrowHead(_ points: [Point], fill: String) {
    guard points.count > 1, let tip = points.last else { return }
    let before = points[points.count - 2]
    let (dx, dy) = (tip.x - before.x, tip.y - before.y)
    let length = max(1e-9, (dx * dx + dy * dy).squareRoot())
    let (ux, uy) = (dx / length, dy / length)
    let corners = [
      tip, Point(tip.x - 6 * ux - 3 * uy, tip.y - 6 * uy + 3 * ux),
      Point(tip.x - 6 * ux + 3 * uy, tip.y - 6 * uy - 3 * ux),
    ]
    append("path", [("d", Self.path(corners, radius: 0) + "Z"), ("fill", fill)])
  }

  enum Anchor: String { case start, middle, end }

  /// - Parameter y: of the baseline.
  mutating func text(
    _ string: String, x: Double, y: Double, size: Double = 11, anchor: Anchor = .start,
    fill: String = Palette.ink, isBold: Bool = false, isUpright: Bool = false
  ) {
    var attributes = [("x", number(x)), ("y", number(y)), ("font-size", number(size))]
    if anchor != .start { attributes.append(("text-anchor", anchor.rawValue)) }
    attributes.append(("fill", fill))
    if isBold { attributes.append(("font-weight", "bold")) }
    if isUpright { attributes.append(("transform", "rotate(-90 \(number(x)) \(number(y)))")) }
    body += "<text\(Self.text(attributes)) pointer-events=\"none\">\(string.xmlEscaped)</text>\n"
  }

  /// About how wide a text is, by the average of a sans-serif letter.
  static func width(_ string: String, size: Double, isBold: Bool = false) -> Double {
    string.reduce(0) { width, letter in
      width + size * Self.letterWidth(letter) * (isBold ? 1.07 : 1)
    }
  }

  private static func letterWidth(_ letter: Character) -> Double {
    switch letter {
    case "i", "j", "l", ".", ",", ":", ";", "'", "|", " ", "/": 0.28
    case "f", "t", "r", "(", ")", "-", "{", "}": 0.36
    case "m", "w", "M", "W", "%": 0.85
    case "A"..."Z": 0.68
    default: 0.56
    }
  }

  // MARK: Text of the file

  private mutating func append(_ name: String, _ attributes: [(String, String)], tip: String? = nil)
  {
    body += "<\(name)\(Self.text(attributes))"
    body += tip.map { "><title>\($0.xmlEscaped)</title></\(name)>\n" } ?? "/>\n"
  }

  private static func text(_ attributes: [(String, String)]) -> String {
    attributes.map { " \($0.0)=\"\($0.1)\"" }.joined()
  }

  private static func path(_ points: [Point], radius: Double) -> String {
    guard let first = points.first else { return "" }
    var path = "M\(number(first.x)) \(number(first.y))"
    for index in points.indices.dropFirst() {
      let point = points[index]
      guard radius > 0, index + 1 < points.count else {
        path += "L\(number(point.x)) \(number(point.y))"
        continue
      }
      let enter = point.toward(points[index - 1], by: radius)
      let leave = point.toward(points[index + 1], by: radius)
      path += "L\(number(enter.x)) \(number(enter.y))"
      path += "Q\(number(point.x)) \(number(point.y)) \(number(leave.x)) \(number(leave.y))"
    }
    return path
  }
}

package struct Point: Hashable {
  package var x: Double
  package var y: Double

  init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }

  /// The point `distance` from here on the way to another, half the way at most.
  func toward(_ other: Point, by distance: Double) -> Point {
    let (dx, dy) = (other.x - x, other.y - y)
    let length = (dx * dx + dy * dy).squareRoot()
    guard length > 0 else { return self }
    let share = min(distance, length / 2) / length
    return Point(x + dx * share, y + dy * share)
  }
}

package struct Frame: Hashable {
  package var x: Double
  package var y: Double
  package var width: Double
  package var height: Double

  package var right: Double { x + width }
  package var bottom: Double { y + height }
  var middleX: Double { x + width / 2 }
  var middleY: Double { y + height / 2 }
}

/// With two decimals at most.
private func number(_ value: Double) -> String {
  let text = value.rounded(to: 2)
  guard text.contains(".") else { return text }
  return String(text.reversed().drop { $0 == "0" }.drop { $0 == "." }.reversed())
}
