public import PenumbraCfg
import PenumbraEngine

/// How a network is trained, as its `[net]` section says it.
///
/// Source: Darknet `parser.c` (`parse_net_options`), whose defaults these are.
public struct Hyperparameters: Hashable, Sendable {
  /// How an update follows from gradients.
  public enum Method: Hashable, Sendable {
    case momentum(Float)
    case adam(first: Float, second: Float, epsilon: Float)
  }

  /// Images of a mini-batch, of which the cfg asks for `subdivisions` in each iteration.
  public var miniBatch: Int
  public var subdivisions: Int
  public var method: Method
  /// How strongly weights are drawn to 0.
  public var decay: Float
  public var learningRate: LearningRate
  /// The iterations of a whole training; 0 is no end.
  public var maxBatches: Int
  /// The share of the old value in the moving average of the weights; nil keeps none.
  public var emaAlpha: Float?
  /// Moves class targets away from 0 and 1, for classifiers.
  public var labelSmoothing: Float
  /// What the cfg asks for and training does without.
  public var warnings: [Diagnostic]

  /// Images of one update.
  public var batch: Int { miniBatch * subdivisions }

  /// - Parameters:
  ///   - net: the cfg's first section.
  ///   - seed: decides the rates of policy=random.
  /// - Throws: every key of training that cannot be used, with its place.
  public init(net: CfgFile.Section, seed: UInt64 = 0) throws(CfgError) {
    var keys = KeyValues(net, NetSection.spec)
    let batch = keys.int("batch")
    subdivisions = keys.int("subdivisions")
    miniBatch = max(1, batch / max(1, subdivisions))
    decay = keys.float("decay", "at least 0") { $0 >= 0 }
    maxBatches = keys.int("max_batches")
    labelSmoothing = keys.float("label_smooth_eps", "at least 0 and below 1") { 0..<1 ~= $0 }
    let alpha = keys.float("ema_alpha", "at least 0 and below 1") { 0..<1 ~= $0 }
    emaAlpha = alpha > 0 ? alpha : nil
    method = Self.method(&keys)
    let power = keys.float("power")
    let base = keys.float("learning_rate", "above 0") { $0 > 0 }
    learningRate = LearningRate(
      base: base.exactDouble, policy: Self.policy(&keys, maxBatches: maxBatches, seed: seed),
      burnIn: keys.int("burn_in"), power: power.exactDouble)
    Self.checkOthers(&keys)
    warnings = keys.warnings
    try keys.check()
  }

  private static func method(_ keys: inout KeyValues) -> Method {
    let momentum = keys.float("momentum", "at least 0 and below 1") { 0..<1 ~= $0 }
    let first = keys.float("B1", "at least 0 and below 1") { 0..<1 ~= $0 }
    let second = keys.float("B2", "at least 0 and below 1") { 0..<1 ~= $0 }
    let epsilon = keys.float("eps", "above 0") { $0 > 0 }
    guard keys.flag("adam") else { return .momentum(momentum) }
    return .adam(first: first, second: second, epsilon: epsilon)
  }

  private static func policy(
    _ keys: inout KeyValues, maxBatches: Int, seed: UInt64
  ) -> LearningRate.Policy {
    let word = keys.word("policy")
    switch word {
    case "step":
      return .step(
        every: keys.int("step", "at least 1") { $0 >= 1 }, scale: keys.float("scale").exactDouble)
    case "steps": return steps(&keys)
    case "exp": return .exponential(base: keys.float("gamma").exactDouble)
    case "poly":
      if maxBatches < 1 { keys.report(.policyLacks(word, "max_batches"), at: "policy") }
      return .polynomial(length: max(1, maxBatches))
    case "sigmoid":
      return .sigmoid(steepness: keys.float("gamma").exactDouble, middle: keys.int("step"))
    case "sgdr":
      let cycle = keys.optionalInt("sgdr_cycle") ?? maxBatches
      if cycle < 1 { keys.report(.policyLacks(word, "sgdr_cycle"), at: "policy") }
      return .cosine(
        minimum: keys.float("learning_rate_min", "at least 0") { $0 >= 0 }.exactDouble,
        cycle: max(1, cycle), growth: keys.int("sgdr_mult", "at least 1") { $0 >= 1 })
    case "random": return .random(seed: seed)
    default: return .constant
    }
  }

  private static func steps(_ keys: inout KeyValues) -> LearningRate.Policy {
    let (iterations, scales) = (keys.ints("steps"), keys.floats("scales"))
    for name in ["steps", "scales"] where !keys.has(name) {
      keys.report(.policyLacks("steps", name), at: "policy")
    }
    guard let iterations, let scales else { return .constant }
    if iterations.count != scales.count {
      keys.report(.scalesDiffer(steps: iterations.count, scales: scales.count), at: "scales")
    }
    return .steps(zip(iterations, scales).map { LearningRate.Step($0, $1.exactDouble) })
  }

  /// Keys of kinds of training that there are none of here.
  private static func checkOthers(_ keys: inout KeyValues) {
    if keys.flag("contrastive") {
      keys.report(
        .cannotTrain(
          "contrastive", "learning by comparison", help: "remove the key, and train on labels"),
        at: "contrastive")
    }
    for (name, what) in [
      ("track", "training on sequences"), ("unsupervised", "learning without labels"),
    ] where keys.int(name) != 0 {
      keys.report(
        .cannotTrain(name, what, help: "remove the key, and train on labelled pictures"), at: name)
    }
    for (name, what) in [
      ("attention", "pictures of what the network attends to"),
      ("equidistant_point", "a search for bad labels"),
      ("weights_reject_freq", "the removal of small weights"),
      ("dynamic_minibatch", "batches that change with the size"),
    ] where keys.int(name) != 0 {
      keys.report(.ignoredInTraining(name, what), at: name)
    }
    if keys.float("adversarial_lr") != 0 {
      keys.report(
        .ignoredInTraining("adversarial_lr", "adversarial training"), at: "adversarial_lr")
    }
  }
}

extension Float {
  /// The number as it was written, not its nearest Float's tail: 0.001 rather than 0.00100000005.
  var exactDouble: Double { Double("\(self)") ?? Double(self) }
}
