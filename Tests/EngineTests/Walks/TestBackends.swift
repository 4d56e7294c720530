import Foundation
import Penumbra
import PenumbraEngine

/// The standard backend with some of its passes.
struct PassSubset: Backend {
  let name = "subset"
  let passes: [any Pass]

  func kernel(for step: Program.Step, in program: Program, weights: Weights) -> any Kernel {
    BlasBackend().kernel(for: step, in: program, weights: weights)
  }
}

/// A backend whose kernels write into memory of their own that is filled with NaN and surrounded by
/// guard values, with scratch memory that holds NaN as well.
struct GuardedBackend: Backend {
  let inner: any Backend
  let findings = Findings()

  var name: String { "guarded \(inner.name)" }
  /// All but the pass that lets a step find a part of its output written already.
  var passes: [any Pass] { inner.passes.filter { !($0 is JoinInPlace) } }

  func kernel(
    for step: Program.Step, in program: Program, weights: Weights
  ) throws(PlanError) -> any Kernel {
    GuardedKernel(
      inner: try inner.kernel(for: step, in: program, weights: weights), name: step.operation.name,
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
  let findings: GuardedBackend.Findings

  var threadScratchBytes: Int { inner.threadScratchBytes }
  var sharedScratchBytes: Int { inner.sharedScratchBytes }

  private static let margin = 64
  private static let mark: Float = 123.25

  func run(_ call: borrowing KernelCall) {
    let layout = call.output.layout
    let (count, batch) = (layout.count(call.output.shape), call.batch)
    let stride = count + Self.margin
    let total = Self.margin + batch * stride
    let memory = UnsafeMutablePointer<Float>.allocate(capacity: total)
    defer { memory.deallocate() }
    memory.update(repeating: Self.mark, count: total)
    let output = Tensor(
      base: memory + Self.margin, imageStride: stride, shape: call.output.shape, layout: layout)
    for n in 0..<batch { output.image(n).update(repeating: .nan, count: count) }

    call.fillScratch(0xFF)
    inner.run(call.writing(to: output))

    let own = Set((0..<batch).flatMap { n in (0..<count).map { Self.margin + n * stride + $0 } })
    if (0..<total).contains(where: { !own.contains($0) && memory[$0] != Self.mark }) {
      findings.add(name)
    }
    for n in 0..<batch { call.output.image(n).update(from: output.image(n), count: count) }
  }
}
