import Foundation
import Penumbra
import PenumbraCompute
import PenumbraEngine

/// The standard backend with some of its passes.
struct PassSubset: Backend {
  let name = "subset"
  let passes: [any Pass]

  func kernel(
    for step: Program.Step, in program: Program, weights: Weights
  ) throws(PlanError) -> any Kernel {
    try BlasBackend().kernel(for: step, in: program, weights: weights)
  }
}

/// A backend whose kernels find all they touch between pages that nobody may touch: each input, the
/// output, which is filled with NaN, and every block of scratch, which holds NaN as well. So do those
/// that train.
struct GuardedBackend: Backend {
  let inner: any Backend
  /// Whether the forbidden page is right behind each tensor, or right before it.
  var touchesEnd = true
  let findings = Findings()

  var name: String { "guarded \(inner.name)" }

  /// All but the pass that lets a step find a part of its output written already.
  var passes: [any Pass] { inner.passes.filter { !($0 is JoinInPlace) } }

  func kernel(
    for step: Program.Step, in program: Program, weights: Weights
  ) throws(PlanError) -> any Kernel {
    BufferGuards.switchOn()
    return GuardedKernel(
      inner: try inner.kernel(for: step, in: program, weights: weights),
      name: step.operation.name, inputCount: step.inputs.count, touchesEnd: touchesEnd,
      findings: findings)
  }

  var trainingPasses: [any Pass] { inner.trainingPasses }

  func trainingKernel(
    for step: Program.Step, in program: Program, needsInputGradient: Bool
  ) throws(PlanError) -> any TrainingKernel {
    BufferGuards.switchOn()
    return GuardedTrainingKernel(
      inner: try inner.trainingKernel(
        for: step, in: program, needsInputGradient: needsInputGradient),
      name: step.operation.name, inputCount: step.inputs.count,
      findsOutputBegun: step.operation.name == "concatenate", touchesEnd: touchesEnd,
      findings: findings)
  }

  /// The names of the operations that wrote where they must not.
  final class Findings: Sendable {
    private let lock = NSLock()
    nonisolated(unsafe) private var names: [String] = []

    func add(_ name: String) { lock.withLock { names.append(name) } }
    var all: [String] { lock.withLock { names } }
  }
}

private struct GuardedKernel: Kernel {
  let inner: any Kernel
  let name: String
  let inputCount: Int
  let touchesEnd: Bool
  let findings: GuardedBackend.Findings

  var threadScratchBytes: Int { inner.threadScratchBytes }
  var sharedScratchBytes: Int { inner.sharedScratchBytes }

  func run(_ call: borrowing KernelCall) {
    let inputs = (0..<inputCount).map { index in
      let tensor = GuardedTensor(like: call.inputs[index], batch: call.batch, touchesEnd)
      tensor.copy(from: call.inputs[index])
      return tensor
    }
    let output = GuardedTensor(like: call.output, batch: call.batch, touchesEnd)
    let shared = GuardedMemory(bytes: inner.sharedScratchBytes.lineAligned)
    let threads = GuardedThreads(call.threads, bytes: inner.threadScratchBytes.lineAligned)
    shared.pages.initializeMemory(as: UInt8.self, repeating: 0xFF)

    inputs.map(\.tensor).withUnsafeBufferPointer { tensors in
      guard let tensors = tensors.baseAddress else { return }
      inner.run(
        call.moved(
          tensors, output.tensor,
          KernelCall.Scratch(
            shared: shared.base, threads: threads.first, threadStride: threads.stride)))
    }
    if !output.isIntactAround || inputs.contains(where: { !$0.isIntactAround }) {
      findings.add(name)
    }
    output.copy(to: call.output)
  }
}
