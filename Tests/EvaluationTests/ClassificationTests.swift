import PenumbraEngine
import PenumbraEvaluation
import Testing

struct ClassificationTests {
  /// An image whose scores fall in this order of classes.
  private func image(_ truth: Int, _ ranking: [Int]) -> ClassifiedImage {
    ClassifiedImage(
      name: "a.png", truth: truth,
      scores: ranking.enumerated().map { ClassScore(classIndex: $1, score: 1 / Float($0 + 2)) })
  }

  @Test func `top-1, top-5 and the confusion of classes`() throws {
    let scores = try evaluateClassification(
      [
        image(0, [0, 1, 2, 3, 4, 5, 6]), image(0, [1, 0, 2, 3, 4, 5, 6]),
        image(1, [1, 2, 3, 4, 5, 6, 0]), image(2, [3, 4, 5, 6, 0, 2, 1]),
      ], classes: 7)
    #expect(scores.images == 4 && scores.top1 == 0.5 && scores.top5 == 0.75)
    #expect(scores.classes[0].accuracy == 0.5 && scores.classes[0].top5 == 1)
    #expect(scores.classes[1].precision == 0.5 && scores.classes[1].accuracy == 1)
    #expect(scores.classes[2].accuracy == 0 && scores.classes[2].precision == nil)
    #expect(scores.classes[5].accuracy == nil && scores.classes[5].images == 0)
    #expect(scores.confusion.counts[0] == [1, 1, 0, 0, 0, 0, 0])
    #expect(scores.confusion.counts[2][3] == 1)
  }

  @Test func `equal scores go to the lower class`() throws {
    let equal = ClassifiedImage(
      name: "", truth: 0, scores: [1, 0].map { ClassScore(classIndex: $0, score: 0.5) })
    #expect(equal.ranking == [0, 1])
  }

  @Test func `refuses what cannot be judged`() {
    let notFinite = ClassifiedImage(
      name: "b.png", truth: 0, scores: [ClassScore(classIndex: 0, score: .nan)])
    #expect(throws: EvaluationError(.notFinite(what: "a score"), in: "b.png")) {
      try evaluateClassification([notFinite], classes: 1)
    }
    let later = ClassifiedImage(
      name: "b.png", truth: 0,
      scores: [ClassScore(classIndex: 0, score: 1), ClassScore(classIndex: 1, score: -.infinity)])
    #expect(throws: EvaluationError(.notFinite(what: "a score"), in: "b.png")) {
      try evaluateClassification([later], classes: 2)
    }
    #expect(
      throws: EvaluationError(
        .classOutOfRange(found: 9, classes: 2, what: "the truth"), in: "a.png")
    ) { try evaluateClassification([image(9, [0])], classes: 2) }
    #expect(throws: EvaluationError(.noClasses)) { try evaluateClassification([], classes: 0) }
  }
}
