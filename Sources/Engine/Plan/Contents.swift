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
      } else if let step = joins[id], let join = step.operation as? Concatenate {
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
  func survive(in tensor: ValueID, of program: Program) -> Bool {
    var memory = Memory()
    for step in program.steps {
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
    return program.results.allSatisfy { result in
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
    private var pieces: [Piece] = []

    mutating func write(_ piece: Piece) {
      let bounds = piece.range
      pieces = pieces.flatMap { old in
        guard old.range.overlaps(bounds) else { return [old] }
        return [
          old.clamped(to: old.range.lowerBound..<max(old.range.lowerBound, bounds.lowerBound)),
          old.clamped(to: min(old.range.upperBound, bounds.upperBound)..<old.range.upperBound),
        ].filter { !$0.range.isEmpty }
      }
      pieces.append(piece)
    }

    func holds(_ wanted: [Piece]) -> Bool {
      wanted.allSatisfy { piece in
        let found = pieces.filter { $0.range.overlaps(piece.range) }
        return found.reduce(0) { $0 + $1.range.clamped(to: piece.range).count } == piece.range.count
          && found.allSatisfy {
            $0.value == piece.value
              && $0.element - $0.range.lowerBound == piece.element - piece.range.lowerBound
          }
      }
    }
  }
}
