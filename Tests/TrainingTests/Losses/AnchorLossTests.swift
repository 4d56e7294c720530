import Foundation
import PenumbraEngine
import PenumbraTraining
import TestSupport
import Testing

/// `[yolo]` on a grid of 4 x 4 cells of a 128 x 128 picture; two of three anchors are this head's.
struct AnchorLossTests {
  private static let anchors: [(Double, Double)] = [(10, 14), (40, 30), (90, 80)]
  private static let mask = [1, 2]
  private static let record = 8
  private static let truths = [
    labelled(1, 0.30, 0.42, 0.30, 0.25), labelled(2, 0.80, 0.70, 0.60, 0.70),
    // Its anchor is not of this head.
    labelled(0, 0.12, 0.10, 0.07, 0.10),
    // A class that the network does not know, and a box outside.
    labelled(3, 0.6, 0.2, 0.3, 0.25), labelled(0, 1.2, 0.5, 0.3, 0.2),
  ]
  /// Where the first two are learnt: anchor of the mask, row, column.
  private static let places = [(0, 1, 1), (1, 2, 3)]

  private func runner(_ keys: String = "") throws -> LossRunner {
    try LossRunner(
      "width=4\nheight=4\nchannels=16",
      """
      [yolo]
      classes=3
      num=3
      mask=1,2
      anchors=10,14, 40,30, 90,80
      \(keys)
      """)
  }

