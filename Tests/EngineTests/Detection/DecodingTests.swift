import Foundation
import Penumbra
import TestSupport
import Testing

/// Boxes read from the planes of every head, with the numbers worked out by hand.
struct DecodingTests {
  /// Runs a head whose input is exactly `planes`: the network is an identity of `channels`.
  private func detect(
    _ head: String, channels: Int, grid: Int, planes: [Float],
    options: DetectionOptions = DetectionOptions(overlap: nil), stride: Int = 1
  ) throws -> [Detection] {
    let sections = "[maxpool]\nstride=\(stride)\npadding=0\n\(head)"
    let side = grid * stride
    let network = try TestNetwork(cfg(Shape(channels, side, side), sections), weights: [])
    var session = try Session(Plan(network.graph, weights: network.weights))
    session.withInput { input in
      for c in 0..<channels {
        for y in 0..<side {
          for x in 0..<side {
            input[(c * side + y) * side + x] = planes[(c * grid + y / stride) * grid + x / stride]
          }
        }
      }
    }
    session.run()
    return try session.detections(fit: .whole(network.graph.net.input), options: options)
  }

  /// `planes` of a grid where every cell but one has an objectness far below any threshold.
  private func planes(
    _ channels: Int, grid: Int, cell: (row: Int, column: Int), objectness: Int, _ values: [Float]
  ) -> [Float] {
    var planes = Array(repeating: Float(0), count: channels * grid * grid)
    for p in 0..<grid * grid { planes[objectness * grid * grid + p] = -50 }
    for c in 0..<channels {
      planes[(c * grid + cell.row) * grid + cell.column] = values[c]
    }
    return planes
  }

  @Test(
    arguments: [
      (1, 0, 6.5, 6.5),
      (1.05, 0, 6.5, 6.5),  // the centre does not move
      (1.05, 10, 7.02495, 6.5),
    ] as [(Float, Float, Float, Float)])
  func `yolo decodes the specification's worked example`(
    scale: Float, rawX: Float, column: Float, row: Float
  ) throws {
    let input = planes(
      6, grid: 13, cell: (6, 6), objectness: 4, [rawX, 0, 0, 0, 10, 10])
    let found = try detect(
      "[yolo]\nclasses=1\nnum=1\nanchors=116,90\nscale_x_y=\(scale)", channels: 6, grid: 13,
      planes: input, stride: 32)
    #expect(found.count == 1)
    let box = try #require(found.first?.box)
    #expect(abs(box.x - column / 13 * 416) < 0.01)
    #expect(abs(box.y - row / 13 * 416) < 0.01)
    #expect(abs(box.width - 116) < 0.01)
    #expect(abs(box.height - 90) < 0.01)
    #expect(abs((found.first?.confidence ?? 0) - 0.9999092) < 1e-5)
  }

  @Test func `yolo with new coordinates squares twice the size`() throws {
    let input = planes(6, grid: 2, cell: (1, 0), objectness: 4, [0.25, 0.5, 0.75, 0.5, 0.9, 0.8])
      .map { $0 == -50 ? 0 : $0 }
    let found = try detect(
      "[yolo]\nclasses=1\nnum=1\nanchors=10,20\nnew_coords=1\nscale_x_y=2", channels: 6, grid: 2,
      planes: input, stride: 8)
    // x = 2 * 0.25 - 0.5 = 0, y = 0.5; sizes 0.75^2 * 4 * 10 and 0.5^2 * 4 * 20.
    let box = try #require(found.first?.box)
    #expect(abs(box.x - 0) < 1e-5 && abs(box.y - 12) < 1e-5)
    #expect(abs(box.width - 22.5) < 1e-4 && abs(box.height - 20) < 1e-4)
    #expect(abs(found[0].confidence - 0.72) < 1e-5)
  }

  @Test func `yolo gives a box once for each class over the threshold`() throws {
    let input = planes(
      8, grid: 1, cell: (0, 0), objectness: 4, [0, 0, 0, 0, 50, 50, -50, 0])
    let found = try detect(
      "[yolo]\nclasses=3\nnum=1\nanchors=4,4", channels: 8, grid: 1, planes: input)
    #expect(found.map(\.classIndex) == [0, 2])
    #expect(abs(found[0].confidence - 1) < 1e-6 && abs(found[1].confidence - 0.5) < 1e-6)
  }

  @Test(arguments: [("center", 0), ("left_top", 0.5), ("right_bottom", -0.5)] as [(String, Float)])
  func `gaussian yolo discounts by the mean uncertainty and moves to the centre`(
    point: String, shift: Float
  ) throws {
    let logit: Float = 1.3862944  // logistic 0.8
    let input = planes(
      11, grid: 2, cell: (0, 1), objectness: 8,
      // mu and sigma of x, y, w, h, then objectness and two classes
      [0, -logit, 0, -logit, 0, -logit, 0, logit, 50, 50, -50])
    let found = try detect(
      "[Gaussian_yolo]\nclasses=2\nnum=1\nanchors=8,4\nyolo_point=\(point)", channels: 11, grid: 2,
      planes: input, stride: 8)
    // Uncertainties 0.2, 0.2, 0.2, 0.8: the mean is 0.35.
    #expect(found.map(\.classIndex) == [0])
    #expect(abs(found[0].confidence - 0.65) < 1e-5)
    let box = found[0].box
    #expect(abs(box.width - 8) < 1e-4 && abs(box.height - 4) < 1e-4)
    #expect(abs(box.x - (12 + shift * 8)) < 1e-4)
    #expect(abs(box.y - (4 + shift * 4)) < 1e-4)
  }

