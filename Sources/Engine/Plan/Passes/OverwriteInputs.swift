/// Lets an operation write its result over its first input where nobody reads that again.
public struct OverwriteInputs: Pass {
  public init() {}

  public func apply(to program: inout Program) {
    let lastReads = Lifetimes(program)
    var parents = Set(program.values.compactMap(\.view?.parent))
    for (index, step) in program.steps.enumerated() where step.operation.canOverwriteInput {
      guard let input = step.inputs.first, input != program.input,
        program[input].view == nil, !parents.contains(input),
        program[step.output].view == nil, !parents.contains(step.output),
        program[input].count == program[step.output].count,
        program[input].layout == program[step.output].layout,
        lastReads.last(input) == index,
        step.inputs.dropFirst().allSatisfy({ program.root(of: $0).parent != input })
      else { continue }
      program[step.output].view = Program.View(parent: input, offset: 0)
      parents.insert(input)
    }
  }
}
