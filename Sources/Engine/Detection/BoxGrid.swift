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
    var kept: [Int] = []

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

  private let boxes: [Box]
  private let threshold: Double
  /// The least ratio of the sides of two boxes that overlap enough.
  private let leastRatio: Double
  private let places: [Place]
  private var levels: [Level]
  /// The box inserted last into each cell, and for each box the one inserted before; -1 for none.
  private var newest: [Int32]
  private var previous: [Int32]
  private var anywhere: [Int] = []

  /// - Parameter threshold: not negative.
  init(_ boxes: [Box], _ threshold: Float) {
    self.boxes = boxes
    self.threshold = Double(threshold)
    leastRatio = 0.9 * Double(threshold)
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
    previous = Array(repeating: -1, count: boxes.count)
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

  mutating func insert(_ index: Int) {
    switch places[index] {
    case .nowhere: break
    case .anywhere: anywhere.append(index)
    case .cell(let level, let cell):
      previous[index] = newest[cell]
      newest[cell] = Int32(index)
      levels[level].kept.append(index)
    }
  }

  /// Removes all that was inserted.
  mutating func remove(_ kept: [Int]) {
    for index in kept {
      if case .cell(_, let cell) = places[index] { newest[cell] = -1 }
    }
    for level in levels.indices { levels[level].kept.removeAll(keepingCapacity: true) }
    anywhere.removeAll(keepingCapacity: true)
  }

  /// Whether `overlaps` holds for one of the inserted boxes, asked only for those near enough.
  ///
  /// - Parameter kept: all of them.
  func contains(near index: Int, among kept: [Int], where overlaps: (Int) -> Bool) -> Bool {
    switch places[index] {
    case .nowhere: return false
    case .anywhere: return kept.contains(where: overlaps)
    case .cell: break
    }
    if anywhere.contains(where: overlaps) { return true }
    let box = boxes[index]
    let side = Double(max(box.width, box.height))
    let candidates = Self.level(side * leastRatio)...Self.level(side / leastRatio)
    return levels[candidates].contains { contains(box, $0, where: overlaps) }
  }

  private func contains(_ box: Box, _ level: Level, where overlaps: (Int) -> Bool) -> Bool {
    guard !level.kept.isEmpty else { return false }
    let columns = cells(box.x, box.width, level)
    let rows = cells(box.y, box.height, level)
    guard columns.count * rows.count < level.kept.count else {
      return level.kept.contains(where: overlaps)
    }
    for row in rows {
      for column in columns {
        var other = newest[level.start + row * level.cells + column]
        while other >= 0 {
          if overlaps(Int(other)) { return true }
          other = previous[Int(other)]
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
