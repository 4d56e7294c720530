/// The measures of lines and labels for one size of picture.
struct AnnotationStyle {
  let lineWidth: Float
  let lettering: Lettering
  private let capHeight: Float

  init(width: Int, height: Int, scale: Float) {
    // Between the shorter side and the mean of both, so that panoramas keep legible labels.
    let size = (Float(min(width, height)) * Float(width + height) / 2).squareRoot()
    lineWidth = max((size * 0.0042 * scale).rounded(), 2)
    capHeight = max(size * 0.0185 * scale, 8)
    lettering = Lettering(capHeight: capHeight)
  }

  /// A frame in the color of the class between two thin dark ones, visible on any background.
  func drawBox(_ box: Rectangle, _ color: Color, on canvas: inout Canvas) {
    let halo = max(1, (lineWidth / 4).rounded())
    let radius = lineWidth
    let edge = Rectangle(
      left: box.left.rounded(.down), top: box.top.rounded(.down),
      right: box.right.rounded(.up), bottom: box.bottom.rounded(.up))
    canvas.frame(
      edge.grown(by: halo), lineWidth: lineWidth + 2 * halo, radius: radius + halo, .black,
      opacity: 0.35)
    canvas.frame(edge, lineWidth: lineWidth, radius: radius, color)
  }

  /// The label of a box, shortened if need be; nil where not even one letter fits.
  func plate(
    for annotation: Annotation, box: Rectangle, in layout: inout LabelLayout
  ) -> LabelPlate? {
    let padding = (capHeight * 0.5).rounded(.up)
    let height = (capHeight * 10 / 7 + padding).rounded(.up)
    let room = layout.bounds.width - 2 * padding
    guard height <= layout.bounds.height, let text = fitted(annotation, room: room) else {
      return nil
    }
    let width = (lettering.width(of: text) + 2 * padding).rounded(.down)
    return LabelPlate(
      area: layout.place(width: width, height: height, at: box), text: text, padding: padding,
      lettering: lettering, color: Color.of(classIndex: annotation.classIndex))
  }

  /// The longest form that fits: with the percentage, without, cut short.
  private func fitted(_ annotation: Annotation, room: Float) -> String? {
    let name = String(annotation.label.prefix(200)).transliteratedToASCII
    let percentage = annotation.percentage
    let whole = [name, percentage].filter { !$0.isEmpty }.joined(separator: " ")
    let shortened = (1..<max(name.count, 1)).reversed().lazy.map { name.prefix($0) + ".." }
    return [whole, name].first { !$0.isEmpty && lettering.width(of: $0) <= room }
      ?? shortened.map(String.init).first { lettering.width(of: $0) <= room }
  }
}

extension Annotation {
  fileprivate var percentage: String {
    guard confidence.isFinite else { return "" }
    return "\(Int((min(max(confidence, 0), 1) * 100).rounded()))%"
  }
}

/// A label with its place.
struct LabelPlate {
  let area: Rectangle
  let text: String
  let padding: Float
  let lettering: Lettering
  let color: Color

  func draw(on canvas: inout Canvas) {
    canvas.fill(area, radius: padding * 0.6, color)
    canvas.stamp(
      lettering.mask(of: text), left: Int(area.left + padding),
      top: Int(area.top + padding), color.legibleInk)
  }
}
