/// Finds boxes by the place of their centre and their extents.
///
/// Two boxes whose IoU exceeds t share an area of more than t / (1 + t) times the sum of theirs. That
/// bounds how far apart their centres are and how much their extents differ. Extents are those between
/// the edges that `Box.iou` computes, and areas its areas, so that the bounds hold for boxes that are
/// hardly longer than the distance of two floats too; all bounds are wider than the rounding.
struct BoxGrid {
  /// Boxes of about one width and one height, in cells of a part of these.
  private struct Level {
    let columns: Cells
    let rows: Cells
    /// Of the boxes that were inserted.
    var count = 0
    var leastArea = Double.infinity
  }

  private struct Size: Hashable {
    let width: ExtentClass
    let height: ExtentClass
  }

  private struct Place {
    let level: Int
    let horizontal: Extent
    let vertical: Extent
    let area: Double
  }

  /// An inserted box, and the one inserted into its cell before; -1 for none.
  private struct Entry {
    let box: Box
    let previous: Int32
  }

  private let measure: OverlapMeasure
  /// The least part of the sum of two areas that the common one is.
  private let share: Double
  /// Of the boxes; nil for one that meets no other, as it has no extent.
  private var places: [Place?] = []
  private var levels: [Level] = []
  /// The inserted boxes of each level.
  private var members: [[Box]] = []
  private var entries: [Entry] = []
  /// The entry inserted last into each cell.
  private var newest: CellTable

  /// - Parameter measure: its threshold is not negative.
  init(_ boxes: [Box], _ measure: OverlapMeasure) {
    self.measure = measure
    let threshold = Double(measure.threshold)
    share = 0.99 * threshold / (1 + threshold)
    // The higher the threshold, the nearer are two boxes that exceed it, and the more are kept.
    let cellsPerExtent = threshold < 0.7 ? 2.0 : 8
    newest = CellTable(capacity: boxes.count)
    var known: [Size: Int] = [:]
    places = boxes.map { box in
      let horizontal = Extent(box.x, box.width)
      let vertical = Extent(box.y, box.height)
      guard let width = ExtentClass(horizontal), let height = ExtentClass(vertical) else {
        return nil
      }
      let size = Size(width: width, height: height)
      let level = known[size] ?? levels.count
      if level == levels.count {
        known[size] = level
        levels.append(
          Level(columns: Cells(width, cellsPerExtent), rows: Cells(height, cellsPerExtent)))
      }
      return Place(
        level: level, horizontal: horizontal, vertical: vertical,
        area: Double(box.width * box.height))
    }
    members = Array(repeating: [], count: levels.count)
  }

  mutating func insert(_ index: Int, _ box: Box) {
    guard let place = places[index] else { return }
    let level = levels[place.level]
    let key = CellTable.Key(
      level: place.level, column: level.columns.cell(place.horizontal.center),
      row: level.rows.cell(place.vertical.center))
    entries.append(Entry(box: box, previous: newest[key]))
    newest[key] = Int32(entries.count - 1)
    members[place.level].append(box)
    levels[place.level].count += 1
    levels[place.level].leastArea = min(level.leastArea, place.area)
  }

  /// Removes all that was inserted.
  mutating func removeAll() {
    newest.removeAll()
    entries.removeAll(keepingCapacity: true)
    for level in levels.indices {
      members[level].removeAll(keepingCapacity: true)
      (levels[level].count, levels[level].leastArea) = (0, .infinity)
    }
  }

  /// Whether one of the inserted boxes overlaps a box, comparing those that are near enough.
  ///
  /// - Parameter comparisons: counts them.
  func overlaps(_ index: Int, _ box: Box, _ comparisons: inout Int) -> Bool {
    guard let place = places[index] else { return false }
    return levels.indices.contains { level in
      levels[level].count > 0 && overlaps(box, place, level, &comparisons)
    }
  }

