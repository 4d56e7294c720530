import Penumbra
import PenumbraEngine
import TestSupport
import Testing

struct SuppressionTests {
  private static let a = Box(x: 0.5, y: 0.5, width: 0.2, height: 0.2)
  private static let b = Box(x: 0.55, y: 0.5, width: 0.2, height: 0.2)

  private func candidates(_ list: [(Box, [Float])]) -> [Candidate] {
    list.map { Candidate(box: $0.0, objectness: 1, probabilities: $0.1) }
  }

  @Test func `measures overlap as the specification's example does`() {
    #expect(abs(Self.a.iou(Self.b) - 0.6) < 1e-5)
    #expect(abs(Self.a.diou(Self.b) - 0.492) < 5e-4)
    #expect(abs(Self.a.diou(Self.b, exponent: 1) - (0.6 - 0.0025 / 0.1025)) < 1e-5)
  }

  @Test(arguments: [
    (Box(x: 0, y: 0, width: 1, height: 1), Box(x: 2, y: 0, width: 1, height: 1)),
    (Box(x: 0, y: 0, width: 1, height: 1), Box(x: 1, y: 0, width: 1, height: 1)),  // touching
    (Box(x: 0, y: 0, width: 0, height: 0), Box(x: 0, y: 0, width: 0, height: 0)),
    (Box(x: 0, y: 0, width: 1, height: 1), Box(x: 0, y: 0, width: 0, height: 1)),
  ])
  func `boxes that do not meet overlap by nothing`(first: Box, second: Box) {
    #expect(first.iou(second) == 0)
    #expect(first.diou(second) <= 0)
  }

  @Test(
    arguments: [
      (Suppression.Kind.standard, 0.45, false), (.standard, 0.59, false), (.standard, 0.61, true),
      (.corners, 0.45, false), (.corners, 0.61, true),
      (.greedy, 0.45, false), (.greedy, 0.5, true),  // DIoU 0.492
      (.distance, 0.45, false), (.distance, 0.5, true),
    ] as [(Suppression.Kind, Float, Bool)])
  func `the less probable box stays only below the threshold`(
    kind: Suppression.Kind, threshold: Float, stays: Bool
  ) {
    var list = candidates([(Self.b, [0.5]), (Self.a, [0.9])])
    Suppression(kind: kind).apply(to: &list, threshold: threshold)
    #expect(list.map(\.probabilities) == [[0.9], [stays ? 0.5 : 0]])
  }

  @Test func `the exponent of diounms decides`() {
    for (beta, stays) in [(Float(0.6), true), (2, false)] {
      var list = candidates([(Self.a, [0.9]), (Self.b, [0.5])])
      Suppression(kind: .distance, beta: beta).apply(to: &list, threshold: 0.55)
      #expect((list[1].probabilities == [0.5]) == stays)
    }
  }

  @Test func `a box suppressed for one class stays for another`() {
    var list = candidates([(Self.a, [0.9, 0]), (Self.b, [0.5, 0.4])])
    Suppression().apply(to: &list, threshold: 0.45)
    // The last class decides the order.
    #expect(list.map(\.probabilities) == [[0, 0.4], [0.9, 0]])
  }

  @Test func `a box that was suppressed suppresses nobody`() {
    let c = Box(x: 0.6, y: 0.5, width: 0.2, height: 0.2)  // meets b by 0.6, a by a third
    var list = candidates([(Self.a, [0.9]), (Self.b, [0.8]), (c, [0.7])])
    Suppression().apply(to: &list, threshold: 0.45)
    #expect(list.map(\.probabilities) == [[0.9], [0], [0.7]])
  }

  @Test func `across classes the most probable box and class remains`() {
    var list = candidates([(Self.a, [0.6, 0.9]), (Self.b, [0.8, 0])])
    Suppression().apply(to: &list, threshold: 0.45, acrossClasses: true)
    #expect(list.map(\.probabilities) == [[0, 0.9], [0, 0]])
  }

