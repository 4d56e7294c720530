/// A way to compute the operations of a program on this machine.
///
/// A backend rewrites the program as its kernels like it, then gives a kernel for every step. A
/// kernel may hold weights in a form of its own, packed when it is made.
public protocol Backend: Sendable {
  var name: String { get }
  /// What its convolutions can multiply, on machines that have the instructions.
  var formats: [NumberFormat] { get }
  /// Applied in this order.
  var passes: [any Pass] { get }
  /// The kernel of a step; `step.operation` itself where there is none better.
  ///
  /// - Throws: when there is no memory for weights in a form of their own.
  func kernel(
    for step: Program.Step, in program: Program, weights: Weights
  ) throws(PlanError) -> any Kernel

  /// Applied, in this order, to a program that is to be trained.
  var trainingPasses: [any Pass] { get }
  /// The kernel that trains a step; `step.operation` itself where there is none better. It packs
  /// no weights before it is told that there are any (`TrainingKernel.parametersChanged`).
  ///
  /// - Parameter needsInputGradient: whether anything learns before this step.
  /// - Throws: when there is no memory for what the kernel keeps, or no gradient passes through.
  func trainingKernel(
    for step: Program.Step, in program: Program, needsInputGradient: Bool
  ) throws(PlanError) -> any TrainingKernel
}

extension Backend {
  public var formats: [NumberFormat] { [.fp32] }
  public var trainingPasses: [any Pass] { [] }

  public func trainingKernel(
    for step: Program.Step, in program: Program, needsInputGradient: Bool
  ) throws(PlanError) -> any TrainingKernel {
    guard let operation = step.operation as? any Differentiable else {
      throw .notTrainable(layer: step.layer, operation: step.operation.name)
    }
    return operation
  }
}

/// The backends there are, by name.
public enum Backends {
  public static let all: [any Backend] = [BlockedBackend(), BlasBackend(), ReferenceBackend()]
  public static let standard: any Backend = BlockedBackend()

  public static func named(_ name: String) -> (any Backend)? { all.first { $0.name == name } }
}

/// The oracle: every operation as it is defined, one after another, sums in double.
public struct ReferenceBackend: Backend {
  public let name = "reference"
  public let passes: [any Pass] = []

  public init() {}

  public func kernel(for step: Program.Step, in program: Program, weights: Weights) -> any Kernel {
    step.operation
  }
}