  private func overlaps(
    _ box: Box, _ place: Place, _ number: Int, _ comparisons: inout Int
  ) -> Bool {
    let level = levels[number]
    let width = min(place.horizontal.length, level.columns.longest)
    let height = min(place.vertical.length, level.rows.longest)
    // Products of floats this small lose their precision.
    let needed = share * (place.area + level.leastArea)
    let area = needed < 1e-30 ? 0 : needed
    guard area < width * height else { return false }
    let columns = level.columns.near(place.horizontal, overlap: area / height)
    let rows = level.rows.near(place.vertical, overlap: area / width)
    guard columns.count * rows.count < level.count else {
      return measure.overlaps(box, oneOf: members[number], &comparisons)
    }
    for row in rows {
      for column in columns {
        var entry = newest[CellTable.Key(level: number, column: column, row: row)]
        while entry >= 0 {
          comparisons += 1
          if measure.overlaps(entries[Int(entry)].box, box) { return true }
          entry = entries[Int(entry)].previous
        }
      }
    }
    return false
  }
}

/// A box along one axis, by the edges that `Box.iou` computes.
private struct Extent {
  let center: Double
  let length: Double

  init(_ center: Float, _ size: Float) {
    let (low, high) = (Double(center - size / 2), Double(center + size / 2))
    (self.center, length) = ((low + high) / 2, high - low)
  }
}

/// Half an octave of lengths.
private struct ExtentClass: Hashable {
  private static let range = -200...40
  private let halfOctave: Int

  /// Nil for an extent of nothing, of infinity, or of no numbers.
  init?(_ extent: Extent) {
    guard extent.length > 0, extent.length.isFinite else { return nil }
    let isUpperHalf = extent.length.significand >= 2.0.squareRoot()
    let halfOctave = 2 * Int(extent.length.exponent) + (isUpperHalf ? 1 : 0)
    self.halfOctave = min(max(halfOctave, Self.range.lowerBound), Self.range.upperBound)
  }

  /// No extent is longer.
  var longest: Double {
    guard halfOctave < Self.range.upperBound else { return .infinity }
    return Double(
      sign: .plus, exponent: halfOctave >> 1, significand: halfOctave & 1 == 0 ? 1.4143 : 2)
  }
}

/// The columns or rows of the boxes of one extent.
private struct Cells {
  /// Finer cells would gain nothing: this is a fraction of a pixel.
  private static let least = 0x1p-14

  let longest: Double
  private let size: Double

  init(_ extents: ExtentClass, _ cellsPerExtent: Double) {
    longest = extents.longest
    size = max(longest / cellsPerExtent, Self.least)
  }

  /// The column of a centre; those far outside count to the outermost one.
  func cell(_ center: Double) -> Int {
    guard size.isFinite else { return 0 }
    let last = Double(CellTable.Key.last)
    return Int(min(max((center / size).rounded(.down), -last), last))
  }

  /// Those in which the centre of a box can lie that shares more than `overlap` with an extent.
  func near(_ extent: Extent, overlap: Double) -> ClosedRange<Int> {
    let reach = max(0, 1.0001 * (extent.length + longest) / 2 - overlap)
    return cell(extent.center - reach)...cell(extent.center + reach)
  }
}

/// A number for each cell that has one: a hash table with linear probing.
private struct CellTable {
  struct Key {
    /// The outermost row and column.
    static let last = 1 << 21
    let bits: UInt64

    /// Rows and columns are -`last` to `last`.
    init(level: Int, column: Int, row: Int) {
      bits =
        UInt64(level) << 46 | UInt64(column + Self.last) << 23 | UInt64(row + Self.last)
    }
  }

  private var keys: [UInt64]
  /// -1 where a slot is free.
  private var values: [Int32]
  private var used: [Int] = []

  /// - Parameter capacity: the most cells.
  init(capacity: Int) {
    var slots = 16
    while slots < 2 * capacity { slots *= 2 }
    (keys, values) = (Array(repeating: 0, count: slots), Array(repeating: -1, count: slots))
  }

  /// The slot of a key, or the free one where it belongs.
  private func slot(_ key: Key) -> Int {
    let mask = keys.count - 1
    var slot = Int(truncatingIfNeeded: (key.bits &* 0x9E37_79B9_7F4A_7C15) >> 20) & mask
    while values[slot] >= 0, keys[slot] != key.bits { slot = (slot + 1) & mask }
    return slot
  }

  subscript(key: Key) -> Int32 {
    get { values[slot(key)] }
    set {
      let slot = slot(key)
      if values[slot] < 0 { used.append(slot) }
      (keys[slot], values[slot]) = (key.bits, newValue)
    }
  }

  mutating func removeAll() {
    for slot in used { values[slot] = -1 }
    used.removeAll(keepingCapacity: true)
  }
}
