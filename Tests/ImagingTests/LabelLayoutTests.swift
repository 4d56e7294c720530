import PenumbraImaging
import TestSupport
import Testing

/// Labels of many boxes: the places are those of comparing each with all before.
struct LabelLayoutTests {
  private static let bounds = Rectangle(left: 0, top: 0, right: 800, bottom: 600)

  /// The rule without any search: the first place that covers nothing, or the one that covers least.
  private struct PlainLayout {
    var placed: [Rectangle] = []

    mutating func place(_ width: Float, _ height: Float, _ box: Rectangle) -> Rectangle {
      let bounds = LabelLayoutTests.bounds
      let tops =
        ([box.top - height, box.top, box.bottom, box.bottom - height]
        + (1...4).map { box.top + Float($0) * height })
        .filter { $0 >= 0 && $0 + height <= bounds.bottom } + [box.top]
      var best: (plate: Rectangle, covered: Float)?
      for top in tops {
        for left in [box.left, box.right - width] {
          let x = max(min(left, bounds.right - width), 0).rounded(.down)
          let y = max(min(top, bounds.bottom - height), 0).rounded(.down)
          let plate = Rectangle(left: x, top: y, right: x + width, bottom: y + height)
          let covered = placed.reduce(0) { $0 + $1.overlap(plate) }
          if covered < best?.covered ?? .infinity { best = (plate, covered) }
        }
      }
      placed.append(best!.plate)
      return best!.plate
    }
  }

  private static func box(_ generator: inout SeededGenerator) -> Rectangle {
    let left = Float.random(in: 0...790, using: &generator)
    let top = Float.random(in: 0...590, using: &generator)
    return Rectangle(
      left: left, top: top, right: .random(in: left...800, using: &generator),
      bottom: .random(in: top...600, using: &generator))
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `places labels where comparing all of them does`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var (layout, plain) = (LabelLayout(bounds: Self.bounds), PlainLayout())
    for number in 0..<400 {
      // One is as wide as the picture; then all have to be looked for further away.
      let width: Float = number == 200 ? 800 : Float(Int.random(in: 20...120, using: &generator))
      let height = Float(Int.random(in: 8...24, using: &generator))
      let box = Self.box(&generator)
      #expect(
        layout.place(width: width, height: height, at: box) == plain.place(width, height, box))
    }
  }

  @Test func `comparisons grow with the labels that are near, not with all`() {
    var generator = SeededGenerator(seed: 4)
    var layout = LabelLayout(
      bounds: Rectangle(left: 0, top: 0, right: 8000, bottom: 8000))
    for _ in 0..<4000 {
      var box = Self.box(&generator)
      box.left *= 10
      box.right *= 10
      box.top *= 13
      box.bottom *= 13
      _ = layout.place(width: 60, height: 16, at: box)
    }
    // All pairs are 8 million, for each of up to 18 places.
    #expect(layout.comparisons < 400_000)
  }
}
