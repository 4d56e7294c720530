extension Hyperparameters {
  /// What the run learns by, for people: a text for each key.
  var texts: [String: String] {
    var texts = [
      "batch": "\(batch)", "learning_rate": "\(learningRate.base)",
      "policy": learningRate.policyText, "decay": "\(decay)",
    ]
    if learningRate.burnIn > 0 {
      texts["burn_in"] = "\(learningRate.burnIn)"
      texts["power"] = "\(learningRate.power)"
    }
    if maxBatches > 0 { texts["max_batches"] = "\(maxBatches)" }
    switch method {
    case .momentum(let share): texts["momentum"] = "\(share)"
    case .adam(let first, let second, let epsilon):
      texts["adam"] = "1"
      texts["B1"] = "\(first)"
      texts["B2"] = "\(second)"
      texts["eps"] = "\(epsilon)"
    }
    if let emaAlpha { texts["ema_alpha"] = "\(emaAlpha)" }
    if labelSmoothing > 0 { texts["label_smooth_eps"] = "\(labelSmoothing)" }
    return texts
  }
}

extension LearningRate {
  fileprivate var policyText: String {
    switch policy {
    case .constant: "constant"
    case .step(let every, let scale): "step: times \(significant(scale)) every \(every)"
    case .steps(let steps):
      "steps: "
        + steps.map { "times \(significant($0.scale)) at \($0.iteration)" }.joined(separator: ", ")
    case .exponential(let base): "exp: \(base) to the iteration"
    case .polynomial(let length): "poly: to 0 at \(length)"
    case .sigmoid(let steepness, let middle):
      "sigmoid: around \(middle), steepness \(significant(steepness))"
    case .cosine(let minimum, let cycle, let growth):
      "sgdr: to \(minimum) in \(cycle)" + (growth == 1 ? "" : ", then \(growth) times as long")
    case .random: "random"
    }
  }
}
