import Foundation
import Penumbra
import PenumbraCompute
import PenumbraEngine

/// The standard backend with some of its passes.
struct PassSubset: Backend {
  let name = "subset"
  let passes: [any Pass]

  func kernel(for step: Program.Step, in program: Program, weights: Weights) -> any Kernel {
    BlasBackend().kernel(for: step, in: program, weights: weights)
  }
}

/// A backend whose kernels find all they touch between pages that nobody may touch: each input, the
/// output, which is filled with NaN, and every block of scratch, which holds NaN as well.
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

/// A tensor between forbidden pages. What lies between its images, and between it and the other page,
/// is marked.
private final class GuardedTensor {
  let tensor: Tensor
  private let memory: GuardedMemory
  private let count: Int
  private let batch: Int

  private static let margin = 16
  private static let mark: Float = 123.25

  init(like other: Tensor, batch: Int, _ touchesEnd: Bool) {
    (count, self.batch) = (other.layout.count(other.shape), batch)
    let stride = count + Self.margin
    memory = GuardedMemory(bytes: 4 * (batch * stride - Self.margin), touchesEnd: touchesEnd)
    memory.pages.bindMemory(to: Float.self).update(repeating: Self.mark)
    tensor = Tensor(
      base: memory.base.assumingMemoryBound(to: Float.self), imageStride: stride,
      shape: other.shape, layout: other.layout)
    for n in 0..<batch { tensor.image(n).update(repeating: .nan, count: count) }
  }

  func copy(from other: Tensor) {
    for n in 0..<batch { tensor.image(n).update(from: other.image(n), count: count) }
  }

  func copy(to other: Tensor) {
    for n in 0..<batch { other.image(n).update(from: tensor.image(n), count: count) }
  }

  var isIntactAround: Bool {
    let pages = memory.pages.bindMemory(to: Float.self)
    let first = tensor.base - pages.baseAddress!
    let stride = tensor.imageStride
    return pages.indices.allSatisfy { index in
      let place = index - first
      let isInside = place >= 0 && place < batch * stride && place % stride < count
      return isInside || pages[index] == Self.mark
    }
  }
}

/// A block of scratch for each thread, each right before a forbidden page.
private final class GuardedThreads {
  let first: UnsafeMutableRawPointer
  let stride: Int
  private let whole: GuardedMemory
  private let page = Int(getpagesize())

  init(_ threads: Int, bytes: Int) {
    stride = (bytes + page - 1) / page * page + page
    whole = GuardedMemory(bytes: threads * stride)
    whole.pages.initializeMemory(as: UInt8.self, repeating: 0xFF)
    first = whole.base + stride - page - bytes
    for thread in 1...threads {
      mprotect(whole.base + thread * stride - page, page, PROT_NONE)
    }
  }
}

extension Int {
  /// As a plan rounds scratch memory: to whole cache lines.
  fileprivate var lineAligned: Int { (self + 63) / 64 * 64 }
}
