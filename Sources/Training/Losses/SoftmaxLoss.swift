public import PenumbraCfg
public import PenumbraEngine

extension Softmax: LossLayer {
  public func makeLoss(_ section: CfgFile.Section, net: CfgFile.Section) throws -> any Loss {
    SoftmaxLoss(groups: groups, parents: tree?.parents, temperature: temperature)
  }
}

/// The cross-entropy of class scores: `-Σ t ln p`, whose gradient by what the softmax read is
/// `(p - t) / temperature`.
///
/// In a class hierarchy a class counts for its ancestors too, and groups without a target learn
/// nothing.
struct SoftmaxLoss: Loss {
  /// The sizes of the parts that sum to 1 each.
  let groups: [Int]
  /// Of each class in the hierarchy; nil without one.
  let parents: [Int]?
  let temperature: Float

  func compute(_ call: LossCall) -> LossParts {
    call.gradient.update(repeating: 0, count: call.shape.count)
    var parts = LossParts()
    guard let shares = call.example.classShares else { return parts }
    let targets = targets(shares, count: call.shape.count)
    var start = 0
    for count in groups {
      let range = start..<min(start + count, targets.count)
      start += count
      let sum = range.reduce(Float(0)) { $0 + targets[$1] }
      // Outside hierarchies every group has its targets, be they all 0.
      let mass = parents == nil ? 1 : sum
      guard mass != 0 else { continue }
      for i in range {
        let (p, t) = (call.output[i], targets[i])
        call.gradient[i] = (mass * p - t) / temperature
        if t != 0 {
          parts.classification -= Double(t) * logarithm(max(Double(p), 1e-30))
        }
      }
    }
    parts.total = parts.classification
    return parts
  }

  /// What each output should be; missing classes are 0.
  private func targets(_ shares: [Float], count: Int) -> [Float] {
    var targets = [Float](repeating: 0, count: count)
    for i in 0..<min(count, shares.count) { targets[i] = shares[i] }
    guard let parents else { return targets }
    // Parents stand before their children.
    for i in parents.indices.reversed() where parents[i] >= 0 && targets[i] > 0 {
      targets[parents[i]] += targets[i]
    }
    return targets
  }
}
