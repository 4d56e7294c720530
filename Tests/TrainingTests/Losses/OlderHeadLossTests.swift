import Foundation
import PenumbraEngine
import PenumbraTraining
import TestSupport
import Testing

/// `[Gaussian_yolo]`, `[region]` and `[detection]`.
struct OlderHeadLossTests {
  private func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  // MARK: Gaussian_yolo

  /// 2 x 2 cells of a 64 x 64 picture, one anchor, one class.
  private func gaussian(_ keys: String = "") throws -> LossRunner {
    var runner = try LossRunner(
      "width=2\nheight=2\nchannels=10",
      "[Gaussian_yolo]\nclasses=1\nnum=1\nanchors=20,24\nignore_thresh=1\n\(keys)")
    runner.size = Shape(3, 64, 64)
    return runner
  }

  private var uncertain: [Float] {
    var generator = SeededGenerator(seed: 12)
    return generator.floats(40).map { 0.5 + 0.4 * $0 }
  }

  @Test(arguments: ["", "uc_normalizer=.5\niou_normalizer=2"])
  func `coordinates and uncertainties make a truth likely`(keys: String) throws {
    let truth = labelled(0, 0.7, 0.3, 0.4, 0.5)
    let found = try gaussian(keys).run(output: uncertain, boxes: [truth])
    // Cell 1: the second of the first row.
    let goals = [0.4, 0.6, log(0.4 * 64 / 20), log(0.5 * 64 / 24)]
    func loss(_ values: [Double]) -> Double {
      (0..<4).reduce(0.0) { sum, i in
        let (mean, deviation) = (values[8 * i + 1], values[8 * i + 5])
        let error = (goals[i] - mean) / deviation
        let density = exp(-error * error / 2) / ((2 * Double.pi).squareRoot() * (deviation + 0.3))
        return sum - 0.5 * (2 - 0.2) * log(density + 1e-9)
      }
    }
    var expected = centralDifferences(of: loss, at: uncertain)
    let (box, own): (Float, Float) = keys.isEmpty ? (0.75, 1) : (2, 0.5)
    for i in 0..<4 {
      expected[8 * i + 1] *= box
      expected[8 * i + 5] *= own
    }
    #expect(worstError(Array(found.gradient[..<32]), Array(expected[..<32]), relative: 1e-3) <= 1)
    #expect(found.gradient[33] == uncertain[33] - 1)
    #expect(found.gradient[32] == uncertain[32])
    #expect(found.gradient[37] == uncertain[37] - 1)
  }

  @Test func `with a loss by overlap the uncertainties still learn their own`() throws {
    let truth = labelled(0, 0.7, 0.3, 0.4, 0.5)
    let plain = try gaussian().run(output: uncertain, boxes: [truth])
    let found = try gaussian("iou_loss=ciou").run(output: uncertain, boxes: [truth])
    for i in 0..<4 {
      #expect(found.gradient[8 * i + 5] == plain.gradient[8 * i + 5])
      #expect(found.gradient[8 * i + 1] != plain.gradient[8 * i + 1])
    }
  }

  @Test func `yolo_point=left_top learns in the cell of that corner`() throws {
    let truth = labelled(0, 0.7, 0.6, 0.5, 0.5)
    let found = try gaussian("yolo_point=left_top").run(output: uncertain, boxes: [truth])
    // The corner is at 0.45, 0.35: cell 0; the centre would be in cell 3.
    #expect(found.gradient[32] == uncertain[32] - 1)
    #expect(found.gradient[35] == uncertain[35])
  }

  // MARK: region

  /// 3 x 3 cells, two anchors, three classes.
  private func region(_ keys: String) throws -> LossRunner {
    try LossRunner(
      "width=3\nheight=3\nchannels=16",
      "[region]\nclasses=3\nnum=2\nanchors=0.8,0.6, 1.5,2\nthresh=1\n\(keys)")
  }

