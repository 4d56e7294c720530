/// Finds boxes by the place of their centre and the power of two of their longer side.
///
/// Two boxes whose IoU exceeds t have sides whose ratio is at least t, and centres closer than the
/// half sum of their sides less t of the longer one. All limits here are wider by more than the
/// rounding of what `Box.iou` computes; boxes that they do not cover are compared with all others.
struct BoxGrid {
  /// Sides below 2 to the power of `leastExponent` share the first level, long ones the last.
  private static let (leastExponent, mostExponent) = (-12, 3)
  private static let mostCells = 256

  /// Boxes of about one size, in square cells that cover -0.5 to 1.5 of the picture.
  private struct Level {
    /// No side is longer.
    let side: Double
    let cells: Int
    /// The place of the first cell among those of all levels.
    let start: Int

    /// The row or column of a coordinate; those outside count to the outermost one.
    func cell(_ x: Double) -> Int {
      Int(min(max((x + 0.5) / 2 * Double(cells), 0), Double(cells - 1)))
    }
  }

  private enum Place {
    /// The box meets no other: it has no extent.
    case nowhere
    case cell(level: Int, index: Int)
    /// Its edges are too coarse, or its size too extreme, for the limits to hold.
    case anywhere
  }

  /// An inserted box, and the one inserted into its cell before; -1 for none.
  private struct Entry {
    let box: Box
    let previous: Int32
  }

  private let measure: OverlapMeasure
  /// The least ratio of the sides of two boxes that overlap enough.
  private let leastRatio: Double
  private let places: [Place]
  private let levels: [Level]
  private var entries: [Entry] = []
  /// The entry inserted last into each cell; -1 for none.
  private var newest: [Int32]
  /// The boxes of each level, those with no place of their own, and where something was inserted.
  private var members: [[Box]]
  private var anywhere: [Box] = []
  private var usedCells: [Int] = []

  /// - Parameter measure: its threshold is not negative.
  init(_ boxes: [Box], _ measure: OverlapMeasure) {
    self.measure = measure
    leastRatio = 0.9 * min(Double(measure.threshold), 1)
    var (levels, start) = ([Level](), 0)
    for exponent in Self.leastExponent...Self.mostExponent {
      let side = Double(sign: .plus, exponent: exponent + 1, significand: 1)
      let cells = min(max(Int(2 / side), 1), Self.mostCells)
      levels.append(
        Level(side: exponent == Self.mostExponent ? .infinity : side, cells: cells, start: start))
      start += cells * cells
    }
    places = boxes.map { Self.place(of: $0, levels) }
    self.levels = levels
    newest = Array(repeating: -1, count: start)
    members = Array(repeating: [], count: levels.count)
  }

  private static func place(of box: Box, _ levels: [Level]) -> Place {
    let horizontal = Extent(box.x, box.width)
    let vertical = Extent(box.y, box.height)
    if horizontal.isEmpty || vertical.isEmpty { return .nowhere }
    guard horizontal.isPlain, vertical.isPlain else { return .anywhere }
    let number = level(Double(max(box.width, box.height)))
    let level = levels[number]
    let (column, row) = (level.cell(Double(box.x)), level.cell(Double(box.y)))
    return .cell(level: number, index: level.start + row * level.cells + column)
  }

  private static func level(_ side: Double) -> Int {
    guard side > 0 else { return 0 }
    let exponent = side.isFinite ? Int(side.exponent) : mostExponent
    return min(max(exponent, leastExponent), mostExponent) - leastExponent
  }

  mutating func insert(_ index: Int, _ box: Box) {
    switch places[index] {
    case .nowhere: break
    case .anywhere: anywhere.append(box)
    case .cell(let level, let cell):
      if newest[cell] < 0 { usedCells.append(cell) }
      entries.append(Entry(box: box, previous: newest[cell]))
      newest[cell] = Int32(entries.count - 1)
      members[level].append(box)
    }
  }

  /// Removes all that was inserted.
  mutating func removeAll() {
    for cell in usedCells { newest[cell] = -1 }
    for level in members.indices { members[level].removeAll(keepingCapacity: true) }
    usedCells.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
    anywhere.removeAll(keepingCapacity: true)
  }

  /// Whether one of the inserted boxes overlaps a box, comparing those that are near enough.
  ///
  /// - Parameters:
  ///   - kept: all inserted boxes.
  ///   - comparisons: counts them.
  func overlaps(_ index: Int, _ box: Box, among kept: [Box], _ comparisons: inout Int) -> Bool {
    switch places[index] {
    case .nowhere: return false
    case .anywhere: return measure.overlaps(box, oneOf: kept, &comparisons)
    case .cell: break
    }
    if measure.overlaps(box, oneOf: anywhere, &comparisons) { return true }
    let side = Double(max(box.width, box.height))
    for level in Self.level(side * leastRatio)...Self.level(side / leastRatio)
    where !members[level].isEmpty && overlaps(box, level, &comparisons) {
      return true
    }
    return false
  }

  private func overlaps(_ box: Box, _ number: Int, _ comparisons: inout Int) -> Bool {
    let level = levels[number]
    let columns = cells(box.x, box.width, level)
    let rows = cells(box.y, box.height, level)
    guard columns.count * rows.count < members[number].count else {
      return measure.overlaps(box, oneOf: members[number], &comparisons)
    }
    for row in rows {
      for column in columns {
        var place = newest[level.start + row * level.cells + column]
        while place >= 0 {
          comparisons += 1
          let entry = entries[Int(place)]
          if measure.overlaps(entry.box, box) { return true }
          place = entry.previous
        }
      }
    }
    return false
  }

  /// The cells in which the centre of a box that overlaps enough can lie, along one axis.
  private func cells(_ center: Float, _ size: Float, _ level: Level) -> ClosedRange<Int> {
    let (center, size) = (Double(center), Double(size))
    let longest = min(level.side, size / leastRatio)
    let reach = max(0.52 * (size + longest) - leastRatio * size, 0)
    return level.cell(center - reach)...level.cell(center + reach)
  }
}

/// A box along one axis, with the edges that `Box.iou` computes.
private struct Extent {
  let isEmpty: Bool
  /// Whether the edges are as far apart as the box is long, but for little.
  let isPlain: Bool

  init(_ center: Float, _ size: Float) {
    let (low, high) = (center - size / 2, center + size / 2)
    let length = Double(high) - Double(low)
    isEmpty = !(low < high)
    isPlain = (1e-9...1e9).contains(size) && abs(length - Double(size)) <= 0.02 * Double(size)
  }
}
