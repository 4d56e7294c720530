import PenumbraCfg
import PenumbraData
import PenumbraEngine
import TestSupport
import Testing

struct AnchorSearchTests {
  /// A hundred shapes around each of a few.
  private func cloud(_ centres: [(Double, Double)]) -> [Anchor] {
    var generator = SeededGenerator(seed: 4)
    return centres.flatMap { centre in
      (0..<100).map { _ in
        Anchor(
          width: centre.0 * (1 + 0.1 * Double(generator.floats(1)[0])),
          height: centre.1 * (1 + 0.1 * Double(generator.floats(1)[0])))
      }
    }
  }

  @Test func `finds clouds of shapes, from the smallest to the largest`() {
    let boxes = cloud([(100, 50), (10, 20), (40, 40), (30, 200)])
    let search = AnchorSearch(boxes, count: 4, seed: 1)
    for (anchor, centre) in zip(search.anchors, [(10.0, 20.0), (40, 40), (100, 50), (30, 200)]) {
      #expect(abs(anchor.width / centre.0 - 1) < 0.03 && abs(anchor.height / centre.1 - 1) < 0.03)
    }
    #expect(search.fit.averageIoU > 0.9 && search.fit.recallIoU == 1)
  }

  @Test func `a seed gives the same anchors`() {
    let boxes = cloud([(100, 50), (10, 20), (40, 40), (30, 200)])
    let (a, b) = (
      AnchorSearch(boxes, count: 3, seed: 7, restarts: 2),
      AnchorSearch(boxes, count: 3, seed: 7, restarts: 2)
    )
    #expect(a.anchors == b.anchors)
    // More starts never make it worse.
    #expect(AnchorSearch(boxes, count: 3, seed: 7).fit.averageIoU >= a.fit.averageIoU)
  }

  @Test func `fewer shapes than anchors give some twice`() {
    let boxes = [Anchor](repeating: Anchor(width: 3, height: 4), count: 5)
    let search = AnchorSearch(boxes, count: 3, seed: 1)
    #expect(search.anchors == [Anchor](repeating: Anchor(width: 3, height: 4), count: 3))
    #expect(search.fit == AnchorFit([Anchor(width: 3, height: 4)], boxes: boxes))
  }

  @Test func `a fit counts what anchors can reach`() {
    let anchors = [Anchor(width: 10, height: 10), Anchor(width: 40, height: 40)]
    let boxes = [
      Anchor(width: 10, height: 10),  // IoU 1
      Anchor(width: 20, height: 10),  // IoU 0.5, which is not above it
      Anchor(width: 10, height: 2),  // IoU 0.2, and a factor of 5
      Anchor(width: 40, height: 30),  // IoU 0.75
    ]
    let fit = AnchorFit(anchors, boxes: boxes)
    #expect(abs(fit.averageIoU - (1 + 0.5 + 0.2 + 0.75) / 4) < 1e-12)
    #expect(fit.recallIoU == 0.5 && fit.recallRatio == 0.75)
  }
}

struct AnchorHeadsTests {
  /// A network of two heads, at strides 4 and 2, with the given masks.
  private func cfg(coarse: String, fine: String, anchors: String = "1,2, 3,4, 5,6, 7,8") -> String {
    """
    [net]
    width=64
    height=64
    channels=3
    [convolutional]
    filters=4
    size=1
    stride=2
    [convolutional]
    filters=12
    size=1
    stride=2
    activation=linear
    [yolo]
    mask = \(coarse)
    anchors =  \(anchors)
    classes=1
    num=4
    # between
    [route]
    layers=0
    [convolutional]
    filters=12
    size=1
    activation=linear
    [yolo]
    mask = \(fine)
    anchors=\(anchors)
    classes=1
    num=4

    """
  }

  private func heads(_ text: String) throws -> AnchorHeads {
    try AnchorHeads(Graph(CfgFile(text: text, name: "test.cfg")))
  }

  private let sorted = [10, 20, 30, 40].map { Anchor(width: $0, height: $0) }

