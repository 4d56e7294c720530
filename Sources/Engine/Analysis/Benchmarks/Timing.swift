/// The distribution of repeated measurements, in milliseconds.
public struct Timing: Hashable, Sendable, Codable {
  public let minimum: Double
  public let median: Double
  /// Nine in ten measurements are not above it.
  public let p90: Double

  enum CodingKeys: String, CodingKey {
    case minimum = "min"
    case median, p90
  }

  /// - Parameter samples: at least one.
  public init(_ samples: [Double]) {
    precondition(!samples.isEmpty, "no measurements")
    let sorted = samples.sorted()
    let middle = sorted.count / 2
    minimum = sorted[0]
    median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    p90 = sorted[min(sorted.count - 1, (sorted.count * 9 + 9) / 10 - 1)]
  }
}

/// Milliseconds between calls.
struct Stopwatch {
  private var last = ContinuousClock.now

  mutating func lap() -> Double {
    let now = ContinuousClock.now
    defer { last = now }
    return (now - last) / .milliseconds(1)
  }
}
