/// Lets the inputs of a concatenation be written where they end up, so that joining costs nothing.
///
/// An input that is itself a part of something, or that stands in a larger concatenation already, is
/// still copied.
public struct JoinInPlace: Pass {
  public init() {}

  public func apply(to program: inout Program) {
    // Larger concatenations first: of two that want the same input, the larger saves more.
    let joins = program.steps.indices.filter { program.steps[$0].operation is Concatenate }
      .sorted { size($0, program) > size($1, program) }
    for index in joins { place(index, &program) }
    program.steps.removeAll { $0.operation is Concatenate && $0.inputs.isEmpty }
  }

  private func size(_ step: Int, _ program: Program) -> Int {
    program[program.steps[step].output].shape.count
  }

  private func place(_ index: Int, _ program: inout Program) {
    guard var join = program.steps[index].operation as? Concatenate else { return }
    let output = program.steps[index].output
    var (copied, offsets): ([ValueID], [Int]) = ([], [])
    for (input, offset) in zip(program.steps[index].inputs, join.offsets) {
      if program[input].view == nil, input != program.input,
        program.root(of: output).parent != input
      {
        program[input].view = Program.View(parent: output, offset: offset)
      } else {
        copied.append(input)
        offsets.append(offset)
      }
    }
    join.offsets = offsets
    program.steps[index].operation = join
    program.steps[index].inputs = copied
  }
}
