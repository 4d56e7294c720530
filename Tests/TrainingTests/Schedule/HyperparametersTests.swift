import Foundation
import PenumbraCfg
import PenumbraTraining
import TestSupport
import Testing

struct HyperparametersTests {
  private func read(_ keys: String) throws(CfgError) -> Hyperparameters {
    let file = CfgFile(text: "[net]\n" + keys, name: "test.cfg")
    return try Hyperparameters(net: file.sections[0], seed: 5)
  }

  @Test func `has Darknet's defaults`() throws {
    let found = try read("width=32")
    #expect((found.miniBatch, found.subdivisions, found.batch) == (1, 1, 1))
    #expect(found.method == .momentum(0.9))
    #expect(found.decay == 0.0001)
    #expect(found.learningRate == LearningRate(base: 0.001, power: 4))
    #expect((found.maxBatches, found.emaAlpha) == (0, nil))
    #expect(found.warnings.isEmpty)
  }

  @Test func `reads what a cfg says`() throws {
    let found = try read(
      """
      batch=64
      subdivisions=8
      momentum=0.949
      decay=0.0005
      learning_rate=0.00261
      burn_in=1000
      max_batches=500500
      policy=steps
      steps=400000,450000
      scales=.1,.2
      ema_alpha=0.9998
      label_smooth_eps=0.1
      """)
    #expect((found.miniBatch, found.subdivisions, found.batch) == (8, 8, 64))
    #expect(found.method == .momentum(0.949))
    #expect(found.learningRate.policy == .steps([.init(400_000, 0.1), .init(450_000, 0.2)]))
    #expect((found.learningRate.base, found.learningRate.burnIn) == (0.00261, 1000))
    #expect((found.maxBatches, found.emaAlpha, found.labelSmoothing) == (500_500, 0.9998, 0.1))
  }

  @Test(arguments: [
    ("policy=step\nstep=7\nscale=.5", LearningRate.Policy.step(every: 7, scale: 0.5)),
    ("policy=exp\ngamma=.9", .exponential(base: 0.9)),
    ("policy=poly\nmax_batches=80", .polynomial(length: 80)),
    ("policy=sigmoid\ngamma=.5\nstep=9", .sigmoid(steepness: 0.5, middle: 9)),
    ("policy=sgdr\nmax_batches=80", .cosine(minimum: 1e-5, cycle: 80, growth: 2)),
    (
      "policy=sgdr\nsgdr_cycle=10\nsgdr_mult=3\nlearning_rate_min=.1",
      .cosine(minimum: 0.1, cycle: 10, growth: 3)
    ),
    ("policy=random", .random(seed: 5)),
  ])
  func `knows the policies`(keys: String, policy: LearningRate.Policy) throws {
    #expect(try read(keys).learningRate.policy == policy)
  }

  @Test func `reads Adam's keys`() throws {
    let adam = Hyperparameters.Method.adam(first: 0.9, second: 0.999, epsilon: 1e-6)
    #expect(try read("adam=1").method == adam)
    let other = Hyperparameters.Method.adam(first: 0.8, second: 0.99, epsilon: 1e-7)
    #expect(try read("adam=1\nB1=.8\nB2=.99\neps=1e-7").method == other)
  }

  @Test(arguments: [
    ("policy=unheard", "'policy' is 'unheard', expected "),
    ("adam=yes", "'adam' is 'yes'"),
    ("momentum=1", "'momentum' is 1.0, training expects at least 0 and below 1"),
    ("learning_rate=0", "'learning_rate' is 0.0, training expects above 0"),
    ("learning_rate=fast", "'learning_rate' is 'fast', expected a number"),
    ("decay=-1", "'decay' is -1.0, training expects at least 0"),
    ("policy=steps\nsteps=1,2", "policy=steps needs 'scales'"),
    ("policy=steps\nsteps=1,2\nscales=.1", "'steps' has 2 numbers, but 'scales' has 1"),
    ("policy=steps\nsteps=1,x\nscales=.1,.1", "'steps' holds 'x', expected numbers"),
    ("policy=poly", "policy=poly needs 'max_batches'"),
    ("policy=sgdr", "policy=sgdr needs 'sgdr_cycle'"),
    ("policy=sgdr\nsgdr_cycle=5\nsgdr_mult=0", "'sgdr_mult' is 0, training expects at least 1"),
    ("policy=step\nstep=0", "'step' is 0, training expects at least 1"),
    ("adam=1\neps=0", "'eps' is 0.0, training expects above 0"),
    ("contrastive=1", "'contrastive' asks for learning by comparison, which cannot be trained"),
    ("track=1", "'track' asks for training on sequences, which cannot be trained"),
  ])
  func `refuses what cannot be trained with`(keys: String, message: String) {
    let error = #expect(throws: CfgError.self) { try read(keys) }
    #expect(error?.description.contains("error: " + message) == true, "\(error!)")
    #expect(error?.description.hasPrefix("test.cfg:2:") == true || keys.contains("\n"))
    #expect(error?.diagnostics.allSatisfy { $0.problem.help != nil } == true)
  }

  @Test func `names every fault of a section at once, in line order`() {
    let error = #expect(throws: CfgError.self) {
      try read("learning_rate=0\nmomentum=2\ndecay=-1")
    }
    #expect(error?.diagnostics.map(\.location.line) == [2, 3, 4])
  }

  @Test(arguments: ["-1,3,5", "0,100", "-1000000000,-1,1,2"])
  func `takes steps before the first iteration, as published files have them`(steps: String) throws
  {
    let scales = steps.split(separator: ",").map { _ in ".1" }.joined(separator: ",")
    let found = try read("policy=steps\nsteps=\(steps)\nscales=\(scales)")
    guard case .steps(let read) = found.learningRate.policy else {
      return #expect(Bool(false), "\(found.learningRate.policy)")
    }
    #expect(read.map(\.iteration) == steps.split(separator: ",").compactMap { Int($0) })
  }

  @Test func `takes the schedules of every published network`() throws {
    let files = Shared.files(below: "golden", suffix: ".cfg", for: #function)
    for file in files {
      let cfg = try CfgFile(contentsOf: file.path)
      #expect(throws: Never.self) { try Hyperparameters(net: cfg.sections[0]) }
    }
  }

  @Test func `says what it goes on without`() throws {
    let found = try read("adversarial_lr=1\nattention=1")
    #expect(found.warnings.count == 2)
    #expect(found.warnings.allSatisfy { $0.severity == .warning })
  }
}
