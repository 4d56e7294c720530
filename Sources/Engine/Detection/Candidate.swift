/// A box that a head proposes, with a probability for every class.
public struct Candidate: Hashable, Sendable {
  /// Shares of the network's input.
  public var box: Box
  public let objectness: Float
  /// One a class; 0 where it does not exceed the threshold or was suppressed.
  public var probabilities: [Float]

  public init(box: Box, objectness: Float, probabilities: [Float]) {
    self.box = box
    self.objectness = objectness
    self.probabilities = probabilities
  }
}

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

  func overlap(_ a: Box, _ b: Box) -> Float {
    switch kind {
    case .standard, .corners: a.iou(b)
    case .greedy: a.diou(b)
    case .distance: a.diou(b, exponent: beta)
    }
  }

  /// Zeroes, class by class, the probability of every box that overlaps a more probable one by more
  /// than `threshold`.
  ///
  /// - Parameter acrossClasses: whether a box also gives way to one of another class, be it its own.
  /// - Source: Darknet `box.c` (`do_nms_sort`, `diounms_sort`).
  public func apply(
    to candidates: inout [Candidate], threshold: Float, acrossClasses: Bool = false
  ) {
    candidates.removeAll { $0.objectness == 0 }
    guard let classes = candidates.first?.probabilities.count else { return }
    if acrossClasses {
      suppressAcrossClasses(&candidates, threshold: threshold)
      return
    }
    for k in 0..<classes {
      let ranked = candidates.indices.filter { candidates[$0].probabilities[k] != 0 }
        .sorted { (candidates[$0].probabilities[k], $1) > (candidates[$1].probabilities[k], $0) }
      for (rank, winner) in ranked.enumerated() where candidates[winner].probabilities[k] != 0 {
        for loser in ranked[(rank + 1)...] where candidates[loser].probabilities[k] != 0 {
          if overlap(candidates[winner].box, candidates[loser].box) > threshold {
            candidates[loser].probabilities[k] = 0
          }
        }
      }
    }
  }

  /// The same box counts once for each of its classes here, so one of them remains.
  private func suppressAcrossClasses(_ candidates: inout [Candidate], threshold: Float) {
    let scored = candidates.enumerated().flatMap { index, candidate in
      candidate.probabilities.enumerated().filter { $0.element > 0 }
        .map { (index: index, class: $0.offset, probability: $0.element) }
    }
    var kept: [Box] = []
    for score in scored.sorted(by: { $0.probability > $1.probability }) {
      let box = candidates[score.index].box
      if kept.contains(where: { overlap($0, box) > threshold }) {
        candidates[score.index].probabilities[score.class] = 0
      } else {
        kept.append(box)
      }
    }
  }
}
