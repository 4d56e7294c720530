import PenumbraCompute

/// Lets a convolution add the map that a `[shortcut]` adds to its result, before it is stored.
struct FuseResidual: Pass {
  func apply(to program: inout Program) {
    var producer: [ValueID: Int] = [:]
    var uses: [ValueID: Int] = [:]
    for step in program.steps { for input in step.inputs { uses[input, default: 0] += 1 } }
    for value in program.values { if let view = value.view { uses[view.parent, default: 0] += 1 } }

    var kept: [Program.Step] = []
    for step in program.steps {
      if let (index, residual) = convolution(for: step, kept, producer, uses, program),
        let convolution = kept[index].operation as? Convolution,
        let add = step.operation as? AddMaps
      {
        kept[index].operation = ConvolveAndAdd(convolution: convolution, activation: add.activation)
        kept[index].inputs.append(residual)
        kept[index].output = step.output
        producer[step.output] = index
        continue
      }
      producer[step.output] = kept.count
      kept.append(step)
    }
    program.steps = kept
  }

  /// The step that can do the work of `step`, and what it has to add.
  private func convolution(
    for step: Program.Step, _ kept: [Program.Step], _ producer: [ValueID: Int],
    _ uses: [ValueID: Int], _ program: Program
  ) -> (step: Int, residual: ValueID)? {
    guard let add = step.operation as? AddMaps, add.mixing == nil, step.inputs.count == 2 else {
      return nil
    }
    let shape = program[step.output].shape
    for (sum, residual) in [(step.inputs[0], step.inputs[1]), (step.inputs[1], step.inputs[0])] {
      guard let index = producer[sum], kept[index].operation is Convolution, uses[sum] == 1,
        !program.results.contains(sum), program[sum].view == nil, program[sum].shape == shape,
        program[residual].shape == shape, isMade(residual, before: index, producer, program)
      else { continue }
      return (index, residual)
    }
    return nil
  }

  private func isMade(
    _ value: ValueID, before step: Int, _ producer: [ValueID: Int], _ program: Program
  ) -> Bool {
    let root = program.root(of: value).parent
    guard let maker = producer[value] ?? producer[root] else { return root == program.input }
    return maker < step
  }
}

/// `y = activation(convolution(x) + r)`: a convolution and the sum that follows it. The second input
/// is `r`, whose shape `y` has.
struct ConvolveAndAdd: Operation {
  let name = "convolution-and-add"
  var convolution: Convolution
  let activation: Activation

  func run(_ call: borrowing KernelCall) {
    let count = call.output.shape.count
    convolution.run(call)
    for n in 0..<call.batch {
      let (residual, output) = (call.inputs[1].image(n), call.output.image(n))
      for i in 0..<count { output[i] += residual[i] }
      activation.apply(output, count: count)
    }
  }
}
