import PenumbraEngine

/// The part of a picture that becomes a detector's input; it may reach over the rim.
///
/// - Source: Darknet `data.c` (`load_data_detection`).
struct Cut: Hashable {
  /// Of the picture.
  let width, height: Int
  /// How far each edge lies inside of the picture, in pixels; negative ones lie outside.
  var left, top, right, bottom: Int
  var isMirrored: Bool

  var cutWidth: Int { width - left - right }
  var cutHeight: Int { height - top - bottom }

  /// All of the picture.
  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    (left, top, right, bottom) = (0, 0, 0, 0)
    isMirrored = false
  }

  /// A cut that was drawn, for an input of the given size.
  init(
    width: Int, height: Int, _ augmentation: Augmentation, inputWidth: Int, inputHeight: Int,
    _ dice: inout Dice
  ) {
    self.init(width: width, height: height)
    let (dx, dy) = (
      Int(Double(width) * augmentation.jitter), Int(Double(height) * augmentation.jitter)
    )
    (left, right) = (dice.int(-dx...dx), dice.int(-dx...dx))
    (top, bottom) = (dice.int(-dy...dy), dice.int(-dy...dy))
    rescale(augmentation.resize, &dice)
    if augmentation.letterBox { pad(toProportions: Double(inputWidth) / Double(inputHeight)) }
    // Where the edges have passed each other Darknet takes the whole picture.
    if cutWidth < 1 || cutHeight < 1 { (left, top, right, bottom) = (0, 0, 0, 0) }
    isMirrored = augmentation.flip && dice.chance(oneIn: 2)
  }

  private mutating func rescale(_ resize: Double, _ dice: inout Dice) {
    let (first, second) = (dice.uniform(), dice.uniform())
    guard resize != 1 else { return }
    func shift(_ size: Int, _ share: Double) -> Int {
      let size = Double(size)
      let low = resize > 1 ? size * (1 - resize) / 2 : size * (1 - 1 / resize) / 2
      let high = resize > 1 ? size * (1 - 1 / resize) / 2 : 0
      return Int(low + share * (high - low))
    }
    left += shift(width, first)
    right += shift(width, second)
    top += shift(height, first)
    bottom += shift(height, second)
  }

  /// Moves two edges outward until the cut has the given width over height.
  private mutating func pad(toProportions wanted: Double) {
    let (w, h) = (Double(cutWidth), Double(cutHeight))
    guard w >= 1, h >= 1 else { return }
    if w / h > wanted {
      let margin = Int((w / wanted - h) / 2)
      (top, bottom) = (top - margin, bottom - margin)
    } else {
      let margin = Int((h * wanted - w) / 2)
      (left, right) = (left - margin, right - margin)
    }
  }

  // MARK: Pixels and boxes

  /// Where the pixels of an input of the given size come from.
  func map(inputWidth: Int, inputHeight: Int) -> PixelMap {
    let step = Double(cutWidth) / Double(inputWidth)
    let rowStep = Double(cutHeight) / Double(inputHeight)
    let first = isMirrored ? Double(left + cutWidth) - step / 2 : Double(left) + step / 2
    return PixelMap(
      x: first - 0.5, y: Double(top) + rowStep / 2 - 0.5, xPerColumn: isMirrored ? -step : step,
      xPerRow: 0, yPerColumn: 0, yPerRow: rowStep, columns: left..<left + cutWidth,
      rows: top..<top + cutHeight)
  }

  /// Edges of a box of the picture, in shares of the cut; not trimmed.
  func edges(of box: Box) -> BoxEdges {
    let (w, h) = (Double(width), Double(height))
    var edges = BoxEdges(box)
    edges.left = (edges.left * w - Double(left)) / Double(cutWidth)
    edges.right = (edges.right * w - Double(left)) / Double(cutWidth)
    edges.top = (edges.top * h - Double(top)) / Double(cutHeight)
    edges.bottom = (edges.bottom * h - Double(top)) / Double(cutHeight)
    if isMirrored { (edges.left, edges.right) = (1 - edges.right, 1 - edges.left) }
    return edges
  }

  /// Where the picture itself lies in the cut, in shares of it.
  var interior: BoxEdges { edges(of: Box(x: 0.5, y: 0.5, width: 1, height: 1)) }
}

/// A box by its edges, in shares.
struct BoxEdges: Hashable {
  var left, top, right, bottom: Double

  init(_ box: Box) {
    let (x, y) = (Double(box.x), Double(box.y))
    let (w, h) = (Double(box.width), Double(box.height))
    (left, right) = (x - w / 2, x + w / 2)
    (top, bottom) = (y - h / 2, y + h / 2)
  }

  var box: Box {
    Box(
      x: Float((left + right) / 2), y: Float((top + bottom) / 2), width: Float(right - left),
      height: Float(bottom - top))
  }

  /// What of it lies inside; may have no size.
  func trimmed(to bounds: (left: Double, top: Double, right: Double, bottom: Double) = (0, 0, 1, 1))
    -> BoxEdges
  {
    var edges = self
    edges.left = min(max(left, bounds.left), bounds.right)
    edges.right = min(max(right, bounds.left), bounds.right)
    edges.top = min(max(top, bounds.top), bounds.bottom)
    edges.bottom = min(max(bottom, bounds.top), bounds.bottom)
    return edges
  }

  /// Whether it is at least a pixel wide and high.
  func hasSize(inputWidth: Int, inputHeight: Int) -> Bool {
    (right - left) * Double(inputWidth) >= 1 && (bottom - top) * Double(inputHeight) >= 1
  }
}

extension Cut {
  /// The boxes that are left in the cut: in an order that was drawn, at most so many of them looked
  /// at, trimmed to the input, those below a pixel left out.
  ///
  /// - Source: Darknet `data.c` (`randomize_boxes`, `correct_boxes`, `fill_truth_detection`).
  func boxes(
    _ boxes: [LabelledBox], atMost most: Int, inputWidth: Int, inputHeight: Int, _ dice: inout Dice
  ) -> [LabelledBox] {
    var boxes = boxes
    dice.shuffle(&boxes)
    return boxes.prefix(most).compactMap { labelled in
      let edges = edges(of: labelled.box).trimmed()
      guard edges.hasSize(inputWidth: inputWidth, inputHeight: inputHeight) else { return nil }
      var placed = labelled
      placed.box = edges.box
      return placed
    }
  }
}
