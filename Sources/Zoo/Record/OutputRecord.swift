public import PenumbraEngine

/// What a layer put out, as far as a record keeps it: statistics and the first samples of a trace.
///
/// Numbers are rounded to what the tolerance cannot see; nil stands for what is not finite.
public struct OutputRecord: Hashable, Sendable {
  public let mean: Double?
  public let rms: Double?
  public let min: Double?
  public let max: Double?
  /// At the places that `Trace` takes its samples from, which the layer's index and size fix.
  public let samples: [Double?]

  /// - Parameter samples: how many to keep.
  public init(_ layer: Trace.LayerRecord, samples: Int) {
    func rounded(_ value: Double) -> Double? { Self.rounded(value, rms: layer.rms) }
    mean = rounded(layer.mean)
    rms = rounded(layer.rms)
    min = rounded(layer.min)
    max = rounded(layer.max)
    self.samples = layer.samples.prefix(samples).map { rounded($0.value) }
  }

  /// To a power of ten that is at most a third of the tolerance.
  static func rounded(_ value: Double, rms: Double) -> Double? {
    guard value.isFinite else { return nil }
    let allowed = Tolerance().allowed(value, rms: rms.isFinite ? rms : 0)
    // Ten to a negative power is not exact; dividing by the inverse gives the shortest decimal.
    var (step, inverse) = (1.0, 1.0)
    while step * 10 <= allowed / 3 { step *= 10 }
    while step / inverse > allowed / 3 { inverse *= 10 }
    return (value * inverse / step).rounded() * step / inverse
  }

  // MARK: As a list of numbers

  var numbers: [Double?] { [mean, rms, min, max] + samples }

  init?(numbers: [Double?]) {
    guard numbers.count >= 4 else { return nil }
    (mean, rms, min, max) = (numbers[0], numbers[1], numbers[2], numbers[3])
    samples = Array(numbers.dropFirst(4))
  }
}

// MARK: Comparison

extension OutputRecord {
  /// One number beside the one that is recorded.
  struct Deviation {
    /// `mean`, `rms`, `min`, `max` or `value N`.
    let what: String
    let found: Double
    let expected: Double?
    /// In units of the tolerance; 1 is the limit.
    let error: Double
  }

  /// The number of a traced layer that lies furthest from this record.
  func worst(_ layer: Trace.LayerRecord) -> Deviation? {
    let pairs =
      [
        ("rms", layer.rms, rms), ("mean", layer.mean, mean), ("min", layer.min, min),
        ("max", layer.max, max),
      ] + zip(layer.samples, samples).map { ("value \($0.index)", $0.value, $1) }
    let deviations = pairs.map { what, found, expected in
      Deviation(
        what: what, found: found, expected: expected, error: error(found, expected))
    }
    // Statistics say more than samples where both are as far off.
    return deviations.max { $0.error < $1.error }
  }

  private func error(_ found: Double, _ expected: Double?) -> Double {
    guard let expected, found.isFinite else {
      return found.isFinite == (expected != nil) ? 0 : .infinity
    }
    return abs(found - expected) / Tolerance().allowed(expected, rms: rms ?? 0)
  }
}
