/// Refuses a program whose steps would read or write beyond what they are given.
///
/// The graph builder checks what a cfg says; this checks what layers, passes and backends made of it.
/// It looks at each step once and is part of making every plan.
package struct ProgramCheck {
  private let program: Program
  private let parameterCounts: [[Int]]
  /// The tensor that owns each value's memory.
  private let owners: [ValueID]

  package init(_ program: Program, of graph: Graph) {
    self.program = program
    owners = program.roots().map(\.parent)
    parameterCounts = graph.nodes.map { $0.layer.parameters.map(\.count) }
  }

  package func run() throws(PlanError) {
    try checkValues()
    var written: Set<ValueID> = [owners[program.input.index]]
    for step in program.steps {
      try checkTensors(of: step, written)
      written.insert(owners[step.output.index])
      let found = violation(
        of: step.operation, inputs: step.inputs.map { program[$0].shape },
        output: program[step.output].shape)
      if let found { throw step.broken(found) }
    }
    for result in program.results where !written.contains(owners[result.index]) {
      throw .broken(layer: nil, operation: "result", problem: "no step makes it")
    }
  }

  /// What an operation finds wrong with such shapes and the graph's parameters.
  package func violation(
    of operation: any Operation, inputs: [Shape], output: Shape
  ) -> String? {
    let contract = ShapeContract(inputs: inputs, output: output, parameterCount: count)
    operation.check(contract)
    return contract.violation
  }

  private func count(_ id: ParameterID) -> Int? {
    guard parameterCounts.indices.contains(id.layer) else { return nil }
    let counts = parameterCounts[id.layer]
    return counts.indices.contains(id.index) ? counts[id.index] : nil
  }

  /// A part of a tensor lies within it.
  private func checkValues() throws(PlanError) {
    for value in program.values {
      let isPositive = value.shape.extents.allSatisfy { $0 > 0 }
      guard isPositive, value.layout.channelBlock > 0 else {
        throw .broken(layer: nil, operation: "tensor", problem: "its shape is \(value.shape)")
      }
      guard let view = value.view else { continue }
      let parent = program[view.parent].shape.count
      guard view.offset >= 0, saturatingSum(view.offset, value.shape.count) <= parent else {
        throw .broken(
          layer: nil, operation: "part",
          problem: "\(value.shape) from element \(view.offset) on is not within \(parent) elements")
      }
    }
  }

  /// Inputs are made before they are read, and tensors come in a layout that the operation knows.
  private func checkTensors(
    of step: Program.Step, _ written: Set<ValueID>
  ) throws(PlanError) {
    for (index, input) in step.inputs.enumerated() {
      guard written.contains(owners[input.index]) else {
        throw step.broken("it reads a tensor that no step before it makes")
      }
      guard step.accepts(program[input], at: index, in: program) else {
        throw step.broken("input \(index) has a layout that its kernel does not read")
      }
    }
  }
}

extension Program.Step {
  /// An operation reads the layout that it writes, but for those that change it.
  fileprivate func accepts(_ input: Program.Value, at index: Int, in program: Program) -> Bool {
    let output = program[output].layout
    if operation is ChangeLayout { return input.layout != output }
    if input.layout == output { return true }
    if output == .planar { return readsBlocks }
    return index == 0 && readsPlanes(of: input)
  }

  func broken(_ problem: String) -> PlanError {
    .broken(layer: layer, operation: operation.name, problem: problem)
  }
}
