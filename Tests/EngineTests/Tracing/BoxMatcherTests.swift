import Foundation
import PenumbraEngine
import TestSupport
import Testing

/// Boxes of two traces are paired by a search: the pairs are those of comparing each with each.
struct BoxMatcherTests {
  enum Kind: String, CaseIterable {
    case spread, clustered, identical, oneSize, flat, far

    func box(_ generator: inout SeededGenerator) -> Trace.Found {
      func number(_ range: ClosedRange<Float>) -> Float { .random(in: range, using: &generator) }
      func found(_ x: Float, _ y: Float, _ w: Float, _ h: Float) -> Trace.Found {
        Trace.Found(
          class: generator.int(0...1), prob: Float(generator.int(0...400)) / 400, x: x, y: y, w: w,
          h: h, objectness: 1)
      }
      return switch self {
      case .spread: found(number(0...1), number(0...1), number(0.01...1), number(0.01...1))
      case .clustered:
        found(number(0.5...0.504), number(0.5...0.504), number(0.3...0.303), number(0.3...0.303))
      case .identical: found(0.5, 0.5, 0.25, 0.25)
      case .oneSize: found(number(0.5...0.52), 0.5, 0.2, 0.2)
      case .flat:
        found(
          generator.pick([0.5, 0.5001, -0.1]), number(0.5...0.51), generator.pick([0, -0.1, 0.2]),
          generator.pick([0, 0.1, -0.3, 0.2]))
      case .far: found(generator.pick([1e4, -3e30, 1e8]) + number(0...1), 1, number(0.1...1), 1)
      }
    }
  }

  private static func boxes(_ kind: Kind, _ count: Int, seed: UInt64) -> [Trace.Found] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in kind.box(&generator) }
  }

  /// The boxes with small changes, in another order.
  private static func moved(_ boxes: [Trace.Found], seed: UInt64) -> [Trace.Found] {
    var generator = SeededGenerator(seed: seed)
    return boxes.shuffled(using: &generator).map { box in
      var box = box
      box.x += .random(in: -0.004...0.004, using: &generator) * box.w
      box.prob += .random(in: -0.006...0.006, using: &generator)
      return box
    }
  }

  /// The rule itself: of those that agree the one that overlaps most, the first one of several.
  private static func plain(
    _ wanted: [Trace.Found], _ boxes: [Trace.Found], _ tolerance: Tolerance
  ) -> [Trace.Found?] {
    var rest = boxes
    return wanted.map { wanted in
      let match = rest.indices.filter { rest[$0].agrees(with: wanted, tolerance) }
        .max { rest[$0].iou(wanted) < rest[$1].iou(wanted) }
      return match.map { rest.remove(at: $0) }
    }
  }

  @Test(arguments: Kind.allCases, [Float(0.98), 0.5, 0, 1])
  func `a search pairs what comparing each with each pairs`(kind: Kind, iou: Float) {
    let tolerance = Tolerance(iou: iou)
    let wanted = Self.boxes(kind, 250, seed: 5)
    for boxes in [Self.moved(wanted, seed: 6), wanted, Self.boxes(kind, 200, seed: 7)] {
      var matcher = BoxMatcher(boxes, tolerance)
      let pairs = wanted.map { matcher.take($0) }
      #expect(pairs == Self.plain(wanted, boxes, tolerance))
      #expect(matcher.rest.count == boxes.count - pairs.count { $0 != nil })
    }
  }

  @Test(arguments: [Kind.spread, .identical, .oneSize, .flat])
  func `steps grow with the boxes, not with their square`(kind: Kind) {
    let steps = [4_000, 8_000].map { count in
      let wanted = Self.boxes(kind, count, seed: 5)
      var matcher = BoxMatcher(Self.moved(wanted, seed: 6), Tolerance())
      for box in wanted { _ = matcher.take(box) }
      return matcher.steps
    }
    #expect(steps[1] < 3 * steps[0], "\(steps)")
  }
}