  private var regionInput: [Float] {
    var generator = SeededGenerator(seed: 21)
    return generator.floats(144)
  }

  /// The loss of a truth in cell 4 that the second anchor fits, of class 2.
  private func regionLoss(_ raw: [Double], drawsAll: Bool) -> Double {
    var sum = 0.0
    func value(_ anchor: Int, _ number: Int, _ cell: Int) -> Double {
      raw[(anchor * 8 + number) * 9 + cell]
    }
    func box(_ anchor: Int, _ cell: Int, _ goals: [Double], _ factor: Double) -> Double {
      (0..<4).reduce(0.0) { sum, i in
        let v = value(anchor, i, cell)
        let error = (i < 2 ? logistic(v) : v) - goals[i]
        return sum + 0.5 * factor * error * error
      }
    }
    for anchor in 0..<2 {
      for cell in 0..<9 {
        let isLearnt = anchor == 1 && cell == 4
        let error = logistic(value(anchor, 4, cell)) - (isLearnt ? 1 : 0)
        sum += 0.5 * (isLearnt ? 5 : 0.5) * error * error
        if isLearnt {
          sum += box(anchor, cell, [0.35, 0.65, log(1.35 / 1.5), log(1.8 / 2)], 2)
          let scores = (5..<8).map { exp(value(anchor, $0, cell)) }
          sum -= 3 * log(scores[2] / scores.reduce(0, +))
        } else if drawsAll {
          sum += box(anchor, cell, [0.5, 0.5, 0, 0], 0.01)
        }
      }
    }
    return sum
  }

  @Test(arguments: [true, false])
  func `[region] has the derivative of its squared errors`(isEarly: Bool) throws {
    let keys =
      "softmax=1\nbias_match=1\nobject_scale=5\nnoobject_scale=.5\nclass_scale=3\ncoord_scale=2"
    let truth = labelled(2, 0.45, 0.55, 0.45, 0.6)
    let found = try region(keys).run(
      regionInput, boxes: [truth], seen: isEarly ? 12_799 : 12_800)
    let expected = centralDifferences(
      of: { regionLoss($0, drawsAll: isEarly) }, at: regionInput)
    #expect(worstError(found.gradient, expected, absolute: 1e-4, relative: 1e-3) <= 1)
    let squares = found.gradient.reduce(0.0) { $0 + Double($1) * Double($1) }
    #expect(abs(found.parts.total - squares) < 1e-4)
    #expect(found.parts.positives == 1)
  }

