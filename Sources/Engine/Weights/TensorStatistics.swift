import PenumbraCompute

/// What the numbers of one tensor look like, and what is wrong with them.
public struct TensorStatistics: Hashable, Sendable, Codable {
  /// Of the finite values; nil where there are none.
  public let mean: Double?
  public let rms: Double?
  public let deviation: Double?
  public let min: Float?
  public let max: Float?
  public let nans: Int
  public let infinities: Int
  /// Variances below 0, from which no root can be taken.
  public let negativeVariances: Int
  /// The filters whose every weight is 0.
  public let zeroFilters: [Int]

  /// Whether the network cannot compute with these numbers. A filter of zeros is only suspicious.
  public var isBroken: Bool { nans > 0 || infinities > 0 || negativeVariances > 0 }

  enum CodingKeys: String, CodingKey {
    case mean, rms, deviation, min, max, nans, infinities
    case negativeVariances = "negative_variances"
    case zeroFilters = "zero_filters"
  }

  init(_ values: UnsafeBufferPointer<Float>, _ parameter: Parameter) {
    var (sum, squares, finite) = (0.0, 0.0, 0)
    var (nans, infinities, negatives) = (0, 0, 0)
    var (least, most) = (Float.infinity, -Float.infinity)
    for value in values {
      guard value.isFinite else {
        if value.isNaN { nans += 1 } else { infinities += 1 }
        continue
      }
      finite += 1
      sum += Double(value)
      squares += Double(value) * Double(value)
      least = Swift.min(least, value)
      most = Swift.max(most, value)
      if value < 0 { negatives += 1 }
    }
    let isEmpty = finite == 0
    let count = Double(Swift.max(1, finite))
    mean = isEmpty ? nil : sum / count
    rms = isEmpty ? nil : (squares / count).squareRoot()
    deviation = isEmpty ? nil : Self.deviation(values, mean: sum / count, count: count)
    min = isEmpty ? nil : least
    max = isEmpty ? nil : most
    self.nans = nans
    self.infinities = infinities
    negativeVariances = parameter.role == .rollingVariance ? negatives : 0
    zeroFilters = parameter.role == .weights ? Self.zeroFilters(values, parameter.fanIn) : []
  }

  private static func deviation(
    _ values: UnsafeBufferPointer<Float>, mean: Double, count: Double
  ) -> Double {
    var squares = 0.0
    for value in values where value.isFinite {
      squares += (Double(value) - mean) * (Double(value) - mean)
    }
    return (squares / count).squareRoot()
  }

  private static func zeroFilters(_ values: UnsafeBufferPointer<Float>, _ fanIn: Int) -> [Int] {
    (0..<values.count / Swift.max(1, fanIn)).filter { filter in
      values[filter * fanIn..<(filter + 1) * fanIn].allSatisfy { $0 == 0 }
    }
  }
}

extension Weights {
  /// The statistics of every tensor, in the order of `layout.entries`. Reads all the numbers.
  public func statistics() -> [TensorStatistics] {
    let entries = layout.entries
    return [TensorStatistics](unsafeUninitializedCapacity: entries.count) { buffer, count in
      let statistics = buffer.baseAddress
      parallelFor(entries.count, threads: ThreadPool.processors) { index in
        (statistics! + index).initialize(
          to: TensorStatistics(values(entries[index].id), entries[index].parameter))
      }
      count = entries.count
    }
  }
}
