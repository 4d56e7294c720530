import PenumbraEngine
import PenumbraImaging
import PenumbraScenes
import Testing

struct SceneTests {
  private func render(
    _ index: Int, seed: UInt64 = 5, width: Int = 320, height: Int = 240,
    _ options: SceneOptions = SceneOptions()
  ) -> RenderedScene {
    Scene(seed: seed, index: index, width: width, height: height, options: options).render()
  }

  // MARK: One function of seed, index and size

  @Test func `a scene is the same whatever was rendered before it`() {
    let first = render(3)
    _ = render(4)
    let again = render(3)
    #expect(first.image == again.image)
    #expect(first.boxes == again.boxes)
  }

  @Test func `another index and another seed give other scenes`() {
    let pictures = [render(0), render(1), render(0, seed: 6)]
    #expect(Set(pictures.map(\.image)).count == 3)
    #expect(Set(pictures.map(\.boxes)).count == 3)
  }

  @Test func `at twice the size the same cells are in the same places`() {
    let (small, large) = (render(2), render(2, width: 640, height: 480))
    #expect(small.boxes == large.boxes)
    #expect(small.image.width * 2 == large.image.width)
    // Brightness agrees where four pixels stand for one.
    var difference: Float = 0
    for row in 0..<240 {
      for column in 0..<320 {
        let four = [(0, 0), (0, 1), (1, 0), (1, 1)].map {
          large.image[1, 2 * row + $0.0, 2 * column + $0.1]
        }
        difference += abs(four.reduce(0, +) / 4 - small.image[1, row, column])
      }
    }
    #expect(difference / (320 * 240) < 0.02)
  }

  @Test(arguments: [(32, 32), (33, 470), (900, 40), (417, 321)])
  func `any size is filled to its last pixel`(size: (Int, Int)) {
    let scene = render(1, width: size.0, height: size.1)
    #expect(scene.image.pixels.count == 3 * size.0 * size.1)
    #expect(scene.image.pixels.allSatisfy { $0 >= 0 && $0 <= 1 })
    #expect(Set(scene.image.pixels.suffix(size.0)).count > 1)
  }

  // MARK: Boxes

  @Test func `boxes lie in the picture and have a size`() {
    for index in 0..<40 {
      for labelled in render(index, width: 64, height: 48).boxes {
        let box = labelled.box
        #expect(Scene.classNames.indices.contains(labelled.classIndex))
        #expect(box.width > 0 && box.height > 0)
        #expect(box.x - box.width / 2 > -1e-6 && box.x + box.width / 2 < 1 + 1e-6)
        #expect(box.y - box.height / 2 > -1e-6 && box.y + box.height / 2 < 1 + 1e-6)
      }
    }
  }

  @Test func `there are as many cells of each class as in photographs, within reason`() {
    let boxes = (0..<120).map { render($0, width: 64, height: 48).boxes }
    func mean(_ classIndex: Int) -> Double {
      Double(boxes.joined().count { $0.classIndex == classIndex }) / Double(boxes.count)
    }
    #expect((8...20).contains(mean(0)))
    #expect((0.8...1.4).contains(mean(1)))
    #expect((1...4).contains(mean(2)))
  }

  @Test func `white cells are larger than red ones, and red ones than platelets`() {
    let boxes = (0..<60).flatMap { render($0, width: 64, height: 48).boxes }
    let widths = (0...2).map { index in
      boxes.filter { $0.classIndex == index }.map { $0.box.width * 640 }.sorted()
    }
    let middles = widths.map { $0[$0.count / 2] }
    #expect((85...120).contains(middles[0]))
    #expect((130...240).contains(middles[1]))
    #expect((28...55).contains(middles[2]))
  }

  @Test func `who wants cut and covered cells labelled gets more boxes`() {
    func count(_ share: Float) -> Int {
      (0..<10).map {
        render($0, width: 64, height: 48, SceneOptions(visibleShare: share)).boxes.count
      }.reduce(0, +)
    }
    let counts = [0, 0.45, 0.9, 1].map { count($0) }
    #expect(counts == counts.sorted(by: >))
    #expect(Set(counts).count == 4)
  }

  @Test func `the margin widens boxes away from the rim on both sides`() throws {
    let tight = render(7, SceneOptions(margin: 0)).boxes
    let loose = render(7, SceneOptions(margin: 8)).boxes
    #expect(tight.count == loose.count)
    let inner = zip(tight, loose).filter { abs($0.1.box.x - 0.5) + $0.1.box.width / 2 < 0.49 }
    #expect(!inner.isEmpty)
    for (before, after) in inner {
      #expect(abs(after.box.width - before.box.width - 16 / 640) < 1e-5)
      #expect(abs(after.box.x - before.box.x) < 1e-5)
    }
  }

  // MARK: What the boxes hold

  /// The mean colour in the middle of a box.
  private func colour(_ image: Image, _ box: Box) -> [Float] {
    let columns =
      Int(
        (box.x - box.width / 4) * Float(image.width))...Int(
        (box.x + box.width / 4) * Float(image.width))
    let rows =
      Int(
        (box.y - box.height / 4) * Float(image.height))...Int(
        (box.y + box.height / 4) * Float(image.height))
    return (0..<3).map { channel in
      var sum: Float = 0
      for row in rows { for column in columns { sum += image[channel, row, column] } }
      return sum / Float(rows.count * columns.count)
    }
  }

  @Test func `white cells are violet and dark, platelets violet, red cells red`() {
    var colours: [[[Float]]] = [[], [], []]
    for index in 0..<25 {
      let scene = render(index)
      for labelled in scene.boxes {
        colours[labelled.classIndex].append(colour(scene.image, labelled.box))
      }
    }
    func share(_ index: Int, _ test: ([Float]) -> Bool) -> Double {
      Double(colours[index].count(where: test)) / Double(colours[index].count)
    }
    #expect(share(0) { $0[0] > $0[1] + 0.015 } > 0.85, "red cells swallow green")
    #expect(share(1) { $0[2] > $0[1] + 0.08 } > 0.95, "nuclei let blue pass")
    #expect(share(2) { $0[2] > $0[1] } > 0.85, "platelets let blue pass")
    #expect(share(0) { $0[2] > $0[0] + 0.05 } < 0.05, "no red cell is blue")
  }
}
