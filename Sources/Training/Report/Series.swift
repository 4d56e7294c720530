/// A curve of any length in bounded memory: neighbouring points are joined as it grows.
package struct Series: Sendable {
  /// Neighbouring points.
  package struct Bucket: Hashable, Sendable {
    package var position: Double
    package var mean: Double
    package var least: Double
    package var most: Double
    package var count: Int
  }

  package private(set) var buckets: [Bucket] = []
  private var pointsPerBucket = 1
  private static let limit = 600

  package init() {}

  /// Adds a point behind all others; one that is not a number is left out.
  package mutating func add(_ position: Double, _ value: Double) {
    guard value.isFinite else { return }
    let point = Bucket(position: position, mean: value, least: value, most: value, count: 1)
    if let last = buckets.last, last.count < pointsPerBucket {
      buckets[buckets.count - 1] = Self.joined(last, point)
    } else {
      buckets.append(point)
    }
    if buckets.count >= 2 * Self.limit {
      pointsPerBucket *= 2
      buckets = stride(from: 0, to: buckets.count, by: 2).map { i in
        i + 1 < buckets.count ? Self.joined(buckets[i], buckets[i + 1]) : buckets[i]
      }
    }
  }

  package var isEmpty: Bool { buckets.isEmpty }

  private static func joined(_ a: Bucket, _ b: Bucket) -> Bucket {
    let count = a.count + b.count
    let share = Double(b.count) / Double(count)
    return Bucket(
      position: b.position, mean: a.mean + (b.mean - a.mean) * share, least: min(a.least, b.least),
      most: max(a.most, b.most), count: count)
  }
}
