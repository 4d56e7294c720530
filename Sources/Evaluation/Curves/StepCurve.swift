/// Precision and recall after each detection, most confident first.
struct StepCurve: Hashable {
  private let recalls: [Double]
  /// Never rising: at each place the highest from there on.
  private let precisions: [Double]

  /// - Parameter truths: not 0.
  init(hits: [Bool], truths: Int) {
    var (found, recalls, precisions) = (0.0, [Double](), [Double]())
    for (index, isHit) in hits.enumerated() {
      found += isHit ? 1 : 0
      recalls.append(found / Double(truths))
      precisions.append(found / Double(index + 1))
    }
    for index in precisions.indices.dropFirst().reversed() {
      precisions[index - 1] = max(precisions[index - 1], precisions[index])
    }
    (self.recalls, self.precisions) = (recalls, precisions)
  }

  /// At each of these recalls, ascending, the highest precision there or at a higher one; 0 where such
  /// a recall is never reached.
  func precisions(atRecalls wanted: [Double]) -> [Double] {
    var place = 0
    return wanted.map { recall in
      while place < recalls.count, recalls[place] < recall { place += 1 }
      return place < precisions.count ? precisions[place] : 0
    }
  }

  /// The mean of the precisions at so many recalls from 0 to 1, at least two.
  ///
  /// A recall that is a hair too low for its rounding counts as reached.
  func meanPrecision(recalls count: Int) -> Double {
    let wanted = (0..<count).map { Double($0) / Double(count - 1) - 1e-12 }
    return precisions(atRecalls: wanted).reduce(0, +) / Double(count)
  }

  var highestRecall: Double { recalls.last ?? 0 }

  var area: Double {
    zip(recalls, precisions).reduce((sum: 0.0, recall: 0.0)) { state, point in
      (state.sum + (point.0 - state.recall) * point.1, point.0)
    }.sum
  }
}
