/// How a network's heads want overlapping boxes suppressed.
public struct Suppression: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    /// By IoU.
    case standard = "default"
    /// By DIoU with an exponent of 0.6, in spite of its name. Source: Darknet `box.c`.
    case greedy = "greedynms"
    /// By DIoU with the exponent `beta`.
    case distance = "diounms"
    /// By IoU; `[Gaussian_yolo]` only.
    case corners = "cornersnms"
  }

  public var kind: Kind
  public var beta: Float

  public init(kind: Kind = .standard, beta: Float = 0.6) {
    self.kind = kind
    self.beta = beta
  }

  /// Zeroes, class by class, the probability of every box that overlaps a more probable one by more
  /// than `threshold`.
  ///
  /// The candidates are left in Darknet's order: each class sorts them again, equal ones keep the
  /// order of the class before, and those without objectness are removed.
  ///
  /// - Parameters:
  ///   - candidates: boxes in fractions of the picture; DIoU depends on its proportions.
  ///   - acrossClasses: whether a box also yields to one of another class, even its own.
  /// - Source: Darknet `box.c` (`do_nms_sort`, `diounms_sort`).
  public func apply(
    to candidates: inout [Candidate], threshold: Float, acrossClasses: Bool = false
  ) {
    suppress(&candidates, threshold: threshold, acrossClasses: acrossClasses)
  }

  /// The same.
  ///
  /// - Parameter leastForGrid: how many boxes make a search by place worth its memory.
  /// - Returns: how many pairs of boxes were compared.
  @discardableResult
  package func suppress(
    _ candidates: inout [Candidate], threshold: Float, acrossClasses: Bool,
    leastForGrid: Int = 256
  ) -> Int {
    let boxes = candidates.map(\.box)
    var kept = KeptBoxes(
      boxes, OverlapMeasure(suppression: self, threshold: threshold), leastForGrid: leastForGrid)
    if acrossClasses {
      candidates.suppressAcrossClasses(&kept)
      candidates.removeAll { $0.objectness == 0 }
      return kept.comparisons
    }
    var order = candidates.indicesWithObjectness
    let classes = candidates.reduce(0) { max($0, $1.probabilities.count) }
    for k in 0..<classes {
      let ranked = candidates.sort(&order, byClass: k)
      guard ranked > 1 else { continue }
      kept.removeAll()
      for index in order[..<ranked] where !kept.admits(index) {
        candidates[index].probabilities[k] = 0
      }
    }
    candidates = order.map { candidates[$0] }
    return kept.comparisons
  }
}

extension [Candidate] {
  /// A candidate without objectness changes places with the last one, and is then outside.
  fileprivate var indicesWithObjectness: [Int] {
    var (order, place) = ([Int](indices), 0)
    while place < order.count {
      if self[order[place]].objectness == 0 {
        order.swapAt(place, order.count - 1)
        order.removeLast()
      } else {
        place += 1
      }
    }
    return order
  }

  /// Sorts indices by the probability of one class, stably.
  ///
  /// - Returns: how many have any; these come first.
  fileprivate func sort(_ order: inout [Int], byClass k: Int) -> Int {
    // The bits of positive numbers are in the order of the numbers; the place keeps it stable.
    var (keys, rest) = ([UInt64](), [Int]())
    for (place, index) in order.enumerated() {
      let probabilities = self[index].probabilities
      if k < probabilities.count, probabilities[k] > 0 {
        keys.append(UInt64(~probabilities[k].bitPattern) << 32 | UInt64(place))
      } else {
        rest.append(index)
      }
    }
    guard !keys.isEmpty else { return 0 }
    keys.sort()
    order = keys.map { order[Int($0 & 0xFFFF_FFFF)] } + rest
    return keys.count
  }

  /// The same box counts once for each of its classes here, so one of them remains.
  fileprivate mutating func suppressAcrossClasses(_ kept: inout KeptBoxes) {
    let scored = enumerated().flatMap { index, candidate in
      candidate.probabilities.enumerated()
        .filter { $0.element > 0 && candidate.objectness != 0 }
        .map { (index: index, class: $0.offset, probability: $0.element) }
    }
    for score in scored.sorted(by: { $0.probability > $1.probability })
    where !kept.admits(score.index) {
      self[score.index].probabilities[score.class] = 0
    }
  }
}