  @Test func `[region] learns a class with its ancestors`() throws {
    let tree = FileManager.default.temporaryDirectory
      .appendingPathComponent("tree-\(UUID().uuidString).txt")
    try "a -1\nb 0\nc 0\n".write(to: tree, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: tree) }
    let found = try region("bias_match=1\ntree=\(tree.path)").run(
      regionInput, boxes: [labelled(2, 0.45, 0.55, 0.45, 0.6)])
    let output = found.output[(4 * 2 + 1) * 8 + 5..<(4 * 2 + 1) * 8 + 8].map { $0 }
    let gradient = (5..<8).map { found.gradient[(8 + $0) * 9 + 4] }
    #expect(gradient == [output[0] - 1, output[1], output[2] - 1])
    #expect(output[0] == 1)
  }

  @Test func `[region] leaves boxes that overlap a truth alone, and can learn the overlap`() throws
  {
    var input = [Float](repeating: 0, count: 144)
    // The second anchor's box in cell 4 becomes the truth's neighbour.
    input[(8 + 4) * 9 + 5] = 1
    let truth = labelled(2, 0.5, 0.5, 0.5, 0.6)
    let found = try region("bias_match=1\nrescore=1").run(input, boxes: [truth])
    // thresh=1: nothing is left alone; the truth's own box learns its overlap with it.
    let iou = Box(x: 0.5, y: 0.5, width: 0.5, height: 2 / 3).iou(truth.box)
    #expect(abs(found.gradient[(8 + 4) * 9 + 4] - (0.5 - iou) * 0.25) < 1e-5)
    #expect(found.gradient[(8 + 4) * 9 + 5] > 0)
    let lax = try LossRunner(
      "width=3\nheight=3\nchannels=16",
      "[region]\nclasses=3\nnum=2\nanchors=0.8,0.6, 1.5,2\nthresh=.1"
    ).run(input, boxes: [truth])
    #expect(lax.gradient[(8 + 4) * 9 + 5] == 0)
  }

  // MARK: detection

  /// 2 x 2 cells of two boxes, two classes.
  private func grid(_ keys: String = "") throws -> LossRunner {
    try LossRunner(
      "inputs=48",
      """
      [detection]
      side=2
      num=2
      classes=2
      coords=4
      object_scale=3
      noobject_scale=.5
      class_scale=2
      coord_scale=5
      \(keys)
      """)
  }

  private var gridInput: [Float] {
    var generator = SeededGenerator(seed: 30)
    var values = generator.floats(48).map { 0.5 + 0.3 * $0 }
    // Cell 1's first box is the truth's, its second far from it.
    values.replaceSubrange(24..<32, with: [0.4, 0.6, 0.6, 0.7, 0.9, 0.1, 0.1, 0.1])
    return values
  }

  @Test(arguments: ["", "sqrt=1", "softmax=1"])
  func `[detection] has the derivative of its squared errors`(keys: String) throws {
    let truth = labelled(1, 0.7, 0.3, 0.36, 0.49)
    // A cell learns its first object alone.
    let found = try grid(keys).run(
      gridInput, boxes: [truth, labelled(0, 0.8, 0.2, 0.2, 0.2)])
    let goals =
      keys == "sqrt=1" ? [0.4, 0.6, 0.6, 0.7] : [0.4, 0.6, 0.36, 0.49]
    func loss(_ v: [Double]) -> Double {
      var sum = 0.0
      for i in 8..<16 {
        let error = v[i] - (i == 10 ? 1 : 0)
        sum += 0.5 * (i == 10 ? 3 : 0.5) * error * error
      }
      for i in 0..<4 {
        let error = v[24 + i] - goals[i]
        sum += 0.5 * 5 * error * error
      }
      if keys == "softmax=1" {
        return sum - 2 * log(exp(v[3]) / (exp(v[2]) + exp(v[3])))
      }
      return sum + 0.5 * 2 * (v[2] * v[2] + (v[3] - 1) * (v[3] - 1))
    }
    let expected = centralDifferences(of: loss, at: gridInput)
    #expect(worstError(found.gradient, expected, absolute: 1e-4, relative: 1e-3) <= 1)
    #expect(found.parts.positives == 1)
  }

  @Test func `[detection] learns the overlap with rescore, and small objects second with forced`()
    throws
  {
    let truth = labelled(1, 0.7, 0.3, 0.3, 0.3)
    let forced = try grid("forced=1\nrescore=1").run(gridInput, boxes: [truth])
    let iou = Box(x: 0.95, y: 0.05, width: 0.1, height: 0.1).iou(truth.box)
    #expect(abs(forced.gradient[11] - 3 * (gridInput[11] - iou)) < 1e-5)
    #expect(forced.gradient[28] != 0 && forced.gradient[24] == 0)
  }

  @Test func `[detection] takes the nearest box where none meets the object`() throws {
    var values = gridInput
    values.replaceSubrange(24..<32, with: [-2, 0.6, 0.1, 0.1, 0.9, 0.9, 0.1, 0.1])
    let found = try grid().run(values, boxes: [labelled(1, 0.7, 0.3, 0.1, 0.1)])
    #expect(found.gradient[24] == 0 && found.gradient[28] != 0)
    #expect(found.parts.overlap == 0)
  }
}
