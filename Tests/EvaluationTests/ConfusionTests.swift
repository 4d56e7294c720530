import Foundation
import PenumbraEngine
import PenumbraEvaluation
import Testing

struct ConfusionTests {
  @Test func `says what was taken for what, what was missed and what is not there`() throws {
    let image = image(
      [
        truth(0, 0, 50, 50, class: 0), truth(100, 0, 50, 50, class: 0),
        truth(200, 0, 50, 50, class: 1),
      ],
      [
        found(0.9, 0, 0, 50, 50, class: 0), found(0.8, 101, 0, 50, 50, class: 1),
        found(0.7, 400, 400, 50, 50, class: 1), found(0.2, 200, 0, 50, 50, class: 1),
      ])
    let confusion = try scores(image, classes: 2).confusion
    #expect(confusion.counts == [[1, 1, 0], [0, 0, 1], [0, 1, 0]])
    #expect(confusion.hasBackground)
  }

  @Test func `a box of another class takes no object that its own class found`() throws {
    let image = image(
      [truth(0, 0, 50, 50, class: 0)],
      [found(0.9, 0, 0, 50, 50, class: 1), found(0.5, 4, 0, 50, 50, class: 0)])
    #expect(try scores(image, classes: 2).confusion.counts == [[1, 0, 0], [0, 0, 0], [0, 1, 0]])
  }

  @Test func `many classes cost nothing that does not occur`() throws {
    let images = [
      ClassifiedImage(name: "a", truth: 7, scores: [.init(classIndex: 49_999, score: 1)]),
      ClassifiedImage(name: "b", truth: 9, scores: [.init(classIndex: 9, score: 1)]),
    ]
    let confusion = try evaluateClassification(images, classes: 50_000).confusion
    #expect(confusion.side == 50_000 && confusion[7, 49_999] == 1 && confusion[7, 7] == 0)
    #expect(confusion.pairs.map(\.reported) == [49_999, 9])
    #expect(
      String(decoding: try JSONEncoder().encode(confusion), as: UTF8.self)
        == #"{"has_background":false}"#)
  }

  @Test func `a matrix of few classes comes back from JSON`() throws {
    let image = image(
      [truth(0, 0, 50, 50, class: 0)], [found(0.9, 0, 0, 50, 50, class: 1)])
    let confusion = try scores(image, classes: 2).confusion
    let json = try JSONEncoder().encode(confusion)
    #expect(try JSONDecoder().decode(ConfusionMatrix.self, from: json) == confusion)
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(
        ConfusionMatrix.self,
        from: Data(#"{"counts":[[1,2],[3]],"has_background":false}"#.utf8))
    }
  }

  @Test func `the diagonal holds the true positives, rows the objects, columns the boxes`() throws {
    let images = RandomTruths(seed: 3).images
    let evaluation = try evaluateDetections(images, classes: RandomTruths.classes)
    let scores = evaluation.scores
    let counts = scores.confusion.counts
    for one in scores.classes {
      #expect(counts[one.index][one.index] == one.atThreshold.truePositives)
      #expect(counts[one.index].reduce(0, +) == one.truths)
      #expect(
        counts.reduce(0) { $0 + $1[one.index] }
          == one.atThreshold.truePositives + one.atThreshold.falsePositives)
    }
    #expect(scores.atThreshold.truePositives > 20)
    #expect(evaluation.images.reduce(0) { $0 + $1.found.count } == scores.atThreshold.truePositives)
    #expect(
      evaluation.images.reduce(0) { $0 + $1.faults }
        == scores.atThreshold.falsePositives + scores.atThreshold.falseNegatives)
  }
}
