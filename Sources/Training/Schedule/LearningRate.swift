import PenumbraCompute

/// The size of an update as a function of the iteration.
///
/// Source: Darknet `network.c` (`get_current_rate`).
public struct LearningRate: Hashable, Sendable {
  public enum Policy: Hashable, Sendable {
    case constant
    /// `rate · scale^(iteration / every)`, the quotient rounded down.
    case step(every: Int, scale: Double)
    /// The rate times every scale whose iteration has been reached; the first that has not ends it.
    case steps([Step])
    /// `rate · base^iteration`.
    case exponential(base: Double)
    /// `rate · (1 - iteration / length)^power`, 0 from `length` on.
    case polynomial(length: Int)
    /// `rate / (1 + e^(steepness · (iteration - middle)))`.
    case sigmoid(steepness: Double, middle: Int)
    /// From the rate down to `minimum` along half a cosine, again and again, each cycle `growth`
    /// times as long as the one before.
    case cosine(minimum: Double, cycle: Int, growth: Int)
    /// `rate · u^power` with a random number u that the seed and the iteration decide.
    case random(seed: UInt64)
  }

  public struct Step: Hashable, Sendable {
    public var iteration: Int
    public var scale: Double

    public init(_ iteration: Int, _ scale: Double) {
      (self.iteration, self.scale) = (iteration, scale)
    }
  }

  public var base: Double
  public var policy: Policy
  /// The iterations in which the rate rises as `(iteration / burnIn)^power`, whatever the policy.
  public var burnIn: Int
  public var power: Double

  public init(base: Double, policy: Policy = .constant, burnIn: Int = 0, power: Double = 4) {
    self.base = base
    self.policy = policy
    self.burnIn = burnIn
    self.power = power
  }

  /// - Parameter iteration: the update's number, from 1.
  public func rate(iteration: Int) -> Float {
    let b = Double(iteration)
    if iteration < burnIn { return Float(base * power(of: b / Double(burnIn))) }
    return switch policy {
    case .constant: Float(base)
    case .step(let every, let scale): Float(base * raise(scale, Double(iteration / every)))
    case .steps(let steps):
      Float(steps.prefix { $0.iteration <= iteration }.reduce(base) { $0 * $1.scale })
    case .exponential(let factor): Float(base * raise(factor, b))
    case .polynomial(let length): Float(base * power(of: max(0, 1 - b / Double(length))))
    case .sigmoid(let steepness, let middle):
      Float(base / (1 + exponential(steepness * (b - Double(middle)))))
    case .cosine(let minimum, let cycle, let growth):
      Float(Self.cosine(iteration, base, minimum, cycle, growth))
    case .random(let seed): Float(base * power(of: SplitMix(seed: seed).u(iteration)))
    }
  }

  private func power(of x: Double) -> Double { raise(x, power) }

  private static func cosine(
    _ iteration: Int, _ base: Double, _ minimum: Double, _ cycle: Int, _ growth: Int
  ) -> Double {
    var (start, length) = (0, cycle)
    if growth == 1 {
      start = max(0, iteration - 1) / cycle * cycle
    } else {
      while length < iteration - start {
        start += length
        length *= growth
      }
    }
    let share = Double(iteration - start) / Double(length)
    return minimum + 0.5 * (base - minimum) * (1 + halfTurnCosine(share))
  }
}
