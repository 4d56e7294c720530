/// Finds, among many boxes, those that a box can meet, without looking at the others.
///
/// Boxes are in levels by the power of two of their longer side, and there in square cells of that
/// side by their left upper corner; so a box that meets another lies in a few cells of each level.
/// All limits hold for what `PixelRect.overlap` computes, rounding included.
package struct RectIndex {
  fileprivate struct Cell: Hashable {
    let column: Double
    let row: Double
  }

  fileprivate struct Level {
    /// A power of two; no box is wider or higher.
    let side: Double
    var cells: [Cell: [Int]] = [:]
    /// All boxes of the level, ascending.
    var members: [Int] = []
  }

  private var levels: [Level] = []

  package init(_ rects: some Sequence<PixelRect>) {
    var places: [Double: Int] = [:]
    for (index, rect) in rects.enumerated() {
      let side = Self.side(rect)
      let place = places[side] ?? levels.count
      if place == levels.count {
        places[side] = place
        levels.append(Level(side: side))
      }
      levels[place].members.append(index)
      let cell = Cell(
        column: (rect.left / side).rounded(.down), row: (rect.top / side).rounded(.down))
      levels[place].cells[cell, default: []].append(index)
    }
  }

  /// The least power of two that both sides, as the edges have them, do not exceed.
  private static func side(_ rect: PixelRect) -> Double {
    let width = (rect.left + rect.width - rect.left).nextUp
    let height = (rect.top + rect.height - rect.top).nextUp
    let longer = min(max(width, height, 0x1p-900), 0x1p900)
    return Double(sign: .plus, exponent: Int(longer.exponent) + 1, significand: 1)
  }

  /// The indices, ascending, of all boxes that have an intersection with `rect`, and of some others.
  package func indices(near rect: PixelRect) -> [Int] {
    var found: [Int] = []
    var lists = 0
    for level in levels {
      level.forEachList(near: rect) {
        found += $0
        lists += 1
      }
    }
    // Each list is in order.
    return lists > 1 ? found.sorted() : found
  }
}

extension RectIndex.Level {
  /// Calls `body` with the lists of boxes in all cells that can matter.
  fileprivate func forEachList(near rect: PixelRect, _ body: ([Int]) -> Void) {
    let columns = cells(rect.left, rect.left + rect.width)
    let rows = cells(rect.top, rect.top + rect.height)
    let count = (columns.last - columns.first + 1) * (rows.last - rows.first + 1)
    // Beyond 2^50 cells cannot be counted one by one.
    let isCountable = [columns.first, columns.last, rows.first, rows.last]
      .allSatisfy { $0.magnitude < 0x1p50 }
    guard isCountable, side < 0x1p900, count < Double(members.count) else { return body(members) }
    for row in stride(from: rows.first, through: rows.last, by: 1) {
      for column in stride(from: columns.first, through: columns.last, by: 1) {
        if let list = cells[RectIndex.Cell(column: column, row: row)] { body(list) }
      }
    }
  }

  /// Where a box that meets the interval can begin: dividing by a power of two is exact.
  private func cells(_ low: Double, _ high: Double) -> (first: Double, last: Double) {
    ((low / side).rounded(.down) - 1, (high / side).rounded(.down))
  }
}
