import PenumbraEngine

extension Smear {
  /// The cells that a person would mark, with boxes around their whole outlines, cut at the rim.
  func boxes(_ options: SceneOptions) -> [LabelledBox] {
    let (whole, margin) = (options.visibleShare, options.margin)
    var boxes: [LabelledBox] = []
    for (index, cell) in red.enumerated() {
      let above =
        red[(index + 1)...].map { ($0.centre, $0.outline) } + white.map { ($0.centre, $0.outline) }
      add(0, cell.centre, cell.outline, under: above, atLeast: whole, margin, to: &boxes)
    }
    for (index, cell) in white.enumerated() {
      let above = white[(index + 1)...].map { ($0.centre, $0.outline) }
      add(1, cell.centre, cell.outline, under: above, atLeast: whole / 2, margin, to: &boxes)
    }
    for cell in platelets {
      add(2, cell.centre, cell.outline, under: [], atLeast: whole, margin, to: &boxes)
    }
    return boxes
  }

  private func add(
    _ classIndex: Int, _ centre: SIMD2<Float>, _ outline: Outline,
    under above: [(SIMD2<Float>, Outline)], atLeast share: Float, _ margin: Float,
    to boxes: inout [LabelledBox]
  ) {
    let bounds = outline.bounds + SIMD4(-margin, -margin, margin, margin)
    let (left, right) = (max(centre.x + bounds.x, 0), min(centre.x + bounds.z, view.size.x))
    let (top, bottom) = (max(centre.y + bounds.y, 0), min(centre.y + bounds.w, view.size.y))
    guard right - left > 1, bottom - top > 1,
      visibleShare(centre, outline, under: above) >= share
    else { return }
    let box = Box(
      x: (left + right) / 2 / view.size.x, y: (top + bottom) / 2 / view.size.y,
      width: (right - left) / view.size.x, height: (bottom - top) / view.size.y)
    boxes.append(LabelledBox(classIndex: classIndex, box: box))
  }

  /// How much of a cell is in the picture and under none of the others, by points spread over it.
  private func visibleShare(
    _ centre: SIMD2<Float>, _ outline: Outline, under above: [(SIMD2<Float>, Outline)]
  ) -> Float {
    let near = above.filter {
      length($0.0 - centre) < 1.7 * (outline.radius + $0.1.radius)
    }
    let count = 300
    var seen = 0
    outline.radii.withUnsafeBufferPointer { radii in
      for index in 0..<count {
        // Sunflower seeds: the same area for each.
        let direction = unitVector(Float(index) * 2.399_963)
        let far = ((Float(index) + 0.5) / Float(count)).squareRoot()
        let place = direction * (far * Outline.distance(radii.baseAddress!, direction))
        let point = centre + place
        if view.contains(point), near.allSatisfy({ !$0.1.contains(point - $0.0) }) { seen += 1 }
      }
    }
    return Float(seen) / Float(count)
  }
}
