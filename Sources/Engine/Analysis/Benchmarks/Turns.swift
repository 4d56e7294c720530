/// Something that is timed by running it again and again.
public protocol RepeatedRun: AnyObject {
  /// Runs once; the time is not kept when it only warms up.
  func run(isWarmUp: Bool)
}

/// How long several things are run, in turns, so that what else the machine does meets them alike.
public struct Turns: Sendable {
  /// Runs of each; nil means for `seconds`.
  public var iterations: Int?
  public var seconds: Double
  public var warmUps: Int

  public init(iterations: Int? = nil, seconds: Double = 5, warmUps: Int = 2) {
    self.iterations = iterations
    self.seconds = seconds
    self.warmUps = warmUps
  }

  /// Turns there are at least when the time decides.
  private static let least = 3

  /// Runs everything in turns, and `between` after each turn.
  ///
  /// - Parameter between: told whether the turn only warms up.
  public func run(_ runs: [any RepeatedRun], between: (_ isWarmUp: Bool) -> Void = { _ in }) {
    for _ in 0..<warmUps {
      for run in runs { run.run(isWarmUp: true) }
      between(true)
    }
    let end = ContinuousClock.now + .seconds(seconds)
    var turns = 0
    repeat {
      for run in runs { run.run(isWarmUp: false) }
      between(false)
      turns += 1
    } while turns < iterations ?? (ContinuousClock.now < end ? .max : max(turns, Self.least))
  }
}
