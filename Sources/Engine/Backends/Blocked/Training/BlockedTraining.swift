extension BlockedBackend {
  public var trainingPasses: [any Pass] { [AssignLayouts()] }

  public func trainingKernel(
    for step: Program.Step, in program: Program
  ) throws(PlanError) -> any TrainingKernel {
    let (inputs, output) = (step.inputs.map { program[$0] }, program[step.output])
    let isBlocked = output.layout == .blocked
    switch step.operation {
    case let convolution as Convolution where isBlocked:
      let isFirst = program.root(of: step.inputs[0]).parent == program.input
      return try ConvolutionTraining(convolution, input: inputs[0], needsInputGradient: !isFirst)
    default:
      guard let plain = step.operation as? any Differentiable else {
        preconditionFailure("'\(step.operation.name)' cannot be trained")
      }
      guard isBlocked || inputs.contains(where: { $0.layout == .blocked }) else { return plain }
      return PlanarTraining(plain, inputs: inputs, output: output)
    }
  }
}