  private func raw(_ count: Int = 256, scale: Float = 1, seed: UInt64 = 4) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return generator.floats(count).map { $0 * scale }
  }

  private func index(_ place: (Int, Int, Int), _ plane: Int) -> Int {
    (place.0 * Self.record + plane) * 16 + place.1 * 4 + place.2
  }

  // MARK: The derivative of a loss

  private func crossEntropy(_ raw: Double, _ target: Double) -> Double {
    // ln of the logistic, and of 1 less it.
    target * log(1 + exp(-raw)) + (1 - target) * log(1 + exp(raw))
  }

  /// The loss whose gradient `[yolo]` with squared errors computes, where no box is left out.
  private func loss(
    _ raw: [Double], weights: [Double] = [1, 1, 1], box: Double = 0.75, objectness: Double = 1,
    classes: Double = 1, smoothing: Double = 0
  ) -> Double {
    var sum = 0.0
    for anchor in 0..<2 {
      for cell in 0..<16 {
        let place = (anchor, cell / 4, cell % 4)
        let learnt = Self.places.firstIndex { $0 == place }
        let weight = learnt.map { weights[Self.truths[$0].classIndex] } ?? 1
        sum +=
          objectness * weight * crossEntropy(raw[index(place, 4)], learnt == nil ? 0 : 1)
        guard let learnt else { continue }
        let truth = Self.truths[learnt]
        let (w, h) = (Double(truth.box.width), Double(truth.box.height))
        let factor = (2 - w * h) * box * weight
        let size = Self.anchors[Self.mask[anchor]]
        sum +=
          factor * crossEntropy(raw[index(place, 0)], Double(truth.box.x) * 4 - Double(cell % 4))
        sum +=
          factor * crossEntropy(raw[index(place, 1)], Double(truth.box.y) * 4 - Double(cell / 4))
        let errors = (
          raw[index(place, 2)] - log(w * 128 / size.0), raw[index(place, 3)] - log(h * 128 / size.1)
        )
        sum += factor * 0.5 * (errors.0 * errors.0 + errors.1 * errors.1)
        for c in 0..<3 {
          let isRight = c == truth.classIndex
          sum +=
            classes * (isRight ? weight : 1)
            * crossEntropy(
              raw[index(place, 5 + c)], (isRight ? 1 - smoothing : 0) + smoothing / 2)
        }
      }
    }
    return sum
  }

  @Test func `the gradient is that of cross-entropies and squared errors`() throws {
    let found = try runner("ignore_thresh=1").run(raw(), boxes: Self.truths)
    #expect(
      worstError(
        found.gradient, centralDifferences(of: { loss($0) }, at: raw()), absolute: 1e-4) <= 1)
    #expect(found.parts.positives == 2)
  }

  @Test func `normalizers, counters and smoothed labels weigh its parts`() throws {
    let found = try runner(
      """
      ignore_thresh=1
      iou_normalizer=.5
      obj_normalizer=2
      cls_normalizer=3
      label_smooth_eps=.1
      counters_per_class=10,40,5
      max_delta=6
      """
    ).run(raw(), boxes: Self.truths)
    let expected = centralDifferences(
      of: {
        loss(
          $0, weights: [4, 1, 6], box: 0.5, objectness: 2, classes: 3, smoothing: 0.1)
      }, at: raw())
    #expect(worstError(found.gradient, expected, absolute: 1e-4) <= 1)
  }

  @Test func `delta_normalizer scales the gradient and not what is printed`() throws {
    let (plain, scaled) = (
      try runner().run(raw(), boxes: Self.truths),
      try runner("delta_normalizer=.25").run(raw(), boxes: Self.truths)
    )
    #expect(scaled.gradient == plain.gradient.map { $0 * 0.25 })
    #expect(scaled.parts == plain.parts)
  }

  @Test func `an image without objects teaches background alone`() throws {
    let found = try runner().run(raw())
    let isObjectness = (0..<256).map { $0 / 16 % Self.record == 4 }
    for i in 0..<256 { #expect(found.gradient[i] == (isObjectness[i] ? found.output[i] : 0)) }
    #expect(found.parts.total == found.parts.objectness)
    #expect((found.parts.positives, found.parts.box) == (0, 0))
  }

  // MARK: Boxes by overlap

  @Test(arguments: Overlap.allCases)
  func `a loss by overlap moves boxes along its pull`(kind: Overlap) throws {
    let found = try runner("iou_loss=\(kind.rawValue)\niou_normalizer=.07\nignore_thresh=1")
      .run(raw(), boxes: Self.truths)
    var lack = 0.0
    for (number, place) in Self.places.enumerated() {
      let size = Self.anchors[Self.mask[place.0]]
      let powers = (exp(found.output[index(place, 2)]), exp(found.output[index(place, 3)]))
      let prediction = Box(
        x: (Float(place.2) + found.output[index(place, 0)]) / 4,
        y: (Float(place.1) + found.output[index(place, 1)]) / 4,
        width: powers.0 * Float(size.0) / 128, height: powers.1 * Float(size.1) / 128)
      let truth = Self.truths[number].box
      let pull = kind.pull(prediction, towards: truth)
      let expected = [pull.x, pull.y, pull.width * powers.0, pull.height * powers.1]
        .map { -0.07 * $0 }
      #expect(worstError((0..<4).map { found.gradient[index(place, $0)] }, expected) <= 1)
      lack += 1 - Double((kind == .giou ? .giou : Overlap.iou).measure(prediction, truth))
    }
    // The mean over the boxes, and the squares of all other numbers.
    #expect(abs(found.parts.box - 0.07 * lack / 2) < 1e-6)
    let rest = (0..<256).filter { $0 / 16 % Self.record > 3 }
      .reduce(0.0) { $0 + Double(found.gradient[$1]) * Double(found.gradient[$1]) }
    #expect(abs(found.parts.total - found.parts.box - rest) < 1e-4)
  }

  @Test func `max_delta bounds what a box learns by overlap`() throws {
    let found = try runner("iou_loss=giou\nmax_delta=.01").run(raw(), boxes: Self.truths)
    let deltas = Self.places.flatMap { p in (0..<4).map { found.gradient[index(p, $0)] } }
    #expect(deltas.map(\.magnitude).max() == 0.01)
    #expect(deltas.contains(0.01) || deltas.contains(-0.01))
  }

  @Test func `the cost of squared errors is the gradient's sum of squares`() throws {
    let found = try runner().run(raw(), boxes: Self.truths)
    let squares = found.gradient.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(abs(found.parts.total - squares) < 1e-4)
    let parts = found.parts
    #expect(abs(parts.box + parts.objectness + parts.classification - parts.total) < 1e-9)
    #expect(parts.box > 0 && parts.classification > 0)
  }

  // MARK: Which boxes learn

  /// A prediction that lies on a truth all but exactly, in the cell beside the truth's own.
  private func rawWithDouble(scores: Float) -> [Float] {
    var values = raw(scale: 0.1)
    let place = (0, 1, 0)
    // The truth's centre lies at 1.2 cells; the logistic ends at 1.
    (values[index(place, 0)], values[index(place, 1)]) = (8, 0.75)
    (values[index(place, 2)], values[index(place, 3)]) = (-0.04, 0.06)
    for c in 0..<3 { values[index(place, 5 + c)] = scores }
    return values
  }

  @Test func `a box that overlaps a truth learns nothing, if it sees any class`() throws {
    let place = index((0, 1, 0), 4)
    let seeing = try runner("ignore_thresh=.5").run(rawWithDouble(scores: 0), boxes: Self.truths)
    #expect(seeing.gradient[place] == 0)
    // A logistic of -2 is 0.12, less than 0.25.
    let blind = try runner("ignore_thresh=.5").run(rawWithDouble(scores: -2), boxes: Self.truths)
    #expect(blind.gradient[place] == blind.output[place])
    let strict = try runner("ignore_thresh=.9").run(rawWithDouble(scores: 0), boxes: Self.truths)
    #expect(strict.gradient[place] == strict.output[place])
  }

  @Test func `objectness_smooth teaches the overlap`() throws {
    let found = try runner("ignore_thresh=.5\nobjectness_smooth=1\nobj_normalizer=2")
      .run(rawWithDouble(scores: 0), boxes: Self.truths)
    let place = (0, 1, 0)
    let box = Box(
      x: found.output[index(place, 0)] / 4, y: (1 + found.output[index(place, 1)]) / 4,
      width: exp(found.output[index(place, 2)]) * 40 / 128,
      height: exp(found.output[index(place, 3)]) * 30 / 128)
    let overlap = box.iou(Self.truths[0].box)
    #expect(overlap > 0.5)
    let expected = 2 * (found.output[index(place, 4)] - overlap)
    #expect(abs(found.gradient[index(place, 4)] - expected) < 1e-5)
    // Darknet leaves the objectness of a truth's own box to its overlap too.
    let own = index(Self.places[0], 4)
    #expect(found.gradient[own] == 2 * found.output[own])
  }

  @Test func `truth_thresh lets any box that fits learn`() throws {
    let values = rawWithDouble(scores: 0)
    let found = try runner("truth_thresh=.5").run(values, boxes: Self.truths)
    let place = (0, 1, 0)
    // The objects' own boxes fit too, and learn them in their own right as well.
    #expect(found.parts.positives == 5)
    let objectness = index(place, 4)
    #expect(found.gradient[objectness] == found.output[objectness] - 1)
    #expect(found.gradient[index(place, 6)] == found.output[index(place, 6)] - 1)
    #expect(found.gradient[index(place, 5)] == found.output[index(place, 5)])
  }

  @Test func `iou_thresh lets further anchors of a like shape learn`() throws {
    // The first truth is 38.4 x 32: the anchor 90 x 80 overlaps it by 0.171.
    let one = try runner("iou_thresh=.2").run(raw(), boxes: [Self.truths[0]])
    #expect(one.parts.positives == 1)
    let two = try runner("iou_thresh=.15").run(raw(), boxes: [Self.truths[0]])
    #expect(two.parts.positives == 2)
    // The small truth's own anchor is not of this head; 40 x 30 overlaps it by 0.096.
    let small = try runner("iou_thresh=.05").run(raw(), boxes: [Self.truths[2]])
    #expect(small.parts.positives == 1)
  }

  @Test func `a box of two classes learns the mean of both, with iou_thresh`() throws {
    let both = [labelled(1, 0.30, 0.42, 0.3, 0.25), labelled(2, 0.32, 0.40, 0.3, 0.25)]
    let alone = try runner("ignore_thresh=1").run(raw(), boxes: both)
    let shared = try runner("ignore_thresh=1\niou_thresh=.9").run(raw(), boxes: both)
    for plane in 0..<4 {
      let place = index(Self.places[0], plane)
      #expect(alone.gradient[place] != 0)
      #expect(shared.gradient[place] == alone.gradient[place] / 2)
    }
    let classes = (5..<8).map { shared.gradient[index(Self.places[0], $0)] }
    #expect(classes[0] > 0 && classes[1] < 0 && classes[2] < 0)
  }

  @Test func `focal_loss holds back what is learnt already`() throws {
    let found = try runner("focal_loss=1").run(raw(), boxes: Self.truths)
    let place = Self.places[0]
    let p = found.output[index(place, 6)]
    let weight = -0.5 * (1 - p) * (2 * p * log(p) + p - 1)
    #expect(abs(found.gradient[index(place, 6)] - weight * (p - 1)) < 1e-5)
    let other = found.output[index(place, 5)]
    #expect(abs(found.gradient[index(place, 5)] - weight * other) < 1e-5)
  }

  @Test func `new_coords learns from numbers that are logistic already`() throws {
    let output = raw(seed: 8).map { ($0 + 1) / 2 }
    let found = try runner("new_coords=1\nscale_x_y=2\nignore_thresh=1")
      .run(output: output, boxes: Self.truths)
    for (number, place) in Self.places.enumerated() {
      let truth = Self.truths[number].box
      let size = Self.anchors[Self.mask[place.0]]
      let factor = (2 - truth.width * truth.height) * 0.75
      let goals: [Float] = [
        truth.x * 4 - Float(place.2), truth.y * 4 - Float(place.1),
        (truth.width * 128 / (4 * Float(size.0))).squareRoot(),
        (truth.height * 128 / (4 * Float(size.1))).squareRoot(),
      ]
      let expected = (0..<4).map { factor * (output[index(place, $0)] - goals[$0]) }
      #expect(worstError((0..<4).map { found.gradient[index(place, $0)] }, expected) <= 1)
    }
  }

  @Test func `numbers that are none teach no box, and are seen in the sum`() throws {
    var output = [Float](repeating: 0.5, count: 256)
    output[index(Self.places[0], 2)] = .nan
    output[index((0, 0, 0), 4)] = .nan
    let found = try runner("iou_loss=ciou").run(output: output, boxes: Self.truths)
    #expect(found.parts.total.isNaN)
    #expect(found.gradient[index(Self.places[0], 2)] == 0)
  }

  // MARK: The classes of labels

  private func withMap<Result>(_ text: String, _ body: (String) throws -> Result) throws -> Result {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("map-\(UUID().uuidString).txt")
    try text.write(to: file, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: file) }
    return try body(file.path)
  }

  @Test func `'map' gives labels the classes of the network`() throws {
    let mapped = try withMap("2\n0\n") { path in
      try runner("map=\(path)").run(
        raw(), boxes: [labelled(1, 0.3, 0.42, 0.3, 0.25), labelled(2, 0.8, 0.7, 0.6, 0.7)])
    }
    // The second label's class is none of the map's.
    let plain = try runner().run(raw(), boxes: [labelled(0, 0.3, 0.42, 0.3, 0.25)])
    #expect(mapped.gradient == plain.gradient)
  }

  @Test func `a map that names no class of the network is refused, with its line`() throws {
    let error = try withMap("0\n3\n") { path in
      #expect(throws: (any Error).self) { try runner("map=\(path)") }
    }
    #expect("\(error!)".contains("line 2 is 3, expected 0 to 2"))
    #expect("\(error!)".contains("the number of one of the network's classes"))
  }

  @Test func `counters that are not one a class are refused`() throws {
    let error = #expect(throws: (any Error).self) { try runner("counters_per_class=1,2") }
    #expect("\(error!)".contains("'counters_per_class' has 2 numbers for 3 classes"))
  }
}
