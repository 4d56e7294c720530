public import PenumbraCfg
public import PenumbraEngine

extension CostLayer: LossLayer {
  public func makeLoss(_ section: CfgFile.Section, net: CfgFile.Section) throws -> any Loss {
    var keys = KeyValues(section, Self.spec)
    let loss = CostLoss(
      kind: CostLoss.Kind(rawValue: keys.word("type")) ?? .squares, factor: keys.float("scale"),
      ratio: keys.float("ratio", "0 to 1") { 0...1 ~= $0 })
    try keys.check()
    return loss
  }
}

/// The loss of `[cost]`: how far the numbers it reads are from the targets.
///
/// Source: Darknet `cost_layer.c`, `blas.c`.
struct CostLoss: Loss {
  enum Kind: String, Sendable {
    /// The sum of the squared differences; the gradient is that of half of it, as in Darknet.
    case squares = "sse"
    /// The same, where targets of `masked` are left out.
    case masked
    /// The square near the target, twice the difference less 1 far from it.
    case smooth
    /// The difference.
    case absolute = "L1"
  }

  let kind: Kind
  let factor: Float
  /// The share of the gradient that is kept, the largest numbers; 0 keeps all.
  let ratio: Float

  /// A target that says nothing.
  static let masked: Float = -1234

  func compute(_ call: LossCall) -> LossParts {
    let count = call.shape.count
    call.gradient.update(repeating: 0, count: count)
    var parts = LossParts()
    guard let shares = call.example.classShares else { return parts }
    for i in 0..<count {
      let target = i < shares.count ? shares[i] : 0
      if kind == .masked, target == Self.masked { continue }
      let difference = call.output[i] - target
      let (loss, slope) = value(difference)
      call.gradient[i] = factor * slope
      parts.classification += Double(loss)
    }
    if ratio > 0, ratio < 1 { keepLargest(call.gradient, count) }
    parts.total = parts.classification
    return parts
  }

  /// The loss of one difference, and what its gradient is.
  private func value(_ difference: Float) -> (loss: Float, slope: Float) {
    let sign: Float = difference > 0 ? 1 : difference < 0 ? -1 : 0
    switch kind {
    case .squares, .masked: return (difference * difference, difference)
    case .absolute: return (difference.magnitude, sign)
    case .smooth:
      return difference.magnitude < 1
        ? (difference * difference, difference) : (2 * difference.magnitude - 1, sign)
    }
  }

  private func keepLargest(_ gradient: UnsafeMutablePointer<Float>, _ count: Int) {
    let sorted = UnsafeBufferPointer(start: gradient, count: count).map(\.magnitude).sorted()
    let bound = sorted[min(Int((1 - ratio) * Float(count)), count - 1)]
    for i in 0..<count where gradient[i].magnitude < bound { gradient[i] = 0 }
  }
}
