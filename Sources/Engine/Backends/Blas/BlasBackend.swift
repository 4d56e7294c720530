package import PenumbraCompute

/// Matrix products by OpenBLAS (Accelerate on macOS) over unfolded images, the rest by the vector
/// kernels of this machine's instruction set.
public struct BlasBackend: Backend {
  public let name = "blas"
  public let passes: [any Pass] = [
    FoldBatchNormalization(), FuseActivation(), JoinInPlace(), OverwriteInputs(),
  ]

  public init() {}

  public func kernel(
    for step: Program.Step, in program: Program, weights: Weights
  ) throws(PlanError) -> any Kernel {
    switch step.operation {
    case let convolution as Convolution: try BlasConvolution(convolution, weights)
    case let matrix as MultiplyMatrix: try BlasConnected(matrix, program, step, weights)
    case let pool as Pool: FastPool(pool: pool)
    case is GlobalAverage: FastGlobalAverage()
    case is CompeteChannels: FastCompetition()
    case let upsample as Repeat: FastRepeat(upsample: upsample)
    case let activate as Activate: FastActivate(activate) ?? step.operation
    case let add as AddMaps: FastAdd(add, program, step) ?? step.operation
    case let multiply as Multiply: FastMultiply(activation: multiply.activation)
    case let scale as ScaleByChannel: FastScaleByChannel(activation: scale.activation)
    case let head as ActivateHeadPlanes: FastHead(head: head)
    default: step.operation
    }
  }
}

extension Gemm {
  /// The same, with the error of a plan.
  package static func loaded() throws(PlanError) -> Gemm {
    do {
      return try Gemm()
    } catch {
      throw .missingLibrary(problem: error.problem, remedy: error.remedy)
    }
  }
}
