import PenumbraCompute

/// Decides which convolutions are trained by Winograd's, in either direction: those that gain most for
/// each byte of transformed weights, until the budget is spent.
///
/// Which layers are frozen is not known here: the gradients of their inputs, which nobody computes,
/// count like others.
struct ChooseTrainingMethods: Pass {
  /// Bytes that transformed weights may take beyond the weights themselves.
  let budget: Int

  /// Transformed weights so large come in fresh memory from the system after every update, which
  /// takes longer than they save.
  private static let mostBytes = 20 << 20

  private enum Direction: Int {
    case output, inputGradient
  }

  func apply(to program: inout Program) {
    let kernels = Kernels.current
    var wishes: [WinogradWish<(step: Int, direction: Direction)>] = []
    func wish(for geometry: ConvolutionGeometry, _ step: Int, _ direction: Direction) {
      guard let cost = ConvolutionCost(geometry, kernels.shape), cost.keeping < cost.direct else {
        return
      }
      let bytes = WinogradWeights.keptBytes(geometry, kernels)
      guard bytes < Self.mostBytes else { return }
      wishes.append(
        WinogradWish(
          of: (step, direction), order: 2 * step + direction.rawValue,
          gain: cost.direct - cost.keeping, bytes: bytes))
    }
    for (index, step) in program.steps.enumerated() where program[step.output].layout == .blocked {
      guard let convolution = step.operation as? Convolution else { continue }
      if program[step.inputs[0]].layout == .blocked {
        wish(for: convolution.geometry, index, .output)
      }
      if program.root(of: step.inputs[0]).parent != program.input,
        let opposite = convolution.geometry.opposite
      {
        wish(for: opposite, index, .inputGradient)
      }
    }
    for (step, direction) in WinogradWish.granted(wishes, budget: budget) {
      guard var convolution = program.steps[step].operation as? Convolution else { continue }
      switch direction {
      case .output: convolution.method = .winograd(keepsTransformed: true)
      case .inputGradient: convolution.inputGradientMethod = .winograd(keepsTransformed: true)
      }
      program.steps[step].operation = convolution
    }
  }
}