  @Test(arguments: [
    ("2,3", "0,1", [10.0, 20, 30, 40]), ("0,1", "2,3", [30, 40, 10, 20]),
    ("2,3", "1,2", [10, 20, 30, 40]),
  ])
  func `the finest grid gets the smallest anchors of its mask`(
    coarse: String, fine: String, widths: [Double]
  ) throws {
    let heads = try heads(cfg(coarse: coarse, fine: fine))
    #expect(heads.heads.map(\.stride) == [4, 2])
    #expect(heads.ordered(sorted).map(\.width) == widths)
  }

  @Test func `only the anchors of the cfg change`() throws {
    let text = cfg(coarse: "2,3", fine: "0,1").replacing("\n", with: "\r\n")
    let heads = try heads(text)
    let rounded = heads.rounded([
      Anchor(width: 0.2, height: 12.5), Anchor(width: 20.4, height: 3), sorted[2], sorted[3],
    ])
    let edited = String(decoding: heads.edits(rounded).applied(to: Array(text.utf8)), as: UTF8.self)
    let expected = text.replacing("1,2, 3,4, 5,6, 7,8", with: "1,13, 20,3, 30,30, 40,40")
    #expect(edited == expected && edited != text)
    #expect(try self.heads(edited).anchors == rounded)
  }

  @Test func `num and mask are those that the layers read`() throws {
    let text = cfg(coarse: "2e30,3", fine: "0,1").replacing("num=4", with: "num=4.0")
    let heads = try heads(text)
    #expect(heads.anchors.map(\.width) == [1, 3, 5, 7])
    #expect(heads.heads.map(\.mask) == [[2, 3], [0, 1]])
  }

  @Test func `keeps decimals where the cfg has some`() throws {
    let heads = try heads(cfg(coarse: "2,3", fine: "0,1", anchors: "1.5,2, 3,4, 5,6, 7,8"))
    #expect(heads.rounded([Anchor(width: 3.14159, height: 2)])[0].width == 3.1416)
    let tenths = try self.heads(cfg(coarse: "2,3", fine: "0,1", anchors: "1.1,2, 3,4, 5,6, 7,8"))
    #expect(tenths.anchors[0].width == 1.1)
  }

  @Test func `a region head counts in cells`() throws {
    let text = """
      [net]
      width=64
      height=64
      channels=3
      [convolutional]
      filters=12
      size=1
      stride=8
      activation=linear
      [region]
      anchors=1,2, 0.5,4
      classes=1
      num=2

      """
    let heads = try heads(text)
    #expect(heads.anchors == [Anchor(width: 8, height: 16), Anchor(width: 4, height: 32)])
    let edits = heads.edits([Anchor(width: 12, height: 8), Anchor(width: 2, height: 1)])
    let edited = String(decoding: edits.applied(to: Array(text.utf8)), as: UTF8.self)
    #expect(edited == text.replacing("1,2, 0.5,4", with: "1.5,1, 0.25,0.125"))
  }

  @Test func `refuses heads that no one list fits`() throws {
    var text = cfg(coarse: "2,3", fine: "0,1")
    text = text.replacing("anchors=1,2", with: "anchors=9,9")
    #expect(throws: DataError.self) { try heads(text) }
    let bare = "[net]\nwidth=8\nheight=8\nchannels=3\n[convolutional]\nfilters=1\n"
    let error = try #require(throws: DataError.self) { try heads(bare) }
    #expect(error.description.contains("no head with anchors"))
  }

  @Test func `boxes are measured in the network's input`() throws {
    let folder = try TemporaryFolder()
    let data = try whiteRectangles(folder)
    let stretched = try [Anchor](boxesOf: data, width: 160, height: 160)
    #expect(abs(stretched[0].width - 64) < 1e-4 && abs(stretched[0].height - 64) < 1e-4)
    // 80 by 60 becomes 160 by 120.
    let boxed = try [Anchor](boxesOf: data, width: 160, height: 160, letterBox: true)
    #expect(abs(boxed[0].width - 64) < 1e-4 && abs(boxed[0].height - 48) < 1e-4)
  }
}
