/// How a plan computes one of its steps.
public struct StepKernel: Hashable, Sendable, Encodable {
  public let layer: Int
  /// `winograd 4x4 bf16`, `grouped 3x3`; the operation's name where there is one way only.
  public let kernel: String
  /// What it multiplies.
  public let numbers: NumberFormat
  /// Bytes that it moves for one image without computing anything.
  public let copiedBytes: Int

  enum CodingKeys: String, CodingKey {
    case layer, kernel, numbers
    case copiedBytes = "copied_bytes"
  }
}

extension Plan {
  /// How each step is computed on this machine, in the order of a run.
  public var stepKernels: [StepKernel] {
    program.steps.indices.map { step in
      StepKernel(
        layer: program.steps[step].layer, kernel: algorithm(step), numbers: kernels[step].format,
        copiedBytes: program.copiedBytes(step))
    }
  }
}
