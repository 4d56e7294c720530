import PenumbraCompute

extension BlockedBackend {
  public var trainingPasses: [any Pass] {
    [AssignLayouts(), ChooseTrainingMethods(budget: winogradBudget)]
  }

  public func trainingKernel(
    for step: Program.Step, in program: Program, needsInputGradient: Bool
  ) throws(PlanError) -> any TrainingKernel {
    let (inputs, output) = (step.inputs.map { program[$0] }, program[step.output])
    let meetsBlocks = output.layout == .blocked || inputs.contains { $0.layout == .blocked }
    if meetsBlocks, let kernel = try blockedKernel(of: step, inputs, output, needsInputGradient) {
      return kernel
    }
    guard let plain = step.operation as? any Differentiable else {
      throw .notTrainable(layer: step.layer, operation: step.operation.name)
    }
    return meetsBlocks ? PlanarTraining(plain, inputs: inputs, output: output) : plain
  }

  /// The kernel of a step that reads or makes blocks; nil where the plain one does its work.
  private func blockedKernel(
    of step: Program.Step, _ inputs: [Program.Value], _ output: Program.Value,
    _ needsInputGradient: Bool
  ) throws(PlanError) -> (any TrainingKernel)? {
    switch step.operation {
    case let change as ChangeLayout: return LayoutTraining(change, output.shape)
    case let head as ActivateHeadPlanes:
      return LayoutTraining(BlockedHead(head: head), output.shape)
    case let convolution as Convolution:
      return try ConvolutionTraining(
        convolution, input: inputs[0], needsInputGradient: needsInputGradient)
    case let normalize as NormalizeBatch: return NormalizeTraining(normalize, output.shape)
    case let pool as Pool: return pool.kind == .largest ? PoolTraining(pool.window) : nil
    case is GlobalAverage: return AverageTraining()
    case let upsample as Repeat: return RepeatTraining(upsample: upsample)
    case is CompeteChannels: return CompetitionTraining(output.shape)
    case let join as Concatenate: return JoinTraining(offsets: join.offsets)
    case let activate as Activate: return ActivateTraining(activate)
    case let add as AddMaps: return try AddTraining(add, inputs: inputs, output: output)
    case let multiply as Multiply: return MultiplyTraining(multiply, output.shape)
    case let scale as ScaleByChannel: return ScaleTraining(scale, output.shape)
    default: return nil
    }
  }
}
