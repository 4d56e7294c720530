/// Which steps gradients pass through, and whether they find something to add to.
struct GradientFlow: Sendable {
  /// Where an input's gradient goes.
  struct Target: Sendable {
    /// Nil where nobody needs it.
    let value: ValueID?
    let accumulates: Bool
  }

  /// Whether a step has a backward pass.
  private(set) var isPropagated: [Bool]
  /// One an input of each step that has.
  private(set) var targets: [[Target]]
  /// Tensors whose gradients are set to 0 before a step's backward pass, because it, or those after
  /// it, add to parts of them.
  private(set) var cleared: [[ValueID]]
  /// Those that the losses fill parts of, which are set to 0 before.
  private(set) var clearedForLosses: [ValueID]

  /// - Parameter lastFrozenLayer: gradients do not reach this layer or those before it.
  init(_ program: Program, lastFrozenLayer: Int) {
    let steps = program.steps
    let extents = ArenaLayout.extents(program)
    isPropagated = Array(repeating: false, count: steps.count)
    targets = steps.map { _ in [] }
    cleared = steps.map { _ in [] }
    clearedForLosses = []

    var needed: Set<ValueID> = []
    for (i, step) in steps.enumerated() where step.layer > lastFrozenLayer {
      let learns = !((step.operation as? any Differentiable)?.parameters.isEmpty ?? true)
      guard learns || step.inputs.contains(where: { needed.contains(program.root(of: $0).parent) })
      else { continue }
      isPropagated[i] = true
      needed.insert(program.root(of: step.output).parent)
    }

    // The losses fill their own gradients.
    var written: Set<ValueID> = []
    for result in program.results.sorted(by: { $0.index < $1.index }) {
      let root = program.root(of: result).parent
      let coversAll = result == root && program[result].count == extents[root]
      if written.insert(root).inserted, !coversAll { clearedForLosses.append(root) }
    }
    for (i, step) in steps.enumerated().reversed() where isPropagated[i] {
      let output = program.root(of: step.output).parent
      // Where no reader passes anything back, nothing comes in.
      if written.insert(output).inserted { cleared[i].append(output) }
      for input in step.inputs {
        let root = program.root(of: input).parent
        guard needed.contains(root) else {
          targets[i].append(.init(value: nil, accumulates: false))
          continue
        }
        let coversAll = input == root && program[input].count == extents[root]
        let isFirst = written.insert(root).inserted
        if isFirst, !coversAll { cleared[i].append(root) }
        targets[i].append(.init(value: input, accumulates: !(isFirst && coversAll)))
      }
    }
  }

  /// Whether somebody needs the gradient of any input of a step.
  func needsInputGradient(_ step: Int) -> Bool { targets[step].contains { $0.value != nil } }
}
