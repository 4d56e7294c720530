import PenumbraCfg
import PenumbraEngine
import PenumbraTraining
import TestSupport
import Testing

struct EarlyStoppingTests {
  @Test func `ends after so many validations without a better value`() {
    let stopping = EarlyStopping(metric: "map50", patience: 2)
    var state = EarlyStopping.State(metric: "map50")
    let values = [0.1, 0.3, 0.3, 0.2]
    #expect(
      values.map { stopping.note($0, higherIsBetter: true, in: &state) }
        == [false, false, false, true])
    #expect(state.best == 0.3)
  }

  @Test func `a loss is better when it is less, and NaN never is`() {
    let stopping = EarlyStopping(metric: "loss", patience: 2)
    var state = EarlyStopping.State(metric: "loss")
    let values = [3, 2, .nan, 1, 1.5, .nan]
    #expect(
      values.map { stopping.note($0, higherIsBetter: false, in: &state) }
        == [false, false, false, false, false, true])
  }
}

struct BatchDivisionTests {
  private func parts(_ batch: Int, _ stated: Int, _ limit: Int?) throws -> Int {
    try BatchDivision.fitting(batch: batch, subdivisions: stated, limit: limit) { 10 * $0 + 5 }
  }

  @Test(arguments: [
    (16, 1, Int?.none, 1), (16, 4, nil, 4), (16, 1, 165, 1), (16, 1, 164, 2), (16, 1, 30, 8),
    (12, 1, 50, 3), (12, 2, 1000, 2), (16, 1, 15, 16),
  ])
  func `takes the fewest parts that fit, from those stated on`(
    batch: Int, stated: Int, limit: Int?, expected: Int
  ) throws {
    #expect(try parts(batch, stated, limit) == expected)
  }

  @Test func `says what a single image needs`() {
    #expect(throws: TrainingError.overMemory(limit: 14, needed: 15, batch: 4)) {
      try parts(4, 1, 14)
    }
    #expect(throws: TrainingError.unevenBatch(10, subdivisions: 4)) { try parts(10, 4, nil) }
  }
}

struct FiniteCheckTests {
  @Test(arguments: [0, 1, 15, 16, 17, 40], [Float.nan, .infinity, -.infinity])
  func `finds what is not finite at any place`(place: Int, value: Float) {
    var values = [Float](repeating: -1.5e38, count: 41)
    #expect(values.withUnsafeBufferPointer(\.areFinite))
    values[place] = value
    #expect(!values.withUnsafeBufferPointer(\.areFinite))
  }
}

/// Which layer is named where a network's outputs stop being numbers.
struct FirstBadLayerTests {
  /// 20 channels do not fill the last block of 8; layer 3 is computed in the step of layer 2.
  private static let cfg = """
    [net]
    width=8
    height=8
    channels=3
    [convolutional]
    batch_normalize=1
    filters=8
    size=3
    pad=1
    activation=leaky
    [convolutional]
    filters=20
    size=1
    activation=linear
    [convolutional]
    batch_normalize=1
    filters=20
    size=1
    activation=linear
    [activation]
    activation=leaky
    [convolutional]
    filters=4
    size=1
    activation=linear
    """

  @Test(arguments: [nil, 0, 1, 2, 4] as [Int?], [true, false])
  func `is the first with a bad output`(layer: Int?, isFast: Bool) throws {
    let graph = try Graph(CfgFile(text: Self.cfg, name: "net.cfg"))
    let parameters = try ParameterBuffer(initialFor: graph, seed: 5)
    if let layer {
      let weights = try #require(
        parameters.layout.entries.first { $0.id.layer == layer && $0.parameter.role == .weights })
      // Of the last filter alone.
      parameters.tensor(weights.id)[weights.parameter.count - 1] = .nan
    }
    let plan = try TrainingPlan(
      graph,
      options: TrainingOptions(
        backend: isFast ? Backends.standard : ReferenceBackend(), batch: 2, lossLayers: [4]))
    let session = try TrainingSession(
      plan, parameters: parameters, gradients: try ParameterBuffer(parameters.layout))
    let found = FiniteCheck.firstLayer(
      session, images: 2, moment: TrainingMoment(seed: 1, iteration: 0)
    ) {
      for image in 0..<2 {
        session.withInput(image: image) { input in
          for i in input.indices { input[i] = Float(i % 7) / 7 }
        }
      }
    }
    #expect(found == layer)
  }
}

struct InitialWeightsTests {
  private static let cfg = """
    [net]
    width=8
    height=8
    channels=3
    [convolutional]
    filters=64
    size=3
    batch_normalize=1
    activation=leaky
    [implicit]
    filters=50
    mean=1
    std=0.02
    """

  @Test func `weights are random within their bound, the rest starts as Darknet has it`() throws {
    let graph = try Graph(CfgFile(text: Self.cfg, name: "net.cfg"))
    let start = try ParameterBuffer(initialFor: graph, seed: 5)
    let same = try ParameterBuffer(initialFor: graph, seed: 5)
    let other = try ParameterBuffer(initialFor: graph, seed: 6)
    #expect(Array(start.values) == Array(same.values))
    for entry in start.layout.entries {
      let values = start.numbers(entry.id)
      switch entry.parameter.role {
      case .weights:
        let bound = (2 / Float(27)).squareRoot()
        #expect(values.allSatisfy { abs($0) <= bound })
        #expect(values.contains { abs($0) > 0.9 * bound })
        #expect(values != other.numbers(entry.id))
      case .scales: #expect(values.allSatisfy { $0 == 1 })
      case .constants: #expect(values.allSatisfy { abs($0 - 1) <= 0.0201 && $0 != 1 })
      default: #expect(values.allSatisfy { $0 == 0 })
      }
    }
  }

  @Test func `takes what a backbone holds and makes up the rest`() throws {
    let folder = try TemporaryFolder()
    let graph = try Graph(CfgFile(text: Self.cfg, name: "net.cfg"))
    let whole = try Weights(seed: 9, for: graph)
    try whole.write(to: folder.file("net.conv.1"), upTo: 1)
    let backbone = try Weights(
      contentsOf: folder.file("net.conv.1"), for: graph, allowsPartial: true)
    let start = try ParameterBuffer(initialFor: graph, seed: 5, from: backbone)
    for entry in start.layout.entries {
      let found = start.numbers(entry.id)
      #expect((found == Array(whole.values(entry.id))) == (entry.id.layer == 0))
    }
  }
}
