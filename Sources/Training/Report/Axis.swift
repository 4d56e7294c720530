import Foundation

/// One axis of a chart: its range and where its lines stand.
package struct Axis {
  private let low: Double
  private let high: Double
  private let isLogarithmic: Bool
  package let ticks: [Double]

  package init(_ least: Double, _ most: Double, isLogarithmic: Bool) {
    self.isLogarithmic = isLogarithmic
    if isLogarithmic {
      let powers = Self.powers(least, most)
      // One or two powers of ten say little: 2 and 5 times them as well.
      let factors: [Double] = powers.count > 4 ? [1] : [1, 2, 5]
      (low, high) = (least / 1.05, most * 1.05)
      let candidates = powers.flatMap { power in factors.map { $0 * power } }
      let (low, high) = (low, high)
      ticks = candidates.filter { $0 >= low && $0 <= high }
    } else {
      let span = most > least ? most - least : max(abs(most), 1e-12)
      let step = Self.step(span / 5.5)
      let first = (least / step).rounded(.down)
      let last = max((most / step).rounded(.up), first + 1)
      (low, high) = (first * step, last * step)
      ticks = (0...Int(min(last - first, 20))).map { (first + Double($0)) * step }
    }
  }

  /// Where a value stands, from 0 to 1.
  package func share(_ value: Double) -> Double {
    let clamped = min(max(value, low), high)
    guard isLogarithmic else { return (clamped - low) / (high - low) }
    return log(clamped / low) / log(high / low)
  }

  /// The least of 1, 2 and 5 times a power of ten that is not less.
  private static func step(_ least: Double) -> Double {
    var power = 1.0
    while power < least { power *= 10 }
    while power / 10 >= least { power /= 10 }
    return [power / 5, power / 2, power].first { $0 >= least } ?? power
  }

  /// The powers of ten from below `least` to above `most`.
  private static func powers(_ least: Double, _ most: Double) -> [Double] {
    var power = 1.0
    while power > least { power /= 10 }
    while power * 10 <= least { power *= 10 }
    var powers: [Double] = []
    while power <= most, powers.count < 40 {
      powers.append(power)
      power *= 10
    }
    return powers
  }
}
