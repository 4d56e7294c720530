import Foundation
import Penumbra
import PenumbraEngine
import TestSupport
import Testing

/// What a training plan counts, and which memory a session leaves alone or clears.
struct TrainingPlanTests {
  private func layer(_ filters: Int, _ keys: String = "size=3\npad=1") -> String {
    "\n[convolutional]\nfilters=\(filters)\n\(keys)\nactivation=leaky\n"
  }

  private func network(_ keys: String = "size=3\npad=1") throws -> TestNetwork {
    try TestNetwork(
      "[net]\nwidth=52\nheight=52\nchannels=3\n" + layer(64) + layer(64, keys) + layer(64, keys)
        + "\n[cost]\n")
  }

  private func plan(
    _ network: TestNetwork, _ backend: any Backend = BlockedBackend(), lastFrozenLayer: Int = -1
  ) throws -> TrainingPlan {
    try TrainingPlan(
      network.graph,
      options: TrainingOptions(
        backend: backend, batch: 1, threads: 1, lossLayers: [3], lastFrozenLayer: lastFrozenLayer))
  }

  @Test(arguments: ["size=3\npad=1", "size=3\npad=1\nstride=2", "size=3\npad=1\ngroups=64"])
  func `counts the weights of both directions as kernels take them`(keys: String) throws {
    try KernelChoice.held {
      let network = try network(keys)
      let plan = try plan(network)
      let perLayer = 4 * 64 * (keys.contains("groups") ? 9 : 9 * 64)
      #expect(plan.packedBytes >= 4 * 9 * 3 * 64 + 2 * 2 * perLayer)
      #expect(plan.sessionBytes == plan.arenaBytes + plan.scratchBytes + plan.packedBytes)
      // Nobody needs the gradients of what frozen layers read.
      let frozen = try self.plan(network, lastFrozenLayer: 1)
      #expect(frozen.packedBytes <= plan.packedBytes - 2 * perLayer)
    }
  }

  @Test func `keeps no more transformed weights than the budget allows`() throws {
    try KernelChoice.held {
      let network = try network()
      func packed(_ budget: Int) throws -> Int {
        try plan(network, BlockedBackend(winogradBudget: budget)).packedBytes
      }
      let (none, all) = (try packed(0), try packed(.max))
      try #require(all > none)
      for budget in stride(from: 0, through: all - none, by: (all - none) / 5) {
        #expect(try packed(budget) - none <= budget)
      }
      #expect(try packed(all - none) == all)
      #expect(try packed(all - none - 1) < all)
    }
  }

  @Test func `packs the weights of frozen layers once`() throws {
    let network = try network()
    for (lastFrozenLayer, expected) in [(-1, [2, 2, 2]), (1, [1, 1, 2])] {
      let backend = CountingBackend()
      let parameters = try ParameterBuffer(copying: network.weights)
      let session = try TrainingSession(
        plan(network, backend, lastFrozenLayer: lastFrozenLayer), parameters: parameters,
        gradients: ParameterBuffer(parameters.layout))
      try session.parametersChanged()
      #expect((0..<3).map { backend.counts.of(layer: $0) } == expected)
      try session.parametersChanged(everywhere: true)
      #expect((0..<3).map { backend.counts.of(layer: $0) } == expected.map { $0 + 1 })
    }
  }

  /// A head whose output is a part of a join has only its part of the gradient filled by the loss.
  @Test func `a loss in the middle of a join finds no old gradients beside its own`() throws {
    let network = try TestNetwork(
      cfg(
        Shape(3, 6, 5),
        """
        [convolutional]
        filters=12
        activation=linear
        [yolo]
        classes=1
        num=2
        anchors=1,2,3,4
        [convolutional]
        filters=4
        activation=leaky
        [route]
        layers=-1,-2
        [convolutional]
        filters=12
        activation=linear
        [yolo]
        classes=1
        num=2
        anchors=1,2,3,4
        """))
    for backend in [BlockedBackend(), ReferenceBackend()] as [any Backend] {
      let plan = try TrainingPlan(
        network.graph,
        options: TrainingOptions(backend: backend, batch: 2, threads: 1, lossLayers: [1, 5]))
      let parameters = try ParameterBuffer(copying: network.weights)
      let session = try TrainingSession(
        plan, parameters: parameters, gradients: ParameterBuffer(parameters.layout))
      for image in 0..<2 {
        session.withInput(image: image) { _ = $0.update(fromContentsOf: network.input()) }
      }
      let passes = (0..<2).map { _ in
        session.clearGradients()
        session.forward(images: 2, moment: TrainingMoment(seed: 1, iteration: 0))
        for layer in [1, 5] {
          for image in 0..<2 {
            let gradient = session.lossGradient(layer: layer, image: image)
            for i in 0..<12 * 30 { gradient[i] = Float(i % 5) - 2 }
          }
        }
        session.backward(images: 2)
        return session.gradients.values.map(\.bitPattern)
      }
      #expect(passes[0] == passes[1], "\(backend.name)")
    }
  }
}

/// Counts how often each convolution takes note of its parameters.
private struct CountingBackend: Backend {
  let name = "counting"
  let passes: [any Pass] = []
  let counts = Counts()

  final class Counts: Sendable {
    private let lock = NSLock()
    nonisolated(unsafe) private var found: [Int: Int] = [:]

    func add(_ layer: Int) { lock.withLock { found[layer, default: 0] += 1 } }
    func of(layer: Int) -> Int { lock.withLock { found[layer] ?? 0 } }
  }

  func kernel(for step: Program.Step, in program: Program, weights: Weights) -> any Kernel {
    step.operation
  }

  func trainingKernel(
    for step: Program.Step, in program: Program, needsInputGradient: Bool
  ) throws(PlanError) -> any TrainingKernel {
    let inner = try ReferenceBackend().trainingKernel(
      for: step, in: program, needsInputGradient: needsInputGradient)
    return step.operation is Convolution
      ? CountingKernel(inner: inner, layer: step.layer, counts: counts) : inner
  }

  private struct CountingKernel: TrainingKernel {
    let inner: any TrainingKernel
    let layer: Int
    let counts: Counts

    var keeps: KeptTensors { inner.keeps }

    func parametersChanged(_ weights: Weights) throws(PlanError) { counts.add(layer) }
    func forward(_ call: borrowing ForwardCall) { inner.forward(call) }
    func backward(_ call: borrowing BackwardCall) { inner.backward(call) }
  }
}
