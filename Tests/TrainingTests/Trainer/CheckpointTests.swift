import Foundation
import PenumbraCfg
import PenumbraEngine
import PenumbraTraining
import TestSupport
import Testing

struct CheckpointNamesTests {
  @Test(arguments: [
    ("cfg/cells.cfg", "runs", CheckpointNames.Rule.wholeName, "runs/cells_last.weights"),
    ("yolov3.coco-giou-12.cfg", "b/", .wholeName, "b/yolov3.coco-giou-12_last.weights"),
    ("yolov3.coco-giou-12.cfg", "b/", .firstStop, "b/yolov3_last.weights"),
    ("plain", ".", .wholeName, "plain_last.weights"),
    ("/x/.cfg", "/", .wholeName, "/network_last.weights"),
  ])
  func `files are called after the cfg`(
    cfg: String, folder: String, rule: CheckpointNames.Rule, last: String
  ) {
    #expect(CheckpointNames(cfg: cfg, folder: folder, rule: rule).weights(.last) == last)
  }

  @Test func `every kind has its own name`() {
    let names = CheckpointNames(cfg: "a.cfg", folder: "f")
    #expect(names.weights(.best) == "f/a_best.weights")
    #expect(names.weights(.final) == "f/a_final.weights")
    #expect(names.weights(.averaged) == "f/a_ema.weights")
    #expect(names.weights(.iteration(300)) == "f/a_300.weights")
    #expect(names.state == "f/a_last.state")
    #expect(names.log == "f/train.jsonl")
  }
}

struct CheckpointCadenceTests {
  @Test(arguments: [(Int?.none, 4000, 1000), (nil, 10000, 10000), (250, 4000, 250)])
  func `numbered weights follow Darknet's rule`(stated: Int?, iterations: Int, every: Int) {
    let cadence = CheckpointCadence(saveWeights: stated, iterations: iterations)
    #expect(cadence.isNumberedDue(every))
    #expect(cadence.isNumberedDue(2 * every))
    #expect(!cadence.isNumberedDue(every - 1))
  }

  @Test func `the last weights come by iterations or by time`() {
    let cadence = CheckpointCadence(numbered: nil, last: 100, lastSeconds: 60)
    #expect(!cadence.isNumberedDue(1000))
    #expect(cadence.isLastDue(200, secondsSince: 1))
    #expect(!cadence.isLastDue(201, secondsSince: 59))
    #expect(cadence.isLastDue(201, secondsSince: 60))
  }
}

struct StateFileTests {
  private static let cfg = """
    [net]
    width=8
    height=8
    channels=3
    [convolutional]
    filters=4
    size=3
    pad=1
    batch_normalize=1
    activation=leaky
    [convolutional]
    filters=3
    size=1
    activation=linear
    """

