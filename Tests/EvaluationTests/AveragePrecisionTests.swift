import PenumbraEvaluation
import Testing

/// Cases small enough to work out by hand, each worked out in its comment.
struct AveragePrecisionTests {
  @Test func `a perfect detector scores 1 everywhere`() throws {
    let scores = try scores(image([truth(10, 10, 50, 40)], [found(0.9, 10, 10, 50, 40)]))
    #expect(scores.coco.values == [1, 1, 1, -1, 1, -1, 1, 1, 1, -1, 1, -1])
    #expect(scores.voc2007 == 1 && scores.voc2010 == 1 && scores.darknet.map == 1)
    #expect(scores.map50 == 1 && scores.map == 1)
    #expect(scores.best?.f1 == 1 && scores.atThreshold.averageIoU == 1)
  }

  @Test func `precision between recalls is read as each rule reads it`() throws {
    // Recall .5 at precision 1, recall 1 at precision 2/3.
    let scores = try scores(rightWrongRight)
    #expect(isNear(scores.coco.ap50, (51 + 50 * 2 / 3.0) / 101))
    #expect(isNear(scores.voc2007, (6 + 5 * 2 / 3.0) / 11))
    #expect(isNear(scores.voc2010, 5 / 6.0))
    #expect(isNear(scores.darknet.map, 5 / 6.0))
    #expect(scores.coco.ar1 == 0.5 && scores.coco.ar10 == 1)
  }

  @Test(arguments: [(2, 5, 6), (3, 8, 9), (11, 28, 33)])
  func `Darknet's map reads precision at as many recalls as asked`(
    points: Int, part: Int, whole: Int
  ) throws {
    let expected = Double(part) / Double(whole)
    let scores = try scores(rightWrongRight, options: EvaluationOptions(darknetPoints: points))
    #expect(isNear(scores.darknet.map, expected))
  }

  @Test func `COCO averages over ten overlaps`() throws {
    // IoU .62 counts at .50, .55 and .60.
    let scores = try scores(image([truth(0, 0, 100, 10)], [found(0.5, 0, 0, 62, 10)]))
    #expect(isNear(scores.coco.ap, 0.3))
    #expect(scores.coco.ap50 == 1 && scores.coco.ap75 == 0)
    #expect(isNear(scores.coco.ar100, 0.3))
  }

  @Test func `a second detection of one object finds its neighbour by COCO's rule alone`() throws {
    let scores = try scores(sideBySide)
    #expect(scores.coco.ap50 == 1)
    // By the others' rules the second takes the truth that is gone, and is false.
    #expect(isNear(scores.voc2010, 0.5))
    #expect(isNear(scores.darknet.map, 0.5))
    #expect(scores.darknet.truePositives == 1 && scores.darknet.falsePositives == 1)
    #expect(scores.atThreshold.truePositives == 2)
  }

  @Test func `a class without objects counts 0 in Darknet's mean and not at all elsewhere`() throws
  {
    let image = image([truth(0, 0, 40, 40)], [found(0.9, 0, 0, 40, 40)])
    let scores = try scores(image, classes: 2)
    #expect(scores.coco.ap == 1 && scores.voc2010 == 1 && scores.darknet.map == 0.5)
    #expect(scores.classes[1].coco.ap == -1 && scores.classes[1].voc2007 == nil)
  }

  @Test func `sizes are told apart by the object's own area`() throws {
    let drawn = image(
      [truth(0, 0, 100, 100, area: 500), truth(200, 200, 100, 100)],
      [found(0.9, 200, 200, 100, 100)])
    let coco = try scores(drawn).coco
    #expect(coco.apSmall == 0 && coco.apMedium == -1 && coco.apLarge == 1)
    #expect(coco.arSmall == 0 && coco.arLarge == 1)
  }

  @Test func `what lies in a crowd counts for nothing, however often`() throws {
    let crowd = truth(200, 200, 200, 200, isCrowd: true)
    let inside = (0..<5).map { found(0.95, 210 + Double($0), 210, 40, 40) }
    let scores = try scores(
      image([truth(0, 0, 50, 50), crowd], inside + [found(0.5, 0, 0, 50, 50)]))
    #expect(scores.coco.ap == 1 && scores.voc2010 == 1 && scores.darknet.map == 1)
    #expect(scores.truths == 1 && scores.atThreshold.falsePositives == 0)
    #expect(scores.confusion.counts == [[1, 0], [0, 0]])
  }

  @Test func `nobody is blamed for a difficult object nor praised for finding it`() throws {
    let difficult = truth(200, 200, 50, 50, isDifficult: true)
    let scores = try scores(
      image(
        [truth(0, 0, 50, 50), difficult],
        [found(0.9, 200, 200, 50, 50), found(0.8, 0, 0, 50, 50)]))
    #expect(scores.voc2007 == 1 && scores.voc2010 == 1 && scores.darknet.map == 1)
    // COCO knows no such objects.
    #expect(scores.coco.ar100 == 1 && scores.coco.ap == 1)
    // Darknet's summary calls it false, in spite of its AP.
    #expect(scores.darknet.falsePositives == 1 && scores.atThreshold.falsePositives == 0)
  }

  @Test func `only the first hundred detections of an image count for COCO`() throws {
    let wrong = (0..<100).map { found(0.9 - Double($0) / 1000, 300, 300, 9, 9) }
    let scores = try scores(image([truth(0, 0, 50, 50)], wrong + [found(0.1, 0, 0, 50, 50)]))
    #expect(scores.coco.ap50 == 0)
    #expect(isNear(scores.voc2010, 1 / 101.0))
  }

  @Test func `detections count down to the edge of their image`() throws {
    // Cut at the left edge it is the truth; whole it overlaps it by .5 only, which is not more.
    let over = image([truth(0, 0, 50, 50)], [found(0.9, -50, 0, 100, 50)])
    #expect(try scores(over).coco.ap == 1)
    let whole = try scores(over, options: EvaluationOptions(clipsBoxes: false))
    #expect(isNear(whole.coco.ap, 0.1))
    #expect(whole.darknet.map == 0, "Darknet's overlap must exceed the threshold")
  }

  @Test func `images without objects or detections are no trouble`() throws {
    #expect(try scores(image([], [])).coco.values.allSatisfy { $0 == -1 })
    #expect(try scores(image([truth(0, 0, 5, 5)], [])).coco.ap == 0)
    #expect(try scores(image([], [found(1, 0, 0, 5, 5)])).atThreshold.falsePositives == 1)
    let none = try evaluateDetections([], classes: 2)
    #expect(none.scores.best == nil && none.scores.darknet.map == 0)
  }

  @Test func `a difference in the order of images changes nothing`() throws {
    let images = (0..<4).map { id in
      image([truth(0, 0, 20, 20)], [found(0.5, Double(id) * 4, 0, 20, 20)], id: id)
    }
    let forward = try evaluateDetections(images, classes: 1).scores
    #expect(try evaluateDetections(images.reversed(), classes: 1).scores == forward)
    // IoU 1, 2/3, .43 and .25.
    #expect(forward.coco.ap50 > 0.2 && forward.coco.ap50 < 1)
  }
}
