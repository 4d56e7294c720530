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
    var memory = JoinedMemory(program)
    // Larger concatenations first: of two that want the same input, the larger saves more.
    let joins = program.steps.indices.filter { program.steps[$0].operation is Concatenate }
      .sorted { size($0, program) > size($1, program) }
    for index in joins {
      var join = Join(index, program)
      join.placeOwners(&program, &memory)
      if sharesMemory { join.layAroundParts(&program, &memory) }
    }
    program.steps.removeAll { $0.operation is Concatenate && $0.inputs.isEmpty }
  }

  private func size(_ step: Int, _ program: Program) -> Int {
    program[program.steps[step].output].shape.count
  }
}

/// What is known of the memory that concatenations share.
private struct JoinedMemory {
  let contents: Contents
  private(set) var users: MemoryUsers
  /// The tensors in which values share memory that have nothing in common.
  private(set) var overlaid: Set<ValueID> = []

  init(_ program: Program) {
    contents = Contents(program)
    users = MemoryUsers(program)
  }

  mutating func note(_ placement: Placement, isOverlaid: Bool) {
    let wasOverlaid = !overlaid.isDisjoint(with: placement.tensors)
    for tensor in placement.views.keys { users.move(tensor, into: placement.whole) }
    if isOverlaid || wasOverlaid { overlaid.insert(placement.whole) }
  }
}

/// One concatenation, while its inputs are given places.
private struct Join {
  private let step: Int
  private let output: ValueID
  /// The inputs that have no place yet, and where each belongs in the output.
  private var pending: [Part]

  private struct Part {
    let input: ValueID
    let offset: Int
  }

  /// Steps that use a tensor at most, beyond which it is shared with nothing more: each is looked at
  /// whenever something else is to be placed there.
  private static let mostUsers = 1024

  init(_ step: Int, _ program: Program) {
    self.step = step
    output = program.steps[step].output
    let offsets = (program.steps[step].operation as? Concatenate)?.offsets ?? []
    pending = zip(program.steps[step].inputs, offsets).map { Part(input: $0, offset: $1) }
  }

  /// Inputs that own their memory become parts of the output.
  mutating func placeOwners(_ program: inout Program, _ memory: inout JoinedMemory) {
    place(&program, &memory) { [output] part, program in
      // A part of the tensor that owns the memory, so that joins of joins make no chain of parts.
      let (place, whole) = (program.root(of: output), program.root(of: output).parent)
      guard program[part.input].view == nil, part.input != program.input, whole != part.input
      else { return nil }
      let view = Program.View(parent: whole, offset: place.offset + part.offset)
      return Placement(whole: whole, views: [part.input: view], isPart: true)
    }
  }

  /// The output moves to where an input that is a part of another tensor lies already.
  mutating func layAroundParts(_ program: inout Program, _ memory: inout JoinedMemory) {
    place(&program, &memory) { [output] part, program in
      let (base, whole) = (program.root(of: part.input), program.root(of: output))
      let start = whole.offset + part.offset - base.offset
      if base.parent == whole.parent {
        return start == 0 ? Placement(whole: whole.parent, views: [:]) : nil
      }
      guard base.parent != program.input, whole.parent != program.input else { return nil }
      return program.overlaying(base.parent, at: start, of: whole.parent)
    }
  }

  /// Keeps each placement that `attempt` finds for a part, if it harms nobody.
  private mutating func place(
    _ program: inout Program, _ memory: inout JoinedMemory,
    _ attempt: (Part, Program) -> Placement?
  ) {
    var left: [Part] = []
    for (index, part) in pending.enumerated() {
      guard let placement = attempt(part, program) else {
        left.append(part)
        continue
      }
      // In memory of its own an output is disturbed by nobody.
      if placement.isPart, memory.overlaid.isDisjoint(with: placement.tensors) {
        program.apply(placement)
        memory.note(placement, isOverlaid: false)
        continue
      }
      guard let users = memory.users.users(of: placement.tensors, limit: Self.mostUsers) else {
        left.append(part)
        continue
      }
      program.apply(placement)
      read(left + pending[(index + 1)...], in: &program)
      if memory.contents.survive(in: placement.whole, of: program, users) {
        memory.note(placement, isOverlaid: true)
      } else {
        program.revoke(placement)
        left.append(part)
      }
    }
    pending = left
    read(pending, in: &program)
  }

  /// Lets the step copy only `parts`.
  private func read(_ parts: [Part], in program: inout Program) {
    program.steps[step].operation = Concatenate(offsets: parts.map(\.offset))
    program.steps[step].inputs = parts.map(\.input)
  }
}

/// Tensors that would become parts of another one.
private struct Placement {
  /// The tensor that would own the memory.
  let whole: ValueID
  let views: [ValueID: Program.View]
  /// The elements of `whole`, where it is a tensor that does not exist yet.
  var newCount: Int?
  /// Whether it is only that an input becomes the part of the output that it is.
  var isPart = false

  var tensors: [ValueID] { views.keys + [whole] }
}

extension Program {
  /// `base` in the memory of `whole`, `start` elements from its start; both become parts of a new
  /// tensor where neither holds the other.
  fileprivate func overlaying(_ base: ValueID, at start: Int, of whole: ValueID) -> Placement {
    let (first, end) = (min(0, start), max(self[whole].shape.count, start + self[base].shape.count))
    guard first < 0 || end > self[whole].shape.count else {
      return Placement(whole: whole, views: [base: View(parent: whole, offset: start)])
    }
    let both = ValueID(index: values.count)
    return Placement(
      whole: both,
      views: [
        whole: View(parent: both, offset: -first), base: View(parent: both, offset: start - first),
      ], newCount: end - first)
  }

  fileprivate mutating func apply(_ placement: Placement) {
    if let count = placement.newCount { values.append(Value(shape: .vector(count))) }
    for (tensor, view) in placement.views { self[tensor].view = view }
  }

  fileprivate mutating func revoke(_ placement: Placement) {
    for tensor in placement.views.keys { self[tensor].view = nil }
    if placement.newCount != nil { values.removeLast() }
  }
}
