import PenumbraCfg
import PenumbraEngine
import PenumbraTraining
import TestSupport
import Testing

struct OptimizerTests {
  /// A network with every role that learns, and a training of it.
  private struct Lesson {
    let graph: Graph
    let parameters: ParameterBuffer
    let gradients: ParameterBuffer
    let optimizer: Optimizer

    init(net: String = "", first: String = "", second: String = "", threads: Int? = nil) throws {
      let file = CfgFile(
        text: """
          [net]
          width=4
          height=4
          channels=3
          batch=4
          subdivisions=2
          \(net)
          [convolutional]
          batch_normalize=1
          filters=5
          size=3
          pad=1
          activation=leaky
          \(first)
          [convolutional]
          filters=2
          size=1
          activation=linear
          \(second)
          """, name: "test.cfg")
      graph = try Graph(file)
      parameters = try ParameterBuffer(copying: try Weights(seed: 3, for: graph))
      gradients = try ParameterBuffer(parameters.layout)
      optimizer = try Optimizer(
        graph, Hyperparameters(net: file.sections[0]), threads: threads)
      var generator = SeededGenerator(seed: 9)
      for entry in gradients.layout.entries {
        let values = generator.floats(entry.parameter.count)
        _ = gradients.tensor(entry.id).update(fromContentsOf: values)
      }
    }

    /// The tensors that updates changed.
    func changed(iterations: ClosedRange<Int>) -> Set<String> {
      let before = parameters.copies
      for i in iterations {
        optimizer.step(parameters: parameters, gradients: gradients, iteration: i, rate: 0.1)
      }
      return Set(parameters.copies.filter { before[$0.key] != $0.value }.keys)
    }
  }

  private static let all: Set<String> = [
    "0.biases", "0.scales", "0.weights", "1.biases", "1.weights",
  ]

  @Test func `momentum is applied after the step, and carries the decay`() throws {
    let lesson = try Lesson(net: "momentum=.8\ndecay=.01")
    let (start, gradients) = (
      lesson.parameters.copies, lesson.gradients.copies
    )
    for i in 1...3 {
      lesson.optimizer.step(
        parameters: lesson.parameters, gradients: lesson.gradients, iteration: i, rate: 0.1)
    }
    let found = lesson.parameters.copies
    for name in Self.all {
      let decay = name.hasSuffix("weights") ? 0.01 : 0.0
      let expected = zip(start[name]!, gradients[name]!).map { start, gradient in
        var (w, u) = (Double(start), 0.0)
        for _ in 1...3 {
          u += -Double(gradient) - decay * 4 * w
          w += 0.1 / 4 * u
          u *= 0.8
        }
        return Float(w)
      }
      #expect(worstError(found[name]!, expected) <= 1, "\(name)")
    }
    for name in ["0.rolling_mean", "0.rolling_variance"] {
      #expect(found[name]! == start[name]!, "\(name) is gathered, not learnt")
    }
  }

  @Test func `Adam corrects its averages, and draws biases to 0 too`() throws {
    let lesson = try Lesson(net: "adam=1\ndecay=.01\nB1=.8\nB2=.95\neps=1e-5")
    let (start, gradients) = (
      lesson.parameters.copies, lesson.gradients.copies
    )
    for i in 1...3 {
      lesson.optimizer.step(
        parameters: lesson.parameters, gradients: lesson.gradients, iteration: i, rate: 0.01)
    }
    let found = lesson.parameters.copies
    for name in Self.all {
      let expected = zip(start[name]!, gradients[name]!).map { start, gradient in
        var (w, m, v) = (Double(start), 0.0, 0.0)
        var (first, second) = (1.0, 1.0)
        for _ in 1...3 {
          let d = -Double(gradient) - 0.01 * 4 * w
          m = 0.8 * m + 0.2 * d
          v = 0.95 * v + 0.05 * d * d
          (first, second) = (first * 0.8, second * 0.95)
          w += 0.01 * (m / (1 - first)) / ((v / (1 - second)).squareRoot() + 1e-5)
        }
        return Float(w)
      }
      #expect(worstError(found[name]!, expected) <= 1, "\(name)")
    }
    #expect(found["0.rolling_mean"]! == start["0.rolling_mean"]!)
  }

  @Test func `a layer has its own rate, and 'reverse' turns it round`() throws {
    func steps(_ keys: String) throws -> [Float] {
      let lesson = try Lesson(net: "decay=0", first: keys)
      let before = lesson.parameters.copies["0.weights"]!
      _ = lesson.changed(iterations: 1...1)
      return zip(lesson.parameters.copies["0.weights"]!, before).map { $0 - $1 }
    }
    let plain = try steps("")
    let (half, reversed) = (try steps("learning_rate=.5"), try steps("reverse=1"))
    #expect(worstError(half, plain.map { $0 / 2 }) <= 1)
    #expect(worstError(reversed, plain.map { -$0 }) <= 1)
  }

  @Test func `clip bounds weights alone`() throws {
    let lesson = try Lesson(first: "clip=.01")
    _ = lesson.changed(iterations: 1...2)
    let values = lesson.parameters.copies
    #expect(values["0.weights"]!.allSatisfy { $0.magnitude <= 0.01 })
    #expect(values["0.scales"]!.contains { $0.magnitude > 0.01 })
    #expect(values["1.weights"]!.contains { $0.magnitude > 0.01 })
  }

  @Test func `grad_centr takes the mean of each filter from its gradient`() throws {
    let lesson = try Lesson(net: "decay=0", first: "grad_centr=1")
    let before = lesson.parameters.copies["0.weights"]!
    _ = lesson.changed(iterations: 1...1)
    let after = lesson.parameters.copies["0.weights"]!
    for filter in 0..<5 {
      let steps = (27 * filter..<27 * (filter + 1)).map { after[$0] - before[$0] }
      #expect(abs(steps.reduce(0, +)) < 1e-5)
      #expect(steps.contains { $0.magnitude > 1e-3 })
    }
  }

