/// Runs one plan over and over and keeps the times of its steps.
public final class NetworkTimer: RepeatedRun {
  public let plan: Plan
  private var session: Session
  private let input: BenchmarkInput
  /// Milliseconds of each run.
  private var runs: [Double] = []
  /// Milliseconds of each step, one list a step.
  private var steps: [[Double]]

  /// - Throws: when there is no memory for a session.
  public init(_ plan: Plan) throws(PlanError) {
    self.plan = plan
    session = try Session(plan)
    input = BenchmarkInput(plan)
    steps = Array(repeating: [], count: plan.program.steps.count)
  }

  /// One run of the whole batch.
  public func run(isWarmUp: Bool = false) {
    input.fill(&session)
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
}
