/// An RGB bitmap to paint on. Nothing outside is ever touched, edges are smooth.
struct Canvas {
  private(set) var bitmap: Bitmap

  init(_ bitmap: Bitmap) { self.bitmap = bitmap.expandedToRGB() }

  var bounds: Rectangle {
    Rectangle(left: 0, top: 0, right: Float(bitmap.width), bottom: Float(bitmap.height))
  }

  /// Fills a rectangle with round corners.
  mutating func fill(_ shape: Rectangle, radius: Float, _ color: Color, opacity: Float = 1) {
    let radius = min(radius, shape.width / 2, shape.height / 2)
    paint(shape, color, opacity) { 0.5 - shape.distance(x: $0, y: $1, radius: radius) }
  }

  /// Draws a frame whose outer edge is `shape`, with `lineWidth` inside of it.
  mutating func frame(
    _ shape: Rectangle, lineWidth: Float, radius: Float, _ color: Color, opacity: Float = 1
  ) {
    let radius = min(radius, shape.width / 2, shape.height / 2)
    // The inside needs no visit: it is at least this far from every edge.
    let hole = shape.grown(by: -(lineWidth + radius + 1))
    paint(shape, color, opacity, around: hole) {
      let inside = -shape.distance(x: $0, y: $1, radius: radius)
      return min(inside, lineWidth - inside) + 0.5
    }
  }

  /// Stamps a mask in one color, its top left corner at a whole pixel.
  mutating func stamp(_ mask: Mask, left: Int, top: Int, _ color: Color) {
    for y in max(0, -top)..<max(0, -top, min(mask.height, bitmap.height - top)) {
      for x in max(0, -left)..<max(0, -left, min(mask.width, bitmap.width - left)) {
        blend(color, mask.coverage[y * mask.width + x], x: left + x, y: top + y)
      }
    }
  }

  /// Blends a color where `coverage`, asked at pixel centers, is above 0.
  private mutating func paint(
    _ shape: Rectangle, _ color: Color, _ opacity: Float, around hole: Rectangle? = nil,
    coverage: (Float, Float) -> Float
  ) {
    guard let area = shape.grown(by: 1).clipped(to: bounds) else { return }
    let columns = Int(area.left)..<Int(area.right.rounded(.up))
    for y in Int(area.top)..<Int(area.bottom.rounded(.up)) {
      let middle = Float(y) + 0.5
      var x = columns.lowerBound
      while x < columns.upperBound {
        if let hole, middle > hole.top, middle < hole.bottom, Float(x) > hole.left,
          Float(x) + 1 < hole.right
        {
          x = max(x + 1, min(Int(hole.right), columns.upperBound))
          continue
        }
        blend(color, min(coverage(Float(x) + 0.5, middle), 1) * opacity, x: x, y: y)
        x += 1
      }
    }
  }

  private mutating func blend(_ color: Color, _ share: Float, x: Int, y: Int) {
    guard share > 0 else { return }
    let first = (y * bitmap.width + x) * 3
    mix(color.red, share, first)
    mix(color.green, share, first + 1)
    mix(color.blue, share, first + 2)
  }

  private mutating func mix(_ value: UInt8, _ share: Float, _ index: Int) {
    let old = Float(bitmap.bytes[index])
    bitmap.bytes[index] = UInt8(old + (Float(value) - old) * share + 0.5)
  }
}
