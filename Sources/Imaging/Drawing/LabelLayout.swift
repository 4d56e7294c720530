/// Finds a place for each label plate: inside the picture, by its box, apart from the others.
struct LabelLayout {
  let bounds: Rectangle
  private(set) var placed: [Rectangle] = []

  init(bounds: Rectangle) { self.bounds = bounds }

  /// The first free place around a box, or the one that covers least of the labels before.
  ///
  /// - Precondition: the plate is no larger than the picture.
  mutating func place(width: Float, height: Float, at box: Rectangle) -> Rectangle {
    let candidates = tops(height, box).flatMap { top in
      [box.left, box.right - width].map { plate(left: $0, top: top, width, height) }
    }
    var best = (plate: candidates[0], overlap: Float.infinity)
    for plate in candidates {
      let overlap = placed.reduce(0) { $0 + $1.overlap(plate) }
      if overlap < best.overlap { best = (plate, overlap) }
      if overlap == 0 { break }
    }
    placed.append(best.plate)
    return best.plate
  }

  /// Above the box, inside at its top, below, inside at its bottom, then further down.
  private func tops(_ height: Float, _ box: Rectangle) -> [Float] {
    let preferred = [box.top - height, box.top, box.bottom, box.bottom - height]
    let stacked = (1...4).map { box.top + Float($0) * height }
    return (preferred + stacked).filter { $0 >= bounds.top && $0 + height <= bounds.bottom }
      + [box.top]
  }

  /// Moved inside the picture; whole pixels keep the plate's edges sharp.
  private func plate(left: Float, top: Float, _ width: Float, _ height: Float) -> Rectangle {
    let x = max(min(left, bounds.right - width), bounds.left).rounded(.down)
    let y = max(min(top, bounds.bottom - height), bounds.top).rounded(.down)
    return Rectangle(left: x, top: y, right: x + width, bottom: y + height)
  }
}
