import Foundation
import PenumbraEngine
import PenumbraTraining
import TestSupport
import Testing

struct OverlapTests {
  /// Boxes that meet, contain one another, and lie apart.
  static let pairs: [(Box, Box)] = [
    (Box(x: 0.4, y: 0.5, width: 0.3, height: 0.2), Box(x: 0.5, y: 0.45, width: 0.25, height: 0.4)),
    (Box(x: 0.5, y: 0.5, width: 0.6, height: 0.7), Box(x: 0.55, y: 0.48, width: 0.2, height: 0.3)),
    (Box(x: 0.52, y: 0.5, width: 0.1, height: 0.15), Box(x: 0.5, y: 0.45, width: 0.5, height: 0.4)),
    (Box(x: 0.2, y: 0.3, width: 0.1, height: 0.2), Box(x: 0.7, y: 0.6, width: 0.3, height: 0.1)),
    (Box(x: 0.2, y: 0.3, width: 0.1, height: 0.2), Box(x: 0.7, y: 0.35, width: 0.3, height: 0.2)),
  ]

  private struct Sides {
    let left: Double, right: Double, top: Double, bottom: Double, area: Double
    init(_ b: [Double]) {
      (left, right) = (b[0] - b[2] / 2, b[0] + b[2] / 2)
      (top, bottom) = (b[1] - b[3] / 2, b[1] + b[3] / 2)
      area = b[2] * b[3]
    }
  }

  /// IoU, what GIoU subtracts, and what DIoU subtracts.
  private static func parts(_ p: [Double], _ truth: Box) -> (Double, Double, Double) {
    let g = [truth.x, truth.y, truth.width, truth.height].map(Double.init)
    let (a, b) = (Sides(p), Sides(g))
    let width = max(0, min(a.right, b.right) - max(a.left, b.left))
    let height = max(0, min(a.bottom, b.bottom) - max(a.top, b.top))
    let union = a.area + b.area - width * height
    let frame = (
      max(a.right, b.right) - min(a.left, b.left), max(a.bottom, b.bottom) - min(a.top, b.top)
    )
    let area = frame.0 * frame.1
    let distance = (p[0] - g[0]) * (p[0] - g[0]) + (p[1] - g[1]) * (p[1] - g[1])
    return (
      width * height / union, (area - union) / area,
      distance / (frame.0 * frame.0 + frame.1 * frame.1)
    )
  }

  private func derivatives(_ p: Box, _ value: ([Double]) -> Double) -> [Float] {
    centralDifferences(of: value, at: [p.x, p.y, p.width, p.height], step: 1e-5)
  }

  private func numbers(_ pull: BoxPull) -> [Float] { [pull.x, pull.y, pull.width, pull.height] }

  @Test(arguments: [Overlap.iou, .giou], pairs.indices)
  func `pulls along the derivatives, twice as much in the sizes`(measure: Overlap, pair: Int) {
    let (p, g) = Self.pairs[pair]
    let slopes = derivatives(p) {
      let parts = Self.parts($0, g)
      return measure == .iou ? parts.0 : parts.0 - parts.1
    }
    let expected = [slopes[0], slopes[1], 2 * slopes[2], 2 * slopes[3]]
    #expect(worstError(numbers(measure.pull(p, towards: g)), expected, relative: 1e-3) <= 1)
  }

  @Test(arguments: pairs.indices)
  func `adds the derivatives of the centres' distance`(pair: Int) {
    let (p, g) = Self.pairs[pair]
    let iou = derivatives(p) { Self.parts($0, g).0 }
    let distance = derivatives(p) { -Self.parts($0, g).2 }
    let expected = [
      iou[0] + distance[0], iou[1] + distance[1], 2 * iou[2] + distance[2],
      2 * iou[3] + distance[3],
    ]
    #expect(worstError(numbers(Overlap.diou.pull(p, towards: g)), expected, relative: 1e-3) <= 1)
  }

  @Test func `pulls proportions towards the truth's`() {
    let truth = Box(x: 0.5, y: 0.5, width: 0.4, height: 0.2)
    let tall = Box(x: 0.5, y: 0.5, width: 0.2, height: 0.4)
    let (diou, ciou) = (
      Overlap.diou.pull(tall, towards: truth), Overlap.ciou.pull(tall, towards: truth)
    )
    // d = atan(2) - atan(1/2) = 0.6435, v = 0.16782, alpha = v / (1 - 1/3 + v) = 0.20110.
    #expect(abs(ciou.width - diou.width - 0.20110 * 0.810569 * 0.643501 * 0.4) < 1e-4)
    #expect(abs(ciou.height - diou.height + 0.20110 * 0.810569 * 0.643501 * 0.2) < 1e-4)
    #expect((ciou.x, ciou.y) == (diou.x, diou.y))
  }

  @Test func `measures as worked out by hand`() {
    let a = Box(x: 0.5, y: 0.5, width: 1, height: 1)
    let b = Box(x: 1.25, y: 0.75, width: 0.8, height: 0.6)
    // They share 0.15 x 0.55 and cover 1.48 less that; the box around both is 1.65 x 1.05; the
    // squared distance of the centres is 0.625; the angles of the diagonals differ by 0.141897.
    let iou = 0.0825 / 1.3975
    let distance = 0.625 / (1.65 * 1.65 + 1.05 * 1.05)
    let v = 4 / (Double.pi * Double.pi) * 0.141897 * 0.141897
    let expected: [(Overlap, Double)] = [
      (.iou, iou), (.giou, iou - (1.7325 - 1.3975) / 1.7325), (.diou, iou - pow(distance, 0.6)),
      (.ciou, iou - distance - v * v / (1 - iou + v)),
    ]
    for (measure, value) in expected {
      #expect(abs(Double(measure.measure(a, b)) - value) < 1e-5, "\(measure)")
    }
  }

  @Test func `boxes without a size pull and are pulled without harm`() {
    let point = Box(x: 0.5, y: 0.5, width: 0, height: 0)
    for measure in Overlap.allCases {
      let pull = measure.pull(point, towards: Box(x: 0.4, y: 0.4, width: 0.1, height: 0.1))
      #expect(numbers(pull).allSatisfy { $0.isFinite }, "\(measure)")
    }
  }
}