  @Test func `region decodes sizes in cells and classes by softmax`() throws {
    let input = planes(
      7, grid: 2, cell: (1, 1), objectness: 4, [0, 0, 0, 0.6931472, 50, 1.0986123, 0])
    let found = try detect(
      "[region]\nclasses=2\nnum=1\nanchors=0.5,1\nsoftmax=1", channels: 7, grid: 2, planes: input,
      stride: 16)
    // Softmax of ln 3 and 0: 3/4 and 1/4, and a quarter does not exceed the threshold.
    #expect(found.map(\.classIndex) == [0])
    #expect(abs(found[0].confidence - 0.75) < 1e-5)
    let box = found[0].box
    #expect(abs(box.x - 24) < 1e-4 && abs(box.y - 24) < 1e-4)
    #expect(abs(box.width - 8) < 1e-4 && abs(box.height - 32) < 1e-3)
  }

  @Test func `region with a tree names the deepest class that is likely enough`() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/penumbra-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try "animal -1\nplant -1\ncat 0\ndog 0\n".write(
      toFile: folder + "/t.tree", atomically: true, encoding: .utf8)
    let text = cfg(
      Shape(9, 1, 1), "[region]\nclasses=4\nnum=1\nanchors=1,1\ntree=t.tree")
    let graph = try Graph(CfgFile(text: text, name: folder + "/test.cfg"))
    let weights = try Weights(seed: 1, for: graph)
    var session = try Session(Plan(graph, weights: weights))
    func detect(_ scores: [Float]) throws -> [Detection] {
      session.withInput { _ = $0.update(fromContentsOf: [0, 0, 0, 0, 50] + scores) }
      session.run()
      return try session.detections(fit: .whole(graph.net.input))
    }
    // Animal 0.9; dog 0.9 of it: 0.81.
    let logit: Float = 2.1972246
    let sure = try detect([logit, 0, 0, logit])
    #expect(sure.map(\.classIndex) == [3])
    #expect(abs(sure[0].confidence - 0.81) < 1e-4)
    // Cat and dog equally likely: 0.45 each is not enough, animal it is.
    let unsure = try detect([logit, 0, 0, 0])
    #expect(unsure.map(\.classIndex) == [0])
    #expect(abs(unsure[0].confidence - 0.9) < 1e-4)
  }

  @Test func `detection reads classes, confidences and boxes from a flat vector`() throws {
    let text = cfg(
      Shape(1, 1, 48),
      "[detection]\nside=2\nnum=2\nclasses=2\ncoords=4\nsqrt=1")
    let network = try TestNetwork(text, weights: [])
    var values = Array(repeating: Float(0), count: 48)
    // Cell 2 (row 1, column 0): classes, confidences of both boxes, the second box.
    (values[4], values[5]) = (0.25, 0.75)
    (values[8 + 4], values[8 + 5]) = (0.1, 0.8)
    for (i, v) in [0.5, 0.25, 0.5, 0.75].enumerated() {
      values[16 + (2 * 2 + 1) * 4 + i] = Float(v)
    }
    var session = try Session(Plan(network.graph, weights: network.weights))
    session.withInput { _ = $0.update(fromContentsOf: values) }
    session.run()
    let fit = ImageFit(
      imageWidth: 100, imageHeight: 200, network: network.graph.net.input, isLetterboxed: false)
    let found = try session.detections(fit: fit)
    #expect(found.map(\.classIndex) == [1])
    #expect(abs(found[0].confidence - 0.6) < 1e-6)
    #expect(found[0].box == Box(x: 25, y: 125, width: 25, height: 112.5))
  }

  // MARK: Broken weights

  @Test(arguments: [Float.nan, .infinity])
  func `numbers that are not finite are an error that names the head`(value: Float) throws {
    let network = try TestNetwork(
      cfg(
        Shape(1, 1, 1),
        "[convolutional]\nfilters=6\nactivation=linear\n[yolo]\nclasses=1\nanchors=1,1"),
      weights: [0, 0, value, 0, 0, 0] + Array(repeating: 1, count: 6))
    var session = try Session(Plan(network.graph, weights: network.weights))
    session.withInput { $0[0] = 1 }
    session.run()
    let error = #expect(throws: DetectionError.self) {
      try session.detections(fit: .whole(network.graph.net.input))
    }
    #expect(error == .notFinite(layer: 1, section: "yolo"))
  }

  @Test func `a box whose size overflows is nowhere`() throws {
    let input = planes(6, grid: 1, cell: (0, 0), objectness: 4, [0, 0, 1e30, 0, 50, 50])
    let found = try detect(
      "[yolo]\nclasses=1\nnum=1\nanchors=4,4", channels: 6, grid: 1, planes: input)
    #expect(found == [])
  }

  @Test func `a box whose place overflows in pixels is nowhere`() throws {
    let input: [Float] = [3e38, 0, 1, 1, 1, 1]
    let found = try detect(
      "[yolo]\nclasses=1\nnum=1\nanchors=4,4\nnew_coords=1", channels: 6, grid: 1, planes: input,
      stride: 8)
    #expect(found == [])
  }

  @Test func `a network without a head says so`() throws {
    let network = try TestNetwork(cfg(Shape(1, 1, 1), "[dropout]"), weights: [])
    let session = try Session(Plan(network.graph, weights: network.weights))
    let fit = ImageFit.whole(network.graph.net.input)
    let error = #expect(throws: DetectionError.self) { try session.detections(fit: fit) }
    #expect(error == .noHead(network: "test.cfg"))
  }
}