  private let folder: TemporaryFolder
  private let path: String
  private let weights: ParameterBuffer
  private let momentum: ParameterBuffer
  private var state: TrainingState

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("net_last.state")
    let graph = try Graph(CfgFile(text: Self.cfg, name: "net.cfg"))
    weights = try ParameterBuffer(copying: Weights(seed: 3, for: graph))
    momentum = try ParameterBuffer(copying: Weights(seed: 4, for: graph))
    state = TrainingState(cfg: "net.cfg", cfgChecksum: "ab", seed: 7, batch: 8, subdivisions: 2)
    state.iteration = 41
    state.seen = 328
    state.averageLoss = 0.1 + 0.2
    state.best = TrainingState.Best(metric: "map50", value: 1.0 / 3, iteration: 40)
    try StateFile.write(state, buffers(weights, momentum), to: path)
  }

  private func buffers(_ a: ParameterBuffer, _ b: ParameterBuffer) -> [StateFile.Buffer] {
    [StateFile.Buffer(name: "weights", values: a), StateFile.Buffer(name: "momentum", values: b)]
  }

  private func error(_ body: () throws -> Void) -> StateError.Reason? {
    #expect(throws: StateError.self) { try body() }?.reason
  }

  @Test func `gives back every number and every bit of the rest`() throws {
    let file = try StateFile(path)
    #expect(file.state == state)
    let (a, b) = (try ParameterBuffer(weights.layout), try ParameterBuffer(weights.layout))
    try file.restore(buffers(a, b))
    #expect(Array(a.values) == Array(weights.values))
    #expect(Array(b.values) == Array(momentum.values))
  }

  @Test(arguments: [30, 900, -1])
  func `a changed byte is noticed wherever it is`(place: Int) throws {
    var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    bytes[place < 0 ? bytes.count + place : place] ^= 1
    try folder.write(bytes, to: "net_last.state")
    let (a, b) = (try ParameterBuffer(weights.layout), try ParameterBuffer(weights.layout))
    let reason = error { try StateFile(path).restore(buffers(a, b)) }
    guard case .damaged = reason else {
      Issue.record("\(String(describing: reason))")
      return
    }
  }

  @Test(arguments: [0, 7, 23, 200, 1000])
  func `a file that ends early is refused`(count: Int) throws {
    let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    try folder.write(Array(bytes.prefix(count)), to: "net_last.state")
    #expect(error { _ = try StateFile(path) } == .notAState)
  }

  private static let implausible: [(String, @Sendable (inout TrainingState) -> Void)] = [
    ("iteration", { $0.iteration = -1 }), ("iteration", { $0.iteration = .max }),
    ("iteration", { $0.iteration = 1 << 51 }), ("seen", { $0.seen = .max }),
    ("batch", { $0.batch = 0 }), ("batch", { $0.batch = -8 }), ("batch", { $0.batch = .max }),
    ("subdivisions", { $0.subdivisions = 0 }), ("subdivisions", { $0.subdivisions = 9 }),
    ("best.iteration", { $0.best?.iteration = 42 }),
    ("best.iteration", { $0.best?.iteration = -1 }),
    ("stopping.waited", { $0.stopping = waited(.max) }),
    ("stopping.waited", { $0.stopping = waited(-1) }),
  ]

  private static func waited(_ count: Int) -> EarlyStopping.State {
    var state = EarlyStopping.State(metric: "map50")
    state.waited = count
    return state
  }

  @Test(arguments: implausible)
  func `a value that no run can have written is named`(
    field: String, change: @Sendable (inout TrainingState) -> Void
  ) throws {
    var wrong = state
    change(&wrong)
    try StateFile.write(wrong, buffers(weights, momentum), to: path)
    guard case .implausible(let what) = error({ _ = try StateFile(path) }) else {
      Issue.record("accepted")
      return
    }
    #expect(what.hasPrefix("'\(field)' is "))
  }

  @Test(arguments: [Float.nan, .infinity])
  func `numbers that are not finite are refused`(value: Float) throws {
    let (a, b) = (try ParameterBuffer(weights.layout), try ParameterBuffer(weights.layout))
    momentum.values[0] = value
    try StateFile.write(state, buffers(weights, momentum), to: path)
    #expect(error { try StateFile(path).restore(buffers(a, b)) } == .broken("momentum"))
  }

  @Test func `variances below 0 are refused`() throws {
    let (a, b) = (try ParameterBuffer(weights.layout), try ParameterBuffer(weights.layout))
    let variances = try #require(
      weights.layout.entries.first { $0.parameter.role == .rollingVariance })
    weights.pointer(variances.id)[0] = -1
    try StateFile.write(state, buffers(weights, momentum), to: path)
    #expect(error { try StateFile(path).restore(buffers(a, b)) } == .broken("weights"))
  }

  @Test func `what is missing or of another network is named`() throws {
    let (a, b) = (try ParameterBuffer(weights.layout), try ParameterBuffer(weights.layout))
    #expect(
      error { try StateFile(path).restore([StateFile.Buffer(name: "adam_first", values: a)]) }
        == .lacks("adam_first"))
    #expect(error { _ = try StateFile(folder.file("nowhere.state")) } == .notFound)

    let wider = Self.cfg.replacing("filters=4", with: "filters=40")
    let other = try ParameterBuffer(
      WeightsLayout(Graph(CfgFile(text: wider, name: "wide.cfg"))))
    #expect(
      error { try StateFile(path).restore(buffers(other, b)) }
        == .otherNetwork(found: weights.layout.count, expected: other.layout.count))
  }
}
