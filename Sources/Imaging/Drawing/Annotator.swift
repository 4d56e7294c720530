/// Draws boxes with their labels, sized to fit the picture.
public struct Annotator: Sendable {
  /// Multiplies line width and text; 1 suits most pictures.
  public var scale: Float

  public init(scale: Float = 1) { self.scale = scale }

  /// The picture in color with the boxes drawn on it, the most confident on top.
  ///
  /// Boxes are cut at the edge of the picture; one with nothing inside, or with a coordinate that
  /// is no number, is left out.
  public func draw(_ annotations: [Annotation], on bitmap: Bitmap) -> Bitmap {
    var canvas = Canvas(bitmap)
    let style = AnnotationStyle(width: bitmap.width, height: bitmap.height, scale: scale)
    let visible = annotations.compactMap { annotation in
      annotation.rectangle.clipped(to: canvas.bounds).map { (annotation, box: $0) }
    }.sorted { $0.0.rank < $1.0.rank }

    for (annotation, box) in visible {
      style.drawBox(box, Color.of(classIndex: annotation.classIndex), on: &canvas)
    }
    // The most confident choose their place first, and are painted last.
    var layout = LabelLayout(bounds: canvas.bounds)
    let plates = visible.reversed().compactMap { annotation, box in
      style.plate(for: annotation, box: box, in: &layout)
    }
    for plate in plates.reversed() { plate.draw(on: &canvas) }
    return canvas.bitmap
  }
}

extension Annotation {
  fileprivate var rectangle: Rectangle {
    Rectangle(left: x, top: y, right: x + width, bottom: y + height)
  }

  /// The confidence as something that can be sorted.
  fileprivate var rank: Float { confidence.isNaN ? -.infinity : confidence }
}
