import Penumbra
import PenumbraCompute
import PenumbraEngine

/// A kernel that trains between forbidden pages, in both directions.
struct GuardedTrainingKernel: TrainingKernel {
  let inner: any TrainingKernel
  let name: String
  let inputCount: Int
  /// Whether other steps have written a part of the output before.
  let findsOutputBegun: Bool
  let touchesEnd: Bool
  let findings: GuardedBackend.Findings

  var keeps: KeptTensors { inner.keeps }
  func savedFloats(batch: Int) -> Int { inner.savedFloats(batch: batch) }
  var threadScratchBytes: Int { inner.threadScratchBytes }
  var sharedScratchBytes: Int { inner.sharedScratchBytes }
  var packedBytes: Int { inner.packedBytes }

  func parametersChanged(_ weights: Weights) throws(PlanError) {
    try inner.parametersChanged(weights)
  }

  func forward(_ call: borrowing ForwardCall) {
    let room = Room(inner, threads: call.threads, batch: call.batch)
    let inputs = copies(call.inputs, call.batch)
    let output = copy(call.output, call.batch, isEmpty: !findsOutputBegun)
    inputs.map(\.tensor).withUnsafeBufferPointer { tensors in
      // An operation without inputs is given an address that it must not read.
      call.withPlaces(
        tensors.baseAddress ?? call.inputs, output.tensor, saved: room.saved, room.scratch
      ) { inner.forward($0) }
    }
    check(inputs + [output])
    output.copy(to: call.output)
    call.saved.update(from: room.saved, count: room.savedCount)
  }

  func backward(_ call: borrowing BackwardCall) {
    let room = Room(inner, threads: call.threads, batch: call.batch)
    room.saved.update(from: call.saved, count: room.savedCount)
    // What is not kept holds NaN.
    let inputs = copies(call.inputs, call.batch, areEmpty: !keeps.contains(.inputs))
    let output = copy(call.output, call.batch, isEmpty: !keeps.contains(.output))
    let outputGradient = copy(call.outputGradient, call.batch)
    let targets = (0..<inputCount).map { call.inputGradients[$0] }
    // Copies of tensors with something in common would have nothing in common.
    let gradients =
      haveCommonMemory(targets, call.batch)
      ? targets.map { _ in nil }
      : targets.map { target in
        target.tensor.map { copy($0, call.batch, isEmpty: !target.accumulates) }
      }
    let guarded = zip(targets, gradients).map { target, gradient in
      gradient.map { InputGradient(tensor: $0.tensor, accumulates: target.accumulates) } ?? target
    }
    inputs.map(\.tensor).withUnsafeBufferPointer { tensors in
      guarded.withUnsafeBufferPointer { guarded in
        call.withPlaces(
          tensors.baseAddress ?? call.inputs, output.tensor,
          outputGradient: outputGradient.tensor,
          inputGradients: guarded.baseAddress ?? call.inputGradients, saved: room.saved,
          room.scratch
        ) { inner.backward($0) }
      }
    }
    check(inputs + [output, outputGradient] + gradients.compactMap { $0 })
    for (target, gradient) in zip(targets, gradients) {
      if let tensor = target.tensor { gradient?.copy(to: tensor) }
    }
  }

  // MARK: Copies

  private func copy(_ tensor: Tensor, _ batch: Int, isEmpty: Bool = false) -> GuardedTensor {
    let copy = GuardedTensor(like: tensor, batch: batch, touchesEnd)
    if !isEmpty { copy.copy(from: tensor) }
    return copy
  }

  private func copies(
    _ tensors: UnsafePointer<Tensor>, _ batch: Int, areEmpty: Bool = false
  ) -> [GuardedTensor] {
    (0..<inputCount).map { copy(tensors[$0], batch, isEmpty: areEmpty) }
  }

  private func haveCommonMemory(_ targets: [InputGradient], _ batch: Int) -> Bool {
    let ranges = targets.compactMap(\.tensor).map { tensor in
      tensor.base..<tensor.image(batch - 1) + tensor.layout.count(tensor.shape)
    }
    return ranges.indices.contains { i in ranges[..<i].contains { $0.overlaps(ranges[i]) } }
  }

  private func check(_ tensors: [GuardedTensor]) {
    if !tensors.allSatisfy(\.isIntactAround) { findings.add(name) }
  }

  /// Scratch memory and what is saved, NaN all of it.
  private struct Room {
    let savedCount: Int
    private let savedMemory: GuardedMemory
    private let shared: GuardedMemory
    private let threads: GuardedThreads

    init(_ kernel: any TrainingKernel, threads: Int, batch: Int) {
      savedCount = kernel.savedFloats(batch: batch)
      savedMemory = GuardedMemory(bytes: (4 * savedCount).lineAligned)
      shared = GuardedMemory(bytes: kernel.sharedScratchBytes.lineAligned)
      self.threads = GuardedThreads(threads, bytes: kernel.threadScratchBytes.lineAligned)
      for memory in [savedMemory, shared] {
        memory.pages.initializeMemory(as: UInt8.self, repeating: 0xFF)
      }
    }

    var saved: UnsafeMutablePointer<Float> { savedMemory.base.assumingMemoryBound(to: Float.self) }
    var scratch: KernelCall.Scratch {
      KernelCall.Scratch(
        shared: shared.base, threads: threads.first, threadStride: threads.stride)
    }
  }
}