  @Test(
    arguments: [
      ("", "", 1...1, all),
      ("stopbackward=1", "", 1...1, ["1.biases", "1.weights"]),
      ("", "stopbackward=1", 1...1, []),
      ("stopbackward=5", "", 1...4, ["1.biases", "1.weights"]),
      ("stopbackward=5", "", 5...5, all),
      ("dont_update=3", "", 1...3, ["1.biases", "1.weights"]),
      ("dont_update=3", "", 4...4, all),
      ("", "burnin_update=2", 1...19, ["0.biases", "0.scales", "0.weights"]),
      ("", "burnin_update=2", 20...20, all),
      ("train_only_bn=1", "", 1...1, ["0.biases", "0.scales", "1.biases", "1.weights"]),
      ("", "train_only_bn=1", 1...1, ["0.biases", "0.scales"]),
      ("learning_rate=0", "", 1...1, ["1.biases", "1.weights"]),
    ] as [(String, String, ClosedRange<Int>, Set<String>)])
  func `layers say what of them learns, and when`(
    first: String, second: String, iterations: ClosedRange<Int>, learns: Set<String>
  ) throws {
    let lesson = try Lesson(net: "burn_in=10", first: first, second: second)
    #expect(lesson.changed(iterations: iterations) == learns)
  }

  @Test func `tells how far gradients need to go`() throws {
    func frozen(_ first: String, _ second: String) throws -> Int {
      try Lesson(first: first, second: second).optimizer.rules.lastFrozenLayer
    }
    #expect(try frozen("", "") == -1)
    #expect(try frozen("stopbackward=1", "") == 0)
    #expect(try frozen("stopbackward=100", "") == -1)
    #expect(try frozen("stopbackward=1", "stopbackward=1") == 1)
  }

  @Test func `refuses keys of layers that it cannot follow, all at once`() {
    let error = #expect(throws: CfgError.self) {
      try Lesson(first: "clip=-1", second: "onlyforward=1")
    }
    #expect(error?.diagnostics.count == 2)
    #expect(error?.description.contains("'clip' is -1.0, training expects at least 0") == true)
    #expect(error?.description.contains("'onlyforward' asks for a layer without a") == true)
  }

  @Test(arguments: ["", "adam=1"])
  func `gives the same bits on any number of threads`(net: String) throws {
    var results: [[String: [Float]]] = []
    for threads in [1, 2, 5] {
      let lesson = try Lesson(net: net, threads: threads)
      _ = lesson.changed(iterations: 1...3)
      results.append(lesson.parameters.copies)
    }
    #expect(results[0] == results[1])
    #expect(results[0] == results[2])
  }

  @Test func `names the tensor that is no longer finite`() throws {
    let lesson = try Lesson()
    #expect(
      lesson.optimizer.step(
        parameters: lesson.parameters, gradients: lesson.gradients, iteration: 1, rate: 0.1)
        == nil)
    let entry = try #require(
      lesson.gradients.layout.entries.first { $0.id.layer == 0 && $0.parameter.role == .scales })
    lesson.gradients.tensor(entry.id)[1] = .nan
    let found = lesson.optimizer.step(
      parameters: lesson.parameters, gradients: lesson.gradients, iteration: 2, rate: 0.1)
    #expect(found?.layer == 0)
    #expect(found?.role == .scales)
  }

  @Test func `the state is all that an exact resume needs`() throws {
    for net in ["", "adam=1"] {
      let (whole, first, second) = (
        try Lesson(net: net), try Lesson(net: net), try Lesson(net: net)
      )
      _ = whole.changed(iterations: 1...6)
      _ = first.changed(iterations: 1...3)
      for (from, to) in [(first.parameters, second.parameters)]
        + zip(first.optimizer.states, second.optimizer.states).map({ ($0.values, $1.values) })
      {
        _ = to.values.update(fromContentsOf: from.values)
      }
      _ = second.changed(iterations: 4...6)
      #expect(whole.parameters.copies == second.parameters.copies)
    }
  }

  // MARK: The moving average

  @Test func `the average of the second half takes the parameters' place`() throws {
    let lesson = try Lesson(net: "ema_alpha=.5\nmax_batches=8\nmomentum=0\ndecay=0")
    let average = try #require(lesson.optimizer.average)
    func weight() -> Float { lesson.parameters.copies["1.weights"]![0] }
    var (kept, expected): ([Float], Float) = ([], 0)
    for i in 1...8 {
      let before = weight()
      lesson.optimizer.step(
        parameters: lesson.parameters, gradients: lesson.gradients, iteration: i, rate: 0.1)
      let step = lesson.gradients.copies["1.weights"]![0] * 0.1 / 4
      #expect(average.hasBegun == (i >= 4))
      let learnt = before - step
      // Begun at 4, averaged at 5 and 6, and at 6 it becomes the parameters.
      if i == 4 { expected = learnt }
      if i == 5 || i == 6 { expected = 0.5 * expected + 0.5 * learnt }
      #expect(abs(weight() - (i == 6 ? expected : learnt)) < 1e-6, "iteration \(i)")
      kept.append(weight())
    }
    #expect(Set(kept).count == 8)
  }

  @Test func `there is no average where nobody asks for one, or training has no end`() throws {
    let averages = try ["", "ema_alpha=.9", "ema_alpha=.9\nmax_batches=100"].map {
      try Lesson(net: $0).optimizer.average != nil
    }
    #expect(averages == [false, false, true])
  }
}
