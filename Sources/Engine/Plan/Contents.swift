/// What every value of a program holds, by the steps that compute it: the measure of whether a
/// placement in memory leaves each step what it has to read.
struct Contents {
  /// Consecutive elements that one step computes.
  private struct Piece {
    /// Where they stand, in a value or in memory.
    var range: Range<Int>
    /// The value a step makes, and the element of it that comes first.
    let value: ValueID
    var element: Int

    /// The part of the piece within `bounds`.
    func clamped(to bounds: Range<Int>) -> Piece {
      let range = range.clamped(to: bounds)
      return Piece(
        range: range, value: value, element: element + range.lowerBound - self.range.lowerBound)
    }

    func moved(by distance: Int) -> Piece {
      Piece(
        range: range.lowerBound + distance..<range.upperBound + distance, value: value,
        element: element)
    }
  }

  /// The pieces of each value, in order.
  private var pieces: [[Piece]] = []

  /// Pieces of a value at most: what `[route] layers=-1,-1` holds doubles each time it stands there.
  /// A joined value beyond counts as computed by its own step, which no other placement satisfies.
  private static let mostPieces = 1024

  /// Of a program as the layers made it, where a view is a part of its parent and nothing else.
  init(_ program: Program) {
    var joins: [ValueID: Program.Step] = [:]
    for step in program.steps where step.operation is Concatenate { joins[step.output] = step }
    for (index, value) in program.values.enumerated() {
      let id = ValueID(index: index)
      if let view = value.view {
        let part = view.offset..<view.offset + value.shape.count
        pieces.append(
          pieces[view.parent.index].filter { $0.range.overlaps(part) }
            .map { $0.clamped(to: part).moved(by: -view.offset) })
      } else if let step = joins[id], let join = step.operation as? Concatenate,
        step.inputs.reduce(0, { $0 + pieces[$1.index].count }) <= Self.mostPieces
      {
        pieces.append(
          zip(step.inputs, join.offsets).flatMap { input, offset in
            pieces[input.index].map { $0.moved(by: offset) }
          })
      } else {
        pieces.append([Piece(range: 0..<value.shape.count, value: id, element: 0)])
      }
    }
  }

  /// Whether every read from the memory of `tensor` finds what the value it reads should hold.
  ///
  /// - Parameter users: who reads or writes that memory.
  func survive(in tensor: ValueID, of program: Program, _ users: MemoryUsers.Users) -> Bool {
    var memory = Memory()
    for step in Set(users.steps).sorted().lazy.map({ program.steps[$0] }) {
      let writes = writes(of: step, into: tensor, program)
      for input in step.inputs {
        let place = program.root(of: input)
        guard place.parent == tensor else { continue }
        let range = place.offset..<place.offset + program[input].shape.count
        guard memory.holds(pieces[input.index].map { $0.moved(by: place.offset) }),
          !writes.contains(where: { $0.range.overlaps(range) })
        else { return false }
      }
      for piece in writes { memory.write(piece) }
    }
    return users.results.allSatisfy { result in
      let place = program.root(of: result)
      return place.parent != tensor
        || memory.holds(pieces[result.index].map { $0.moved(by: place.offset) })
    }
  }

  private func writes(
    of step: Program.Step, into tensor: ValueID, _ program: Program
  ) -> [Piece] {
    let place = program.root(of: step.output)
    guard place.parent == tensor else { return [] }
    guard let join = step.operation as? Concatenate else {
      return pieces[step.output.index].map { $0.moved(by: place.offset) }
    }
    return zip(step.inputs, join.offsets).flatMap { input, offset in
      pieces[input.index].map { $0.moved(by: place.offset + offset) }
    }
  }

  /// What stands in a tensor's memory at some step.
  private struct Memory {
    /// In order, apart from each other.
    private var pieces: [Piece] = []

    mutating func write(_ piece: Piece) {
      let bounds = piece.range
      guard !bounds.isEmpty else { return }
      let overlapping = overlapping(bounds)
      var new = [piece]
      if let first = pieces[overlapping].first, first.range.lowerBound < bounds.lowerBound {
        new.insert(first.clamped(to: first.range.lowerBound..<bounds.lowerBound), at: 0)
      }
      if let last = pieces[overlapping].last, last.range.upperBound > bounds.upperBound {
        new.append(last.clamped(to: bounds.upperBound..<last.range.upperBound))
      }
      pieces.replaceSubrange(overlapping, with: new)
    }

    func holds(_ wanted: [Piece]) -> Bool {
      wanted.allSatisfy { piece in
        let found = pieces[overlapping(piece.range)]
        return found.reduce(0) { $0 + $1.range.clamped(to: piece.range).count } == piece.range.count
          && found.allSatisfy {
            $0.value == piece.value
              && $0.element - $0.range.lowerBound == piece.element - piece.range.lowerBound
          }
      }
    }

    /// The pieces that have elements of `bounds`.
    private func overlapping(_ bounds: Range<Int>) -> Range<Int> {
      let first = pieces.partition { $0.range.upperBound > bounds.lowerBound }
      return first..<max(first, pieces.partition { $0.range.lowerBound >= bounds.upperBound })
    }
  }
}

extension Array {
  /// The index of the first element that `isBehind`, as all after it are.
  fileprivate func partition(_ isBehind: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
