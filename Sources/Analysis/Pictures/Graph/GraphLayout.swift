import PenumbraEngine

/// Where the units of a detector stand: the backbone in a column at the left, a row for every stride,
/// each unit of the neck to the right of what it reads, the heads in a column at the right.
package struct GraphLayout {
  package let units: [Unit]
  /// Strides of the rows, the finest first.
  package let rows: [Int]
  package private(set) var frames: [Frame]
  package private(set) var edges: [Edge] = []
  package private(set) var bands: [Frame] = []
  package private(set) var width = 0.0
  package private(set) var height = 0.0

  package struct Edge {
    package let source: Int
    package let target: Int
    package var points: [Point] = []
  }

  static let stageSize = (width: 222.0, height: 74.0)
  static let margin = 20.0
  private static let gap = 20.0
  private static let neckLeft = margin + stageSize.width + 34
  private static let lanePitch = 8.0
  private static let stageGap = 14.0

  /// Intervals of each row that units and the lines that pass through it take.
  private var taken: [[Taken]]
  private var lanes: [Lane] = []

  private struct Taken {
    let unit: Int
    let range: ClosedRange<Double>
  }

  /// A line along a row, above or below its units, from one unit to those that it cannot reach
  /// straight.
  private struct Lane {
    let row: Int
    let isAbove: Bool
    let source: Int
    var range: ClosedRange<Double>
    var index = 0
  }

  /// - Parameter top: where the first row begins.
  package init(_ units: [Unit], top: Double) {
    self.units = units
    let rows = Set(units.map(\.row)).sorted()
    self.rows = rows
    frames = units.map { unit in
      let size = Self.size(unit)
      return Frame(x: 0, y: 0, width: size.width, height: size.height)
    }
    taken = Array(repeating: [], count: rows.count)
    for index in units.indices where !units[index].isHead { place(index) }
    for index in units.indices.reversed() where !units[index].isHead { pull(index) }
    placeHeads()
    route()
    stack(from: top)
  }

  private static func size(_ unit: Unit) -> (width: Double, height: Double) {
    switch unit.look {
    case .stage: return stageSize
    case .sign: return (22, 22)
    case .box(let lines), .head(let lines), .funnel(let lines):
      let text = lines.map { Drawing.width($0, size: 12) }.max() ?? 0
      return (max(36, text + 14), lines.count > 1 ? 38 : 26)
    }
  }

  private func row(_ unit: Int) -> Int { rows.firstIndex(of: units[unit].row) ?? 0 }

  // MARK: Columns

  private mutating func place(_ index: Int) {
    guard !units[index].isStage else {
      frames[index].x = Self.margin
      return
    }
    let own = row(index)
    let width = frames[index].width
    var x = Self.neckLeft
    for input in units[index].inputs {
      let reach = frames[input].right + Self.gap
      x = max(x, row(input) == own ? reach : reach - width / 2)
    }
    while let other = conflict(index, own, x: x) { x = max(x + 1, other.after) }
    take(index, x: x)
  }

  /// Moves a unit to the right, close to what reads it, so that lines from one source run together.
  private mutating func pull(_ index: Int) {
    let own = row(index)
    let readers = units.indices.filter { units[$0].inputs.contains(index) }
    guard !units[index].isStage, !readers.isEmpty, !readers.contains(where: { units[$0].isHead })
    else { return }
    let limits = readers.map { reader in
      row(reader) == own ? frames[reader].x - Self.gap : entry(of: index, into: reader) - 9
    }
    let start = frames[index].x
    var x = (limits.min() ?? 0) - frames[index].width
    guard x > start + Self.gap else { return }
    for row in taken.indices { taken[row].removeAll { $0.unit == index } }
    while x > start, let other = conflict(index, own, x: x) { x = min(x - 1, other.before) }
    take(index, x: max(x, start))
  }

  private mutating func take(_ index: Int, x: Double) {
    let own = row(index)
    frames[index].x = x
    taken[own].append(Taken(unit: index, range: x...x + frames[index].width))
    for (input, entry) in entries(index, own, x: x) {
      for passed in passedRows(from: row(input), to: own) {
        taken[passed].append(Taken(unit: index, range: entry - 2...entry + 2))
      }
    }
  }

  /// What stands in the way of a unit at `x`: where it would be clear of it to the right and to the
  /// left.
  private func conflict(_ index: Int, _ own: Int, x: Double) -> (after: Double, before: Double)? {
    let width = frames[index].width
    let body = x - Self.gap + 1...x + width + Self.gap - 1
    if let other = taken[own].first(where: { $0.range.overlaps(body) }) {
      return (other.range.upperBound + Self.gap, other.range.lowerBound - Self.gap - width)
    }
    for (input, entry) in entries(index, own, x: x) {
      for passed in passedRows(from: row(input), to: own) {
        let line = entry - 7...entry + 7
        if let other = taken[passed].first(where: { $0.unit != input && $0.range.overlaps(line) }) {
          return (other.range.upperBound + 8 + x - entry, other.range.lowerBound - 8 + x - entry)
        }
      }
    }
    return nil
  }

  private func entry(of input: Int, into reader: Int) -> Double {
    entries(reader, row(reader), x: frames[reader].x).first { $0.input == input }?.x
      ?? frames[reader].middleX
  }

  /// Where the lines from other rows go up or down: into the middle of the unit, side by side.
  private func entries(_ index: Int, _ own: Int, x: Double) -> [(input: Int, x: Double)] {
    let middle = x + frames[index].width / 2
    let crossing = units[index].inputs.filter { row($0) != own }
    return [true, false].flatMap { isAbove in
      let side = crossing.filter { (row($0) < own) == isAbove }
      // Closer where a narrow unit has many, so that all meet it.
      let pitch = min(8, (frames[index].width - 4) / Double(max(1, side.count - 1)))
      return side.enumerated().map { number, input in
        (input, middle + (Double(number) - Double(side.count - 1) / 2) * pitch)
      }
    }
  }

  /// The row that a line leaves and those between it and the other row.
  private func passedRows(from source: Int, to target: Int) -> [Int] {
    source < target ? Array(source..<target) : Array(target + 1...source)
  }

  private mutating func placeHeads() {
    let heads = units.indices.filter { units[$0].isHead }
    let right = units.indices.filter { !units[$0].isHead }.map { frames[$0].right }.max() ?? 0
    let width = heads.map { frames[$0].width }.max() ?? 0
    var ends: [Int: Double] = [:]
    for head in heads {
      frames[head].width = width
      frames[head].x = ends[row(head)] ?? right + Self.gap + 6
      ends[row(head)] = frames[head].right + Self.gap
    }
    self.width = (frames.map(\.right).max() ?? 0) + Self.margin
  }

  // MARK: Lines

  /// Decides which lines run straight and which take a lane; heights follow later.
  private mutating func route() {
    for target in units.indices where !units[target].isStage {
      let own = row(target)
      for input in units[target].inputs where row(input) == own && isBlocked(own, input, target) {
        addLane(own, isAbove: true, input, to: laneEntry(target, input))
      }
      for (input, entry) in entries(target, own, x: frames[target].x)
      where isBlocked(row(input), input, until: entry) {
        addLane(row(input), isAbove: row(input) > own, input, to: entry)
      }
    }
    for index in lanes.indices {
      let lane = lanes[index]
      let rivals = lanes[..<index].filter {
        $0.row == lane.row && $0.isAbove == lane.isAbove && $0.range.overlaps(lane.range)
      }
      let used = Set(rivals.map(\.index))
      lanes[index].index = (0...lanes.count).first { !used.contains($0) } ?? 0
    }
  }

  private mutating func addLane(_ row: Int, isAbove: Bool, _ source: Int, to x: Double) {
    let start = frames[source].right + 7
    let range = min(start, x)...max(start, x)
    if let index = lanes.firstIndex(where: {
      $0.row == row && $0.isAbove == isAbove && $0.source == source
    }) {
      let old = lanes[index].range
      lanes[index].range =
        min(old.lowerBound, range.lowerBound)...max(old.upperBound, range.upperBound)
    } else {
      lanes.append(Lane(row: row, isAbove: isAbove, source: source, range: range))
    }
  }

  /// Where a line of the same row that comes from above enters: beside those from other rows.
  private func laneEntry(_ target: Int, _ input: Int) -> Double {
    let own = row(target)
    let fromAbove = entries(target, own, x: frames[target].x).filter { row($0.input) < own }
    let lanes = units[target].inputs.filter { row($0) == own && isBlocked(own, $0, target) }
    let number = fromAbove.count + (lanes.firstIndex(of: input) ?? 0)
    guard number > 0 else { return frames[target].middleX }
    let side = number % 2 == 0 ? 1.0 : -1.0
    let most = Double((fromAbove.count + lanes.count) / 2)
    let pitch = min(7, (frames[target].width / 2 - 2) / max(1, most))
    return frames[target].middleX + side * pitch * Double((number + 1) / 2)
  }

  private func isBlocked(_ row: Int, _ source: Int, _ target: Int) -> Bool {
    isBlocked(row, source, until: frames[target].x)
  }

  private func isBlocked(_ row: Int, _ source: Int, until x: Double) -> Bool {
    units.indices.contains { other in
      other != source && !units[other].isStage && self.row(other) == row
        && frames[other].x < x && frames[other].right > frames[source].right
    }
  }

  // MARK: Rows

  private mutating func stack(from top: Double) {
    var y = top
    var centers: [Double] = []
    for row in rows.indices {
      let above = laneCount(row, isAbove: true)
      let below = laneCount(row, isAbove: false)
      let stages = units.indices.filter { units[$0].isStage && self.row($0) == row }
      let half = stages.isEmpty ? 24 : Self.stageSize.height / 2
      let piled = Double(max(0, stages.count - 1)) * (Self.stageSize.height + Self.stageGap)
      let up = max(half + piled, 20 + above + 18)
      let down = max(half, 20 + below)
      let center = y + up
      centers.append(center)
      bands.append(
        Frame(
          x: Self.neckLeft - 22, y: y - 4, width: width - Self.neckLeft + 22 - 8,
          height: up + down + 8))
      for (number, stage) in stages.enumerated() {
        let place = Double(stages.count - 1 - number)
        frames[stage].y =
          center - Self.stageSize.height / 2 - place * (Self.stageSize.height + Self.stageGap)
      }
      for unit in units.indices where !units[unit].isStage && self.row(unit) == row {
        frames[unit].y = center - frames[unit].height / 2
      }
      y = center + down + Self.stageGap
    }
    height = y
    draw(centers)
  }

  private func laneCount(_ row: Int, isAbove: Bool) -> Double {
    let indices = lanes.filter { $0.row == row && $0.isAbove == isAbove }.map(\.index)
    return indices.max().map { Double($0) * Self.lanePitch + 18 } ?? 0
  }

  private mutating func draw(_ centers: [Double]) {
    for target in units.indices where !units[target].isStage {
      let own = row(target)
      let frame = frames[target]
      for input in units[target].inputs where row(input) == own {
        let start = Point(frames[input].right, centers[own])
        guard let lane = lane(own, isAbove: true, input), isBlocked(own, input, target) else {
          edges.append(
            Edge(source: input, target: target, points: [start, Point(frame.x, centers[own])]))
          continue
        }
        let y = laneY(lane, centers)
        let entry = laneEntry(target, input)
        edges.append(
          Edge(
            source: input, target: target,
            points: [
              start, Point(start.x + 7, start.y), Point(start.x + 7, y), Point(entry, y),
              Point(entry, top(target, at: entry)),
            ]))
      }
      for (input, entry) in entries(target, own, x: frame.x) {
        let source = row(input)
        let isAbove = source > own
        let end = Point(entry, isAbove ? bottom(target, at: entry) : top(target, at: entry))
        let start = Point(frames[input].right, centers[source])
        if isBlocked(source, input, until: entry), let lane = lane(source, isAbove: isAbove, input)
        {
          let y = laneY(lane, centers)
          edges.append(
            Edge(
              source: input, target: target,
              points: [
                start, Point(start.x + 7, start.y), Point(start.x + 7, y), Point(entry, y), end,
              ]))
        } else {
          edges.append(
            Edge(source: input, target: target, points: [start, Point(entry, start.y), end]))
        }
      }
    }
  }

  private func lane(_ row: Int, isAbove: Bool, _ source: Int) -> Lane? {
    lanes.first { $0.row == row && $0.isAbove == isAbove && $0.source == source }
  }

  private func laneY(_ lane: Lane, _ centers: [Double]) -> Double {
    let distance = 19 + 12 + Double(lane.index) * Self.lanePitch
    return centers[lane.row] + (lane.isAbove ? -distance : distance)
  }

  /// The upper rim of a unit, which is round for a sign.
  private func top(_ unit: Int, at x: Double) -> Double {
    frames[unit].y + rim(unit, at: x)
  }
  private func bottom(_ unit: Int, at x: Double) -> Double {
    frames[unit].bottom - rim(unit, at: x)
  }

  private func rim(_ unit: Int, at x: Double) -> Double {
    guard case .sign = units[unit].look else { return 0 }
    let radius = frames[unit].height / 2
    let distance = min(abs(x - frames[unit].middleX), radius)
    return radius - (radius * radius - distance * distance).squareRoot()
  }
}
