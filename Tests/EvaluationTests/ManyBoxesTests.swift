import PenumbraEngine
import PenumbraEvaluation
import TestSupport
import Testing

/// Images of many boxes, where matching searches by place.
struct ManyBoxesTests {
  private static func rects(_ count: Int, seed: UInt64) -> [PixelRect] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      // Sizes over many powers of two, now and then nothing or far beyond the image.
      let scale = Double(sign: .plus, exponent: generator.int(-4...9), significand: 1)
      let far = generator.chance(0.05) ? generator.pick([1e3, -1e9, 1e18]) : 1
      return PixelRect(
        left: .random(in: -50...1000, using: &generator) * far,
        top: .random(in: -50...1000, using: &generator),
        width: generator.chance(0.03) ? 0 : .random(in: 0...scale, using: &generator),
        height: .random(in: 0...scale, using: &generator) * (generator.chance(0.02) ? 1e12 : 1))
    }
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `an index finds every box that has an intersection, in order`(seed: UInt64) {
    let (rects, others) = (Self.rects(300, seed: seed), Self.rects(300, seed: seed + 100))
    let index = RectIndex(rects)
    for other in others {
      let found = index.indices(near: other)
      #expect(found == Array(Set(found)).sorted())
      let meeting = rects.indices.filter { other.overlap(rects[$0]) > 0 }
      #expect(Set(found).isSuperset(of: meeting))
    }
  }

  @Test func `an index looks at few of many boxes`() {
    var generator = SeededGenerator(seed: 5)
    let rects = (0..<4000).map { _ in
      PixelRect(
        left: .random(in: 0...4000, using: &generator),
        top: .random(in: 0...4000, using: &generator), width: 20, height: 30)
    }
    let index = RectIndex(rects)
    let looked = rects.reduce(0) { $0 + index.indices(near: $1).count }
    #expect(looked < 40 * rects.count)
  }

  /// Truths of classes that no detection has: all that can match is across classes.
  private static func image(_ truths: [PixelRect], _ found: [PixelRect]) -> EvaluatedImage {
    EvaluatedImage(
      id: 1, width: 0, height: 0,
      truths: truths.enumerated().map { Truth(classIndex: $0 % 2, rect: $1) },
      detections: found.enumerated().map {
        ScoredRect(classIndex: 2 + $0 % 3, rect: $1, confidence: 0.9)
      })
  }

  /// All pairs in a list, the largest overlap first.
  private static func confusion(_ image: EvaluatedImage, iou: Double) -> [[Int]] {
    var counts = Array(repeating: Array(repeating: 0, count: 6), count: 6)
    let pairs = image.detections.indices.flatMap { d in
      image.truths.indices.map { t in
        (d: d, t: t, overlap: image.detections[d].rect.overlap(image.truths[t].rect))
      }
    }.filter { $0.overlap >= iou }
    let sorted = pairs.enumerated().sorted {
      ($0.element.overlap, $1.offset) > ($1.element.overlap, $0.offset)
    }.map(\.element)
    var (detections, truths) = (Set(image.detections.indices), Set(image.truths.indices))
    for pair in sorted where detections.contains(pair.d) && truths.contains(pair.t) {
      detections.remove(pair.d)
      truths.remove(pair.t)
      counts[image.truths[pair.t].classIndex][image.detections[pair.d].classIndex] += 1
    }
    for t in truths { counts[image.truths[t].classIndex][5] += 1 }
    for d in detections { counts[5][image.detections[d].classIndex] += 1 }
    return counts
  }

  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
  func `the confusion is that of all pairs sorted by overlap`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    // Whole numbers in a small place make many overlaps, and equal ones.
    func rects(_ count: Int) -> [PixelRect] {
      (0..<count).map { _ in
        PixelRect(
          left: Double(generator.int(0...12)), top: Double(generator.int(0...12)),
          width: Double(generator.int(1...8)), height: Double(generator.int(1...8)))
      }
    }
    let image = Self.image(rects(40), rects(60))
    for iou in [0.1, 0.5] {
      let scores = try evaluateDetections(
        [image], classes: 5, options: EvaluationOptions(iou: iou)
      ).scores
      #expect(scores.confusion.counts == Self.confusion(image, iou: iou))
    }
  }

  /// More overlaps than are kept: the others are computed when they are asked for.
  @Test func `scores are the same whether overlaps are kept or computed`() throws {
    var generator = SeededGenerator(seed: 9)
    let crowded = (0..<120).map { _ in
      PixelRect(
        left: .random(in: 0...3, using: &generator), top: .random(in: 0...3, using: &generator),
        width: .random(in: 5...9, using: &generator), height: .random(in: 5...9, using: &generator))
    }
    func scores(_ copies: Int) throws -> DetectionScores {
      // Far copies of nothing but detections raise the count below which overlaps are kept.
      let far = (0..<copies).map { number in
        ScoredRect(
          classIndex: 0,
          rect: PixelRect(left: 1e5 + 100 * Double(number), top: 0, width: 1, height: 1),
          confidence: 0.001)
      }
      let image = EvaluatedImage(
        id: 1, width: 0, height: 0, truths: crowded.map { Truth(classIndex: 0, rect: $0) },
        detections: crowded.enumerated().map {
          ScoredRect(
            classIndex: 0, rect: $1, confidence: Double(($0 * 37) % 120 + 1) / 121)
        } + far)
      return try evaluateDetections([image], classes: 1).scores
    }
    let (computed, kept) = (try scores(0), try scores(3000))
    #expect(computed.atThreshold == kept.atThreshold)
    #expect(computed.voc2007 == kept.voc2007)
    #expect(computed.coco.ap50 == kept.coco.ap50)
    #expect(computed.atThreshold.truePositives > 20)
  }
}
