import PenumbraEvaluation
import Testing

struct OperatingPointTests {
  @Test func `the best threshold lies halfway below the last detection that counts`() throws {
    // Precision and recall: 1 and 1/2, 1/2 and 1/2, 2/3 and 1: F1 .667, .5, .8.
    let best = try #require(try scores(rightWrongRight).best)
    #expect(isNear(best.f1, 0.8) && isNear(best.threshold, 0.35))
    #expect(best.truePositives == 2 && best.falsePositives == 1 && best.falseNegatives == 0)
    #expect(isNear(best.precision, 2 / 3.0) && best.recall == 1)
  }

  @Test func `of equal F1 the higher threshold is the better`() throws {
    let image = image(
      [truth(0, 0, 50, 50), truth(100, 0, 50, 50)],
      [
        found(0.9, 0, 0, 50, 50), found(0.8, 300, 0, 50, 50), found(0.7, 400, 0, 50, 50),
        found(0.6, 100, 0, 50, 50),
      ])
    // F1: 2/3, 2/4, 2/5, 4/6.
    #expect(isNear(try scores(image).best?.threshold, 0.85))
  }

  @Test func `detections of equal confidence count together`() throws {
    let equal = image(
      [truth(0, 0, 50, 50)], [found(0.5, 0, 0, 50, 50), found(0.5, 300, 0, 50, 50)])
    let curve = try evaluateDetections([equal], classes: 1).curves[0]
    #expect(curve.points.count == 1)
    #expect(curve.points.first?.precision == 0.5)
  }

  @Test(arguments: [(0.0, 2, 1), (0.7, 1, 1), (0.75, 1, 1), (0.8, 1, 0), (0.9, 0, 0)])
  func `what counts at a threshold exceeds it`(threshold: Double, right: Int, wrong: Int) throws {
    let point = try scores(rightWrongRight, options: EvaluationOptions(threshold: threshold))
      .atThreshold
    #expect(point.truePositives == right && point.falsePositives == wrong)
    #expect(point.falseNegatives == 2 - right)
  }

  @Test func `the average IoU is that of what was found`() throws {
    let image = image(
      [truth(0, 0, 100, 10), truth(0, 100, 100, 10)],
      [found(0.9, 0, 0, 80, 10), found(0.8, 0, 100, 60, 10), found(0.7, 0, 200, 9, 9)])
    let scores = try scores(image)
    #expect(isNear(scores.atThreshold.averageIoU, 0.7))
    // Darknet divides by everything that was reported.
    #expect(isNear(scores.darknet.averageIoU, 1.4 / 3))
  }

  @Test func `classes together count every class by itself`() throws {
    let image = image(
      [truth(0, 0, 50, 50, class: 0), truth(100, 0, 50, 50, class: 1)],
      [found(0.9, 0, 0, 50, 50, class: 1), found(0.8, 100, 0, 50, 50, class: 1)])
    let scores = try scores(image, classes: 2)
    #expect(scores.atThreshold.truePositives == 1 && scores.atThreshold.falsePositives == 1)
    #expect(scores.classes.map(\.atThreshold.truePositives) == [0, 1])
    #expect(scores.classes.map(\.detections) == [0, 2])
  }
}
