import Foundation
import PenumbraCfg
import PenumbraEngine
import PenumbraTraining
import TestSupport
import Testing

struct ClassifierLossTests {
  private static let raw: [Float] = [0.3, -1.2, 2, 0.7, 0.1, -0.4]

  private func softmax(_ raw: ArraySlice<Double>, _ temperature: Double = 1) -> [Double] {
    let powers = raw.map { exp($0 / temperature) }
    return powers.map { $0 / powers.reduce(0, +) }
  }

  @Test(arguments: [1.0, 2.5])
  func `cross-entropy has its derivative, at any temperature`(temperature: Double) throws {
    let runner = try LossRunner("inputs=6", "[softmax]\ntemperature=\(temperature)")
    let shares: [Float] = [0.05, 0.05, 0.7, 0.1, 0.1, 0]
    let found = try runner.run(Self.raw, shares: shares)
    func loss(_ raw: [Double]) -> Double {
      -zip(softmax(raw[...], temperature), shares).reduce(0) { $0 + Double($1.1) * log($1.0) }
    }
    #expect(abs(found.parts.total - loss(Self.raw.map(Double.init))) < 1e-5)
    #expect(worstError(found.gradient, centralDifferences(of: loss, at: Self.raw)) <= 1)
  }

  @Test func `every group has its own targets`() throws {
    let runner = try LossRunner("inputs=6", "[softmax]\ngroups=2")
    let shares: [Float] = [0, 1, 0, 0, 0, 1]
    let found = try runner.run(Self.raw, shares: shares)
    func loss(_ raw: [Double]) -> Double {
      -log(softmax(raw[0..<3])[1]) - log(softmax(raw[3..<6])[2])
    }
    #expect(abs(found.parts.total - loss(Self.raw.map(Double.init))) < 1e-5)
    #expect(worstError(found.gradient, centralDifferences(of: loss, at: Self.raw)) <= 1)
  }

  @Test func `in a hierarchy a class counts for its ancestors, and other groups learn nothing`()
    throws
  {
    // 0 and 1 are roots, 2 and 3 children of 0, 4 and 5 of 1.
    let tree = FileManager.default.temporaryDirectory
      .appendingPathComponent("tree-\(UUID().uuidString).txt")
    try "a -1\nb -1\nc 0\nd 0\ne 1\nf 1\n".write(to: tree, atomically: true, encoding: .utf8)
    defer { try? FileManager.default.removeItem(at: tree) }
    let runner = try LossRunner("inputs=6", "[softmax]\ntree=\(tree.path)")
    let found = try runner.run(Self.raw, shares: [0, 0, 0, 1, 0, 0])
    func loss(_ raw: [Double]) -> Double {
      -log(softmax(raw[0..<2])[0]) - log(softmax(raw[2..<4])[1])
    }
    #expect(abs(found.parts.total - loss(Self.raw.map(Double.init))) < 1e-5)
    #expect(worstError(found.gradient, centralDifferences(of: loss, at: Self.raw)) <= 1)
    #expect(found.gradient[4...] == [0, 0])
  }

  @Test func `an example without classes teaches nothing`() throws {
    for section in ["[softmax]", "[cost]"] {
      let found = try LossRunner("inputs=6", section).run(Self.raw)
      #expect(found.gradient == [Float](repeating: 0, count: 6))
      #expect(found.parts == LossParts())
    }
  }

  @Test(
    arguments: [
      // Differences -0.5, 0.25, 3, -2.
      ("type=sse", 0.25 + 0.0625 + 9 + 4, [-0.5, 0.25, 3, -2]),
      ("type=seg", 0.25 + 0.0625 + 9 + 4, [-0.5, 0.25, 3, -2]),
      ("type=smooth", 0.25 + 0.0625 + 5 + 3, [-0.5, 0.25, 1, -1]),
      ("type=L1", 0.5 + 0.25 + 3 + 2, [-1, 1, 1, -1]),
      ("scale=2", 0.25 + 0.0625 + 9 + 4, [-1, 0.5, 6, -4]),
      ("ratio=.5", 0.25 + 0.0625 + 9 + 4, [0, 0, 3, -2]),
    ] as [(String, Double, [Float])])
  func `[cost] sums its kind of difference`(keys: String, total: Double, gradient: [Float]) throws {
    let runner = try LossRunner("inputs=4", "[cost]\n" + keys)
    let found = try runner.run([0.5, 0.25, 3, -1], shares: [1, 0, 0, 1])
    #expect(abs(found.parts.total - total) < 1e-6)
    #expect(found.gradient == gradient)
  }

  @Test func `type=masked leaves out what has no target`() throws {
    let runner = try LossRunner("inputs=3", "[cost]\ntype=masked")
    let found = try runner.run([0.5, 0.25, 3], shares: [1, -1234, 0])
    #expect(found.gradient == [-0.5, 0, 3])
    #expect(found.parts.total == 9.25)
  }

  // MARK: Which layers have losses

  private func losses(_ cfg: String) throws -> [Int] {
    let file = CfgFile(text: cfg, name: "test.cfg")
    return try LayerLoss.losses(of: try Graph(file), net: file.sections[0]).map(\.layer)
  }

  @Test func `a [cost] on a [softmax] is counted once`() throws {
    #expect(try losses("[net]\ninputs=4\n[softmax]\n[cost]\n") == [0])
    #expect(try losses("[net]\ninputs=4\n[softmax]\nnoloss=1\n[cost]\n") == [0])
    #expect(try losses("[net]\ninputs=4\n[softmax]\nnoloss=1\n") == [])
    #expect(try losses("[net]\ninputs=4\n[connected]\noutput=2\n[cost]\n") == [1])
    #expect(try losses("[net]\ninputs=4\n[connected]\noutput=2\n") == [])
  }

  @Test func `with noloss=1 the [cost] teaches the softmax, in its own units`() throws {
    let file = CfgFile(text: "[net]\ninputs=3\n[softmax]\nnoloss=1\n[cost]\n", name: "test.cfg")
    let loss = try #require(LayerLoss.losses(of: Graph(file), net: file.sections[0]).first)
    let found = compute(
      loss.loss, output: [0.2, 0.5, 0.3], shape: .vector(3), network: .vector(3),
      target: LossCall.Target(classShares: [0, 1, 0]))
    #expect(found.gradient == [0.2, -0.5, 0.3])
    #expect(abs(found.parts.total - 0.38) < 1e-6)
  }

  @Test func `two losses over the same numbers are refused`() throws {
    let error = #expect(throws: CfgError.self) {
      try losses("[net]\ninputs=4\n[cost]\n[cost]\n")
    }
    #expect(error?.description.contains("has a loss over the same numbers as layer 0") == true)
  }

  @Test func `[contrastive] says that it cannot be trained yet`() throws {
    let error = #expect(throws: CfgError.self) {
      try losses(
        """
        [net]
        width=4
        height=4
        channels=6
        [yolo]
        classes=1
        anchors=2,2
        [contrastive]
        yolo_layer=0
        """)
    }
    #expect(
      error?.description.contains("test.cfg:8:1: error: [contrastive] cannot be trained yet")
        == true, "\(error!)")
    #expect(error?.description.contains("help: ") == true)
  }
}