  @Test(arguments: Suppression.Kind.allCases)
  func `suppresses exactly what the rule says among many boxes`(kind: Suppression.Kind) {
    var generator = SeededGenerator(seed: 1)
    let list = (0..<300).map { _ in
      Candidate(
        box: Box(
          x: .random(in: 0...1, using: &generator), y: .random(in: 0...1, using: &generator),
          width: .random(in: 0...0.5, using: &generator),
          height: .random(in: 0...0.5, using: &generator)),
        objectness: 1, probabilities: [.random(in: 0.1...1, using: &generator)])
    }
    let suppression = Suppression(kind: kind, beta: 2)
    func measure(_ a: Box, _ b: Box) -> Float {
      switch kind {
      case .standard, .corners: a.iou(b)
      case .greedy: a.diou(b)
      case .distance: a.diou(b, exponent: 2)
      }
    }
    // The most probable box left is kept and takes with it all that overlap it.
    var rest = list.indices.sorted { list[$0].probabilities[0] > list[$1].probabilities[0] }
    var kept: [Candidate] = []
    while let winner = rest.first {
      kept.append(list[winner])
      rest = rest.dropFirst().filter { measure(list[winner].box, list[$0].box) <= 0.3 }
    }
    var got = list
    suppression.apply(to: &got, threshold: 0.3)
    #expect(got.filter { $0.probabilities[0] > 0 } == kept)
    #expect(kept.count < list.count)
  }

  @Test func `boxes without objectness are dropped`() {
    var list = [Candidate(box: Self.a, objectness: 0, probabilities: [0.9])]
    Suppression().apply(to: &list, threshold: 0.45)
    #expect(list == [])
  }

  @Test(arguments: [nil, 2, 1, 0, -1])
  func `a limit keeps the most probable boxes`(limit: Int?) throws {
    let network = try TestNetwork(
      cfg(Shape(6, 1, 4), "[yolo]\nclasses=1\nnum=1\nanchors=1,1"), weights: [])
    var session = try Session(Plan(network.graph, weights: network.weights))
    session.withInput { input in
      for i in 0..<24 { input[i] = i < 16 ? 0 : Float(i % 4) }
    }
    session.run()
    let found = try session.detections(
      fit: .whole(network.graph.net.input), options: DetectionOptions(limit: limit))
    let all = found.map { Int($0.box.x) }
    #expect(all == Array([3, 2, 1, 0].prefix(max(0, limit ?? 3))))
  }

  // MARK: Letterbox

  @Test func `undoes the letterbox with a real half of an odd margin`() {
    let network = Shape(3, 416, 416)
    let fit = ImageFit(imageWidth: 640, imageHeight: 427, network: network, isLetterboxed: true)
    // 277 rows of picture, 69.5 above it.
    let middle = fit.pixels(Box(x: 0.5, y: 0.5, width: 1, height: 277 / 416))
    #expect(abs(middle.x - 320) < 1e-3 && abs(middle.y - 213.5) < 1e-3)
    #expect(abs(middle.width - 640) < 1e-3 && abs(middle.height - 427) < 1e-2)
    let top = fit.pixels(Box(x: 0, y: 69.5 / 416, width: 0, height: 0))
    #expect(abs(top.x) < 1e-3 && abs(top.y) < 1e-2)
  }

  @Test func `a tall picture has its margins at the sides`() {
    let fit = ImageFit(
      imageWidth: 100, imageHeight: 200, network: Shape(3, 416, 416), isLetterboxed: true)
    // 208 columns of picture, 104 beside it.
    #expect(
      fit.pixels(Box(x: 0.25, y: 0, width: 0.5, height: 1))
        == Box(x: 0, y: 0, width: 100, height: 200))
  }

  @Test func `a stretched picture is only scaled`() {
    let fit = ImageFit(
      imageWidth: 640, imageHeight: 427, network: Shape(3, 416, 416), isLetterboxed: false)
    #expect(
      fit.pixels(Box(x: 0.25, y: 0.5, width: 1, height: 0.5))
        == Box(x: 160, y: 213.5, width: 640, height: 213.5))
  }
}
