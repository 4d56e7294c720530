/// Times training steps of a network: forward, backward and update of one mini-batch, with gradients
/// of a made-up loss, so that no labels are needed.
public final class TrainingTimer: RepeatedRun {
  public let session: TrainingSession
  /// What is done with the gradients.
  private let update: (TrainingSession) throws -> Void
  private var forward: [Double] = []
  private var backward: [Double] = []
  private var updates: [Double] = []
  /// Milliseconds of each step of the program in both directions, all runs together.
  private var stepTimes: [(forward: Double, backward: Double)]
  /// The first error of an update, which ends the measurement.
  public private(set) var failure: (any Error)?

  /// - Parameter update: applies the gradients to the parameters.
  public init(_ session: TrainingSession, update: @escaping (TrainingSession) throws -> Void) {
    self.session = session
    self.update = update
    stepTimes = session.plan.program.steps.map { _ in (0, 0) }
  }

  private var batch: Int { session.plan.options.batch }

  /// Fills the inputs with the rule of the golden cases.
  public func fillInputs(seed: UInt64 = 1) {
    for image in 0..<batch {
      session.withInput(image: image) { Weights.fillInput($0, seed: seed + UInt64(image)) }
    }
  }

  /// The gradient of the made-up loss at element `index` of a loss layer.
  public static func lossGradient(_ index: Int) -> Float { Float(index % 7 - 3) * 1e-4 }

  /// Forward and backward, without an update.
  public func pass(finished: (_ step: Int, _ isBackward: Bool) -> Void = { _, _ in }) {
    session.forward(images: batch, moment: TrainingMoment(seed: 1, iteration: 0)) {
      finished($0, false)
    }
    for layer in session.plan.options.lossLayers {
      let count = session.plan.graph.nodes[layer].layer.output.count
      for image in 0..<batch {
        let gradient = session.lossGradient(layer: layer, image: image)
        for i in 0..<count { gradient[i] = Self.lossGradient(i) }
      }
    }
    session.backward(images: batch) { finished($0, true) }
  }

  public func run(isWarmUp: Bool) {
    guard failure == nil else { return }
    fillInputs()
    session.clearGradients()
    var (whole, part) = (Stopwatch(), Stopwatch())
    var (ahead, back) = (0.0, 0.0)
    pass { step, isBackward in
      let time = part.lap()
      if isBackward { back += time } else { ahead += time }
      guard !isWarmUp else { return }
      if isBackward { stepTimes[step].backward += time } else { stepTimes[step].forward += time }
    }
    _ = whole.lap()
    do {
      try update(session)
      try session.parametersChanged()
    } catch {
      failure = error
      return
    }
    guard !isWarmUp else { return }
    updates.append(whole.lap())
    forward.append(ahead)
    backward.append(back)
  }

  public var count: Int { forward.count }
  /// Milliseconds of whole training steps, and of their parts.
  public var whole: Timing { Timing(zip(zip(forward, backward), updates).map { $0.0 + $0.1 + $1 }) }
  public var parts: (forward: Timing, backward: Timing, update: Timing) {
    (Timing(forward), Timing(backward), Timing(updates))
  }

  /// Mean milliseconds of each step of the program.
  public var steps: [(layer: Int, operation: String, forward: Double, backward: Double)] {
    zip(session.plan.program.steps, stepTimes).map { step, times in
      (
        step.layer, step.operation.name, times.forward / Double(max(count, 1)),
        times.backward / Double(max(count, 1))
      )
    }
  }

  /// Floating-point operations of a step: two for each multiply-add of convolutions and the like,
  /// three times, for the outputs, the gradients of the inputs and those of the weights. The first
  /// layer's inputs have none, which is not taken off.
  public var operations: Double {
    Double(batch) * 6 * Double(session.plan.graph.multiplyAdds)
  }
}
