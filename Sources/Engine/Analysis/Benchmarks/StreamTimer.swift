import PenumbraCompute

/// Runs several sessions of one plan at once, each on a thread of its own: what matters is how many
/// images they get through together.
public final class StreamTimer: RepeatedRun {
  public let plan: Plan
  public let streams: Int
  private let sessions: [Stream]
  /// Threads of its own; within its loops a session's own loops run on the stream's thread alone.
  private let pool: ThreadPool
  /// Images a second, of each turn.
  private var rates: [Double] = []
  /// Milliseconds of each run of a batch, whichever stream.
  private var runs: [Double] = []

  /// How long a turn takes, unless a single run takes longer.
  private static let turn = Duration.milliseconds(100)

  /// - Throws: when there is no memory for the sessions.
  public init(_ plan: Plan, streams: Int) throws(PlanError) {
    self.plan = plan
    self.streams = streams
    sessions = try (0..<streams).map { _ throws(PlanError) in try Stream(plan) }
    pool = ThreadPool(helpers: streams - 1)
  }

  /// Keeps all streams busy for a tenth of a second.
  public func run(isWarmUp: Bool) {
    let end = ContinuousClock.now + Self.turn
    pool.parallelFor(streams, threads: streams) { [sessions] index in
      sessions[index].run(until: end)
    }
    guard !isWarmUp else { return }
    let images = Double(plan.options.batch)
    rates.append(
      sessions.reduce(0) { $0 + 1000 * images * Double($1.runs.count) / $1.runs.reduce(0, +) })
    runs += sessions.flatMap(\.runs)
  }

  public var count: Int { runs.count }
  public var timing: Timing { Timing(runs) }
  /// The median of all turns.
  public var imagesPerSecond: Double { Timing(rates).median }

  /// One session and the times of its runs in the last turn, in milliseconds.
  private final class Stream {
    private var session: Session
    private let input: BenchmarkInput
    private(set) var runs: [Double] = []

    init(_ plan: Plan) throws(PlanError) {
      session = try Session(plan)
      input = BenchmarkInput(plan)
    }

    func run(until end: ContinuousClock.Instant) {
      runs = []
      repeat {
        input.fill(&session)
        var watch = Stopwatch()
        session.run()
        runs.append(watch.lap())
      } while ContinuousClock.now < end
    }
  }
}
