import PenumbraEngine

/// Four pictures around a cut point.
///
/// - Source: Darknet `data.c` (`load_data_detection`, `blend_truth_mosaic`).
struct MosaicLayout: Hashable {
  let width, height: Int
  /// The column and the row where the quadrants meet.
  let cutX, cutY: Int

  init(width: Int, height: Int, _ dice: inout Dice) {
    (self.width, self.height) = (width, height)
    cutX = Self.cut(width, &dice)
    cutY = Self.cut(height, &dice)
  }

  /// Between two and eight tenths.
  private static func cut(_ size: Int, _ dice: inout Dice) -> Int {
    let low = size / 5
    return dice.int(low...max(low, size * 4 / 5))
  }

  /// Quadrants in the order upper left, upper right, lower left, lower right.
  func area(_ quadrant: Int) -> PixelArea {
    PixelArea(
      columns: quadrant % 2 == 0 ? 0..<cutX : cutX..<width,
      rows: quadrant / 2 == 0 ? 0..<cutY : cutY..<height)
  }

  /// Moves the cut of a picture, its size kept, to the corner of the picture that the quadrant is
  /// in.
  func cornered(_ cut: Cut, _ quadrant: Int) -> Cut {
    var cut = cut
    let (across, down) = (cut.left + cut.right, cut.top + cut.bottom)
    let isLeft = (quadrant % 2 == 0) != cut.isMirrored
    (cut.left, cut.right) = isLeft ? (0, across) : (across, 0)
    (cut.top, cut.bottom) = quadrant / 2 == 0 ? (0, down) : (down, 0)
    return cut
  }

  /// Which pixel of the picture's own input stands at the corner of the quadrant, so that the
  /// picture reaches to where the quadrants meet.
  func corner(_ cut: Cut, _ quadrant: Int) -> (column: Int, row: Int) {
    let inside = cut.interior
    func start(_ low: Double, _ high: Double, _ size: Int, _ cut: Int, isFirst: Bool) -> Int {
      isFirst
        ? max(Int((min(high, 1) * Double(size)).rounded()) - cut, 0)
        : min(max(Int((low * Double(size)).rounded()), 0), cut)
    }
    return (
      start(inside.left, inside.right, width, cutX, isFirst: quadrant % 2 == 0),
      start(inside.top, inside.bottom, height, cutY, isFirst: quadrant / 2 == 0)
    )
  }

  /// A picture's boxes on the whole: shifted as it is, trimmed, kept where more than a pixel is
  /// left.
  func boxes(
    _ boxes: [LabelledBox], _ quadrant: Int, corner: (column: Int, row: Int), isBound: Bool
  ) -> [LabelledBox] {
    let area = area(quadrant)
    let (w, h) = (Double(width), Double(height))
    let dx = Double(area.columns.lowerBound - corner.column) / w
    let dy = Double(area.rows.lowerBound - corner.row) / h
    let bounds =
      isBound
      ? (
        Double(area.columns.lowerBound) / w, Double(area.rows.lowerBound) / h,
        Double(area.columns.upperBound) / w, Double(area.rows.upperBound) / h
      ) : (0, 0, 1, 1)
    return boxes.compactMap { labelled in
      var edges = BoxEdges(labelled.box)
      (edges.left, edges.right) = (edges.left + dx, edges.right + dx)
      (edges.top, edges.bottom) = (edges.top + dy, edges.bottom + dy)
      edges = edges.trimmed(to: bounds)
      guard edges.hasSize(inputWidth: width, inputHeight: height) else { return nil }
      var placed = labelled
      placed.box = edges.box
      return placed
    }
  }
}
