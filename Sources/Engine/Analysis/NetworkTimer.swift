/// Runs one plan over and over and keeps the times.
public final class NetworkTimer {
  public let plan: Plan
  private var session: Session
  /// Milliseconds of each run.
  private var runs: [Double] = []
  /// Milliseconds of each step, one list a step.
  private var steps: [[Double]]

  /// - Throws: when there is no memory for a session.
  public init(_ plan: Plan) throws(PlanError) {
    self.plan = plan
    session = try Session(plan)
    steps = Array(repeating: [], count: plan.program.steps.count)
    for image in 0..<plan.options.batch {
      session.withInput(image: image) { Weights.fillInput($0, seed: 7920) }
    }
  }

  /// One run of the whole batch; not kept when it only warms up.
  public func run(isWarmUp: Bool = false) {
    var (whole, part) = (Stopwatch(), Stopwatch())
    session.run { step in
      let time = part.lap()
      if !isWarmUp { steps[step].append(time) }
    }
    if !isWarmUp { runs.append(whole.lap()) }
  }

  /// How many runs were kept.
  public var count: Int { runs.count }
  public var timing: Timing { Timing(runs) }

  public var stepTimings: [Timing] { steps.map { Timing($0) } }

  /// The median time of each layer: its steps together, 0 for one that needs none.
  public var layerMedians: [Double] {
    var medians = Array(repeating: 0.0, count: plan.graph.nodes.count)
    for (step, timing) in zip(plan.program.steps, stepTimings) {
      medians[step.layer] += timing.median
    }
    return medians
  }

  /// How long `timers` are run, in turns, so that what else the machine does meets them alike.
  public struct Duration: Sendable {
    /// Runs of each; nil means for `seconds`.
    public var iterations: Int?
    public var seconds: Double
    public var warmUps: Int

    public init(iterations: Int? = nil, seconds: Double = 5, warmUps: Int = 2) {
      self.iterations = iterations
      self.seconds = seconds
      self.warmUps = warmUps
    }
  }

  /// Runs every timer in turns, and `between` after each turn.
  ///
  /// - Parameter between: told whether the turn only warms up.
  public static func run(
    _ timers: [NetworkTimer], for duration: Duration, between: (_ isWarmUp: Bool) -> Void = { _ in }
  ) {
    for _ in 0..<duration.warmUps {
      for timer in timers { timer.run(isWarmUp: true) }
      between(true)
    }
    let end = ContinuousClock.now + .seconds(duration.seconds)
    var turns = 0
    repeat {
      for timer in timers { timer.run() }
      between(false)
      turns += 1
    } while turns < duration.iterations ?? (ContinuousClock.now < end ? .max : max(turns, 3))
  }
}
