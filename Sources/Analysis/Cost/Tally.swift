import PenumbraEngine

/// What a layer, a block, a stage or a network takes for one image, by every convention that the
/// CSPNet paper and its sources use; `docs/costs.md` compares them. Sums saturate at `Int.max`.
public struct Tally: Hashable, Sendable {
  /// Numbers in the weights file: weights, biases, and four for each normalised filter.
  public var parameters = 0
  /// The same without biases and normalisation: the paper's "#Parameter" of classifiers.
  public var weights = 0
  /// Operations as Darknet counted them in 2019, when the paper's BFLOPs were printed: two for each
  /// multiply-add of a convolution, one for each element that a pool reads in a window, none for
  /// `[avgpool]`.
  public var paperOperations = 0
  /// Operations as Darknet counts them today: additions of shortcuts too.
  public var darknetOperations = 0
  /// Multiply-adds of convolutions, `[connected]` and `[local]`.
  public var multiplyAdds = 0
  /// CIO (HarDNet): elements in and out of convolutions and pools.
  public var convolutionalIO = 0
  /// MAC (ShuffleNetV2): elements in and out of convolutions, and their weights.
  public var memoryAccess = 0
  /// Bytes read by layers run one by one: inputs and parameters. Layers that only point at others
  /// move nothing.
  public var bytesRead = 0
  /// Bytes written by layers run one by one.
  public var bytesWritten = 0

  public init() {}

  /// Billions of operations by the paper's convention.
  public var paperBFLOPs: Double { Double(paperOperations) / 1e9 }
  /// Billions of operations by Darknet's convention of today.
  public var darknetBFLOPs: Double { Double(darknetOperations) / 1e9 }
  /// Bytes read and written.
  public var bytes: Int { saturatingSum(bytesRead, bytesWritten) }

  /// Arithmetic intensity: operations for each byte moved, nil where nothing is.
  ///
  /// Operations are Darknet's, or two for each multiply-add where that is more, as in `[connected]`.
  public var intensity: Double? {
    guard bytes > 0 else { return nil }
    return max(Double(darknetOperations), 2 * Double(multiplyAdds)) / Double(bytes)
  }
}

extension Tally {
  private static var counters: [WritableKeyPath<Tally, Int>] {
    [
      \.parameters, \.weights, \.paperOperations, \.darknetOperations, \.multiplyAdds,
      \.convolutionalIO, \.memoryAccess, \.bytesRead, \.bytesWritten,
    ]
  }

  public static func + (a: Tally, b: Tally) -> Tally {
    var sum = a
    for counter in counters {
      sum[keyPath: counter] = saturatingSum(a[keyPath: counter], b[keyPath: counter])
    }
    return sum
  }

  public static func += (a: inout Tally, b: Tally) { a = a + b }
}

extension Sequence<Tally> {
  public var total: Tally { reduce(Tally(), +) }
}

extension Tally: Encodable {
  enum CodingKeys: String, CodingKey {
    case parameters, weights, intensity, cio, mac
    case paperBFLOPs = "paper_bflops"
    case darknetBFLOPs = "bflops"
    case multiplyAdds = "multiply_adds"
    case bytesRead = "bytes_read"
    case bytesWritten = "bytes_written"
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(parameters, forKey: .parameters)
    try container.encode(weights, forKey: .weights)
    try container.encode(paperBFLOPs, forKey: .paperBFLOPs)
    try container.encode(darknetBFLOPs, forKey: .darknetBFLOPs)
    try container.encode(multiplyAdds, forKey: .multiplyAdds)
    try container.encode(convolutionalIO, forKey: .cio)
    try container.encode(memoryAccess, forKey: .mac)
    try container.encode(bytesRead, forKey: .bytesRead)
    try container.encode(bytesWritten, forKey: .bytesWritten)
    try container.encodeIfPresent(intensity, forKey: .intensity)
  }
}
