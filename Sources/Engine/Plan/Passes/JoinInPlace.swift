/// Lets the inputs of a concatenation be written where they end up, so that joining costs nothing.
///
/// An input that owns its memory becomes a part of the output. An input that is a part itself, such
/// as the share that goes round a CSP block, is left where it is and the output is laid around it:
/// both then share a larger tensor. Where they would overlap, the base layer's other channels must be
/// dead before the output's other parts are written. What fits neither way is still copied, such as
/// a layer that stands in two concatenations.
public struct JoinInPlace: Pass {
  /// Whether values whose lives do not overlap may share memory: not where the forward pass's values
  /// live on for the backward pass.
  private let sharesMemory: Bool

  public init(sharesMemory: Bool = true) { self.sharesMemory = sharesMemory }

  public func apply(to program: inout Program) {
    let contents = Contents(program)
    var overlaid: Set<ValueID> = []
    // Larger concatenations first: of two that want the same input, the larger saves more.
    let joins = program.steps.indices.filter { program.steps[$0].operation is Concatenate }
      .sorted { size($0, program) > size($1, program) }
    for index in joins {
      var join = Join(index, program, contents)
      join.placeOwners(&program, &overlaid)
      if sharesMemory { join.layAroundParts(&program, &overlaid) }
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
  private let contents: Contents
  /// The inputs that have no place yet, and where each belongs in the output.
  private var pending: [Part]

  private struct Part {
    let input: ValueID
    let offset: Int
  }

  init(_ step: Int, _ program: Program, _ contents: Contents) {
    self.step = step
    self.contents = contents
    output = program.steps[step].output
    let offsets = (program.steps[step].operation as? Concatenate)?.offsets ?? []
    pending = zip(program.steps[step].inputs, offsets).map { Part(input: $0, offset: $1) }
  }

  /// Inputs that own their memory become parts of the output.
  ///
  /// - Parameter overlaid: the tensors in which values share memory that have nothing in common.
  mutating func placeOwners(_ program: inout Program, _ overlaid: inout Set<ValueID>) {
    place(&program) { [output] part, trial in
      let whole = trial.root(of: output).parent
      guard trial[part.input].view == nil, part.input != trial.input, whole != part.input else {
        return nil
      }
      trial[part.input].view = Program.View(parent: output, offset: part.offset)
      // In memory of its own an output is disturbed by nobody.
      guard overlaid.contains(whole) || overlaid.contains(part.input) else { return .sound }
      overlaid.insert(whole)
      return .shares(whole)
    }
  }

  /// The output moves to where an input that is a part of another tensor lies already.
  mutating func layAroundParts(_ program: inout Program, _ overlaid: inout Set<ValueID>) {
    place(&program) { [output] part, trial in
      let (base, whole) = (trial.root(of: part.input), trial.root(of: output))
      let start = whole.offset + part.offset - base.offset
      if base.parent == whole.parent { return start == 0 ? .shares(whole.parent) : nil }
      guard base.parent != trial.input, whole.parent != trial.input else { return nil }
      let shared = trial.overlay(base.parent, at: start, of: whole.parent)
      overlaid.insert(shared)
      return .shares(shared)
    }
  }

  private enum Placement {
    /// By the way it was done.
    case sound
    /// If every step still reads what it should from this tensor.
    case shares(ValueID)
  }

  /// Keeps each change that `attempt` makes for a part, if it harms nobody.
  private mutating func place(
    _ program: inout Program, _ attempt: (Part, inout Program) -> Placement?
  ) {
    for part in pending {
      var trial = program
      guard let placement = attempt(part, &trial) else { continue }
      let others = pending.filter { $0.offset != part.offset }
      trial.steps[step].operation = Concatenate(offsets: others.map(\.offset))
      trial.steps[step].inputs = others.map(\.input)
      if case .shares(let tensor) = placement, !contents.survive(in: tensor, of: trial) { continue }
      (program, pending) = (trial, others)
    }
  }
}

extension Program {
  /// Puts `base` into the memory of `whole`, `start` elements from its start; both become parts of a
  /// new tensor where neither holds the other.
  ///
  /// - Returns: the tensor that owns the memory then.
  fileprivate mutating func overlay(_ base: ValueID, at start: Int, of whole: ValueID) -> ValueID {
    let (first, end) = (min(0, start), max(self[whole].shape.count, start + self[base].shape.count))
    guard first < 0 || end > self[whole].shape.count else {
      self[base].view = View(parent: whole, offset: start)
      return whole
    }
    values.append(Value(shape: .vector(end - first)))
    let both = ValueID(index: values.count - 1)
    self[whole].view = View(parent: both, offset: -first)
    self[base].view = View(parent: both, offset: start - first)
    return both
  }
}
