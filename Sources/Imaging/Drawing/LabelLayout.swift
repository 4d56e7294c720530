/// Finds a place for each label plate: inside the picture, by its box, apart from the others.
package struct LabelLayout {
  let bounds: Rectangle
  private(set) var placed: [Rectangle] = []
  /// How many pairs of plates were compared.
  package private(set) var comparisons = 0
  /// The plates whose left upper corner is in each cell, ascending.
  private var cells: [[Int]]
  private let columns: Int
  private let cellSide: Float
  /// The widest and the highest plate.
  private var largest = (width: Float(0), height: Float(0))

  package init(bounds: Rectangle) {
    self.bounds = bounds
    cellSide = max(max(bounds.width, bounds.height) / 64, 16)
    columns = Self.count(bounds.width, cellSide)
    cells = Array(repeating: [], count: columns * Self.count(bounds.height, cellSide))
  }

  private static func count(_ length: Float, _ side: Float) -> Int {
    Int((length / side).rounded(.down)) + 1
  }

  /// The first free place around a box, or the one that covers least of the labels before.
  ///
  /// - Precondition: the plate is no larger than the picture.
  package mutating func place(width: Float, height: Float, at box: Rectangle) -> Rectangle {
    let candidates = tops(height, box).flatMap { top in
      [box.left, box.right - width].map { plate(left: $0, top: top, width, height) }
    }
    var best = (plate: candidates[0], overlap: Float.infinity)
    for plate in candidates {
      let overlap = overlap(plate, atMost: best.overlap)
      if overlap < best.overlap { best = (plate, overlap) }
      if overlap == 0 { break }
    }
    insert(best.plate)
    return best.plate
  }

  /// What a plate covers of the others, or something not below a limit.
  ///
  /// The sum is that over all others in the order in which they were placed: those that are not near
  /// would add 0.
  private mutating func overlap(_ plate: Rectangle, atMost limit: Float) -> Float {
    var sum: Float = 0
    for other in near(plate) {
      comparisons += 1
      sum += placed[other].overlap(plate)
      if sum >= limit { break }
    }
    return sum
  }

  private mutating func insert(_ plate: Rectangle) {
    cells[row(plate.top) * columns + column(plate.left)].append(placed.count)
    placed.append(plate)
    largest.width = max(largest.width, plate.width)
    largest.height = max(largest.height, plate.height)
  }

  /// The plates whose corner is so near that they can cover some of this one, in their order.
  private func near(_ plate: Rectangle) -> [Int] {
    var found: [Int] = []
    for row in row(plate.top - largest.height - 1)...row(plate.bottom) {
      for column in column(plate.left - largest.width - 1)...column(plate.right) {
        found += cells[row * columns + column]
      }
    }
    return found.sorted()
  }

  private func column(_ x: Float) -> Int {
    min(max(Int((x - bounds.left) / cellSide), 0), columns - 1)
  }

  private func row(_ y: Float) -> Int {
    min(max(Int((y - bounds.top) / cellSide), 0), cells.count / columns - 1)
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
