/// Lets the inputs of a concatenation be written where they end up, so that joining costs nothing.
///
/// An input that owns its memory becomes a part of the output. An input that is a part itself, such
/// as the share that goes round a CSP block, is left where it is and the output is laid around it:
/// both then share a larger tensor. Where they would overlap, the base layer's other channels must be
/// dead before the output's other parts are written. What fits neither way is still copied, such as
/// a layer that stands in two concatenations.
public struct JoinInPlace: Pass {
  public init() {}

  public func apply(to program: inout Program) {
    // Larger concatenations first: of two that want the same input, the larger saves more.
    let joins = program.steps.indices.filter { program.steps[$0].operation is Concatenate }
      .sorted { size($0, program) > size($1, program) }
    for index in joins {
      var join = Join(index, program)
      join.placeOwners(&program)
      join.layAroundParts(&program)
      join.keepCopies(&program)
    }
    program.steps.removeAll { $0.operation is Concatenate && $0.inputs.isEmpty }
  }

  private func size(_ step: Int, _ program: Program) -> Int {
    program[program.steps[step].output].shape.count
  }
}

/// One concatenation, while its inputs are given places.
private struct Join {
  private let step: Int
  private let output: ValueID
  /// The inputs that have no place yet, and where each belongs in the output.
  private var pending: [(input: ValueID, offset: Int)]

  init(_ step: Int, _ program: Program) {
    self.step = step
    output = program.steps[step].output
    let offsets = (program.steps[step].operation as? Concatenate)?.offsets ?? []
    pending = zip(program.steps[step].inputs, offsets).map { ($0, $1) }
  }

  /// Inputs that own their memory become parts of the output.
  mutating func placeOwners(_ program: inout Program) {
    pending = pending.filter { input, offset in
      guard program[input].view == nil, input != program.input,
        program.root(of: output).parent != input, isDead(where: input, at: offset, program)
      else { return true }
      program[input].view = Program.View(parent: output, offset: offset)
      return false
    }
  }

  /// Whether all else that lies where an input would go is dead before the input is first written.
  private func isDead(where input: ValueID, at offset: Int, _ program: Program) -> Bool {
    let place = program.root(of: output)
    let start = place.offset + offset
    let zone = start..<start + program[input].count
    let related = Set(program.chain(of: output))
    guard
      let firstWrite = program.steps.firstIndex(where: {
        program.root(of: $0.output).parent == input
      })
    else { return false }
    let others = program.values.indices.map(ValueID.init).filter { id in
      program.root(of: id).parent == place.parent && !related.contains(id)
        && !program.chain(of: id).contains(output)
    }
    return program.lastTouch(of: place.parent, in: zone, among: Set(others)) < firstWrite
  }

  /// The output moves to where an input that is a part of another tensor lies already.
  mutating func layAroundParts(_ program: inout Program) {
    pending = pending.filter { input, offset in
      let (base, whole) = (program.root(of: input), program.root(of: output))
      let start = whole.offset + offset - base.offset
      if base.parent == whole.parent { return start != 0 }
      guard base.parent != program.input, whole.parent != program.input,
        isFree(base.parent, at: start, in: whole.parent, exceptAt: offset, program)
      else { return true }
      program.overlay(base.parent, at: start, of: whole.parent)
      return false
    }
  }

  func keepCopies(_ program: inout Program) {
    program.steps[step].operation = Concatenate(offsets: pending.map(\.offset))
    program.steps[step].inputs = pending.map(\.input)
  }

  /// Whether `base` may lie `start` elements into `whole`: whatever is written into their overlap
  /// must be written after the last use of what `base` holds there.
  ///
  /// - Parameter part: where the input that is to be shared belongs in the output; it is not written.
  private func isFree(
    _ base: ValueID, at start: Int, in whole: ValueID, exceptAt part: Int, _ program: Program
  ) -> Bool {
    let extent = start..<start + program[base].count
    for (writer, range) in writes(into: whole, exceptAt: part, program) where range.overlaps(extent)
    {
      let zone = range.clamped(to: extent)
      let touched = program.lastTouch(
        of: base, in: zone.lowerBound - start..<zone.upperBound - start)
      if touched >= writer { return false }
    }
    return true
  }

  /// The steps that write parts of `whole`, and which elements: steps that make its views, and this
  /// concatenation for the inputs it still has to copy.
  private func writes(
    into whole: ValueID, exceptAt part: Int, _ program: Program
  ) -> [(step: Int, range: Range<Int>)] {
    var writes: [(Int, Range<Int>)] = []
    for (index, step) in program.steps.enumerated() where index != self.step {
      let place = program.root(of: step.output)
      guard place.parent == whole else { continue }
      writes.append((index, place.offset..<place.offset + program[step.output].count))
    }
    let start = program.root(of: output).offset
    for (input, offset) in pending where offset != part {
      let first = start + offset
      writes.append((step, first..<first + program[input].count))
    }
    return writes
  }
}

extension Program {
  /// A value and the tensors it is a part of, up to the one that owns the memory.
  fileprivate func chain(of id: ValueID) -> [ValueID] {
    var chain = [id]
    while let view = self[chain[chain.count - 1]].view { chain.append(view.parent) }
    return chain
  }

  /// The last step that makes or reads any value that lies in `range` of a tensor; after all steps
  /// for a result.
  ///
  /// - Parameter values: looks at these alone.
  fileprivate func lastTouch(
    of root: ValueID, in range: Range<Int>, among values: Set<ValueID>? = nil
  ) -> Int {
    func lies(_ id: ValueID) -> Bool {
      let place = self.root(of: id)
      return place.parent == root && values?.contains(id) ?? true
        && (place.offset..<place.offset + self[id].count).overlaps(range)
    }
    if results.contains(where: lies) { return steps.count }
    return steps.lastIndex { lies($0.output) || $0.inputs.contains(where: lies) } ?? -1
  }

  /// Makes `base`, from `start` elements on, and `whole` parts of a new tensor that holds both.
  fileprivate mutating func overlay(_ base: ValueID, at start: Int, of whole: ValueID) {
    let first = min(0, start)
    let end = max(self[whole].count, start + self[base].count)
    values.append(Value(shape: .vector(end - first)))
    let both = ValueID(index: values.count - 1)
    self[whole].view = View(parent: both, offset: -first)
    self[base].view = View(parent: both, offset: start - first)
  }
}
