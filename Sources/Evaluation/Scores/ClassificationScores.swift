public import PenumbraEngine

/// What an image shows, and what a classifier said.
public struct ClassifiedImage: Hashable, Sendable {
  public var name: String
  public var truth: Int
  /// The most probable class first.
  public var ranking: [Int]
  /// Of the first of the ranking.
  public var confidence: Double
  /// Whether every score was a number; the ranking means nothing otherwise.
  public var isFinite: Bool

  /// - Parameter scores: one a class at most; ordered here, equal ones by their class.
  public init(name: String, truth: Int, scores: [ClassScore]) {
    let ranked = scores.sorted { ($0.score, $1.classIndex) > ($1.score, $0.classIndex) }
    self.name = name
    self.truth = truth
    ranking = ranked.map(\.classIndex)
    confidence = ranked.first.map { Double($0.score) } ?? 0
    isFinite = scores.allSatisfy { $0.score.isFinite }
  }
}

/// What a classifier is worth on some images. All shares are 0 to 1.
public struct ClassificationScores: Hashable, Sendable, Codable {
  public let images: Int
  /// The truth is the first, or among the first five; 0 without images.
  public let top1: Double
  public let top5: Double
  public let classes: [ClassAccuracy]
  /// By the most probable class.
  public let confusion: ConfusionMatrix

  public struct ClassAccuracy: Hashable, Sendable, Codable {
    public let index: Int
    /// Images that show it.
    public let images: Int
    /// Of these the share that was recognized; nil where no image shows it.
    public let accuracy: Double?
    public let top5: Double?
    /// Of the images taken for it the share that shows it; nil where none was.
    public let precision: Double?
  }
}

/// Judges a classifier.
///
/// - Throws: `EvaluationError` where a class is out of range, a score is not finite, or an image has
///   no scores.
public func evaluateClassification(
  _ images: [ClassifiedImage], classes: Int
) throws(EvaluationError) -> ClassificationScores {
  guard classes > 0 else { throw EvaluationError(.noClasses) }
  var confusion = ConfusionMatrix(classes: classes, hasBackground: false)
  var inFive = Array(repeating: 0, count: classes)
  for image in images {
    for (index, what) in [(image.truth, "the truth")] + image.ranking.map({ ($0, "a score") }) {
      guard (0..<classes).contains(index) else {
        throw EvaluationError(
          .classOutOfRange(found: index, classes: classes, what: what), in: image.name)
      }
    }
    guard image.isFinite, image.confidence.isFinite, let first = image.ranking.first else {
      throw EvaluationError(.notFinite(what: "a score"), in: image.name)
    }
    confusion.add(truth: image.truth, reported: first)
    inFive[image.truth] += image.ranking.prefix(5).contains(image.truth) ? 1 : 0
  }
  let (truths, reports) = (confusion.truths, confusion.reports)
  let right = (0..<classes).reduce(0) { $0 + confusion[$1, $1] }
  return ClassificationScores(
    images: images.count, top1: share(right, of: images.count) ?? 0,
    top5: share(inFive.reduce(0, +), of: images.count) ?? 0,
    classes: (0..<classes).map { index in
      let (shown, right) = (truths[index], confusion[index, index])
      return ClassificationScores.ClassAccuracy(
        index: index, images: shown, accuracy: share(right, of: shown),
        top5: share(inFive[index], of: shown), precision: share(right, of: reports[index]))
    }, confusion: confusion)
}

private func share(_ part: Int, of whole: Int) -> Double? {
  whole > 0 ? Double(part) / Double(whole) : nil
}
