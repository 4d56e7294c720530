import PenumbraEngine
import TestSupport
import Testing

/// Suppression of many boxes, which searches by place: the result is that of comparing all pairs.
struct ManyBoxesTests {
  /// Where the boxes of a case are, and how large.
  enum Kind: String, CaseIterable {
    case spread, clustered, identical, oneSize, thin, far, extreme, flat
    /// Below a pixel, and hardly longer than the distance of two floats.
    case tiny, rounded

    func box(_ generator: inout SeededGenerator) -> Box {
      func number(_ range: ClosedRange<Float>) -> Float { .random(in: range, using: &generator) }
      /// Sizes over many powers of two.
      func size(_ exponents: ClosedRange<Float>) -> Float {
        Float(sign: .plus, exponent: Int(number(exponents)), significand: number(1...1.99))
      }
      return switch self {
      case .spread:
        Box(x: number(0...1), y: number(0...1), width: size(-9...(-1)), height: size(-9...(-1)))
      case .clustered:
        Box(
          x: number(0.49...0.51), y: number(0.49...0.51), width: number(0.1...0.5),
          height: number(0.1...0.5))
      case .identical: Box(x: 0.5, y: 0.5, width: 0.25, height: 0.25)
      case .oneSize: Box(x: number(0...1), y: number(0...1), width: 0.02, height: 0.02)
      case .thin:
        generator.chance(0.5)
          ? Box(x: number(0...1), y: number(0...1), width: 1.5, height: size(-14...(-8)))
          : Box(x: number(0...1), y: number(0...1), width: size(-14...(-8)), height: 1.5)
      case .far:
        Box(
          x: number(-50...50), y: number(-2...3000), width: size(-3...9), height: size(-3...9))
      case .extreme:
        // Edges coarser than the box is long, sizes whose product underflows or overflows.
        Box(
          x: generator.pick([0.5, 1e4, 1e8, -3e30]) + number(0...1),
          y: generator.pick([0.5, 0.5, 1e5]) + number(0...1), width: size(-100...100),
          height: size(-100...100))
      case .tiny:
        Box(x: number(0...1), y: number(0...1), width: size(-20...(-12)), height: size(-20...(-12)))
      case .rounded:
        // 1,000 boxes or so a place, whose edges round to a few floats.
        Box(
          x: 0.5 + Float(generator.int(0...9)) * 0x1p-24,
          y: generator.chance(0.9) ? number(0...1) : 0.75, width: size(-24...(-20)),
          height: generator.chance(0.5) ? size(-24...(-20)) : 0.01)
      case .flat:
        Box(
          x: number(0...1), y: number(0...1), width: generator.pick([0, -0.1, 0.2]),
          height: generator.pick([0, 0.1, -0.3, 0.2]))
      }
    }
  }

  private static func candidates(
    _ kind: Kind, _ count: Int, classes: Int = 1, seed: UInt64 = 3
  ) -> [Candidate] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { _ in
      let box = kind.box(&generator)
      // Few different probabilities, so that there are ties.
      let probabilities = (0..<classes).map { _ in Float(generator.int(0...40)) / 40 }
      return Candidate(box: box, objectness: 1, probabilities: probabilities)
    }
  }

  @Test(arguments: Kind.allCases, Suppression.Kind.allCases)
  func `a search by place suppresses what comparing all pairs does`(
    kind: Kind, measure: Suppression.Kind
  ) {
    for (beta, threshold, acrossClasses) in [
      (Float(0.6), Float(0.45), false), (0.6, 0, false), (2, 0.05, true), (0.1, 0.7, false),
      (0.6, 1, false), (0.6, 2, false), (0.6, -0.5, false),
    ] {
      let suppression = Suppression(kind: measure, beta: beta)
      var (plain, searched) = (Self.candidates(kind, 300, classes: 2), [Candidate]())
      searched = plain
      suppression.suppress(
        &plain, threshold: threshold, acrossClasses: acrossClasses, leastForGrid: .max)
      suppression.suppress(
        &searched, threshold: threshold, acrossClasses: acrossClasses, leastForGrid: 0)
      #expect(plain == searched, "beta \(beta), threshold \(threshold)")
    }
  }

  @Test(arguments: [Kind.spread, .oneSize, .identical, .clustered])
  func `comparisons grow with the boxes, not with their square`(kind: Kind) {
    let counts = [4_000, 8_000].map { count in
      var list = Self.candidates(kind, count)
      return Suppression().suppress(&list, threshold: 0.45, acrossClasses: false)
    }
    // All pairs are 8 million, then 32. Twice the boxes in one place are at most twice as near.
    #expect(counts[0] < 1_000_000)
    #expect(2 * counts[1] < 7 * counts[0])
  }

  @Test(arguments: [Kind.spread, .tiny, .rounded, .thin], [Float(0.45), 0.999, 1])
  func `boxes that are all kept are compared with few`(kind: Kind, threshold: Float) {
    var list = Self.candidates(kind, 8_000)
    let count = Suppression().suppress(&list, threshold: threshold, acrossClasses: false)
    // All pairs are 32 million.
    #expect(count < 3_200_000)
  }

  @Test func `heads of different class counts are suppressed together`() {
    var list = [
      Candidate(
        box: Box(x: 0.5, y: 0.5, width: 0.2, height: 0.2), objectness: 1, probabilities: [0.9]),
      Candidate(
        box: Box(x: 0.5, y: 0.5, width: 0.2, height: 0.2), objectness: 1,
        probabilities: [0.5, 0.4]),
    ]
    Suppression().apply(to: &list, threshold: 0.45)
    #expect(list.map(\.probabilities) == [[0, 0.4], [0.9]])
  }
}
