extension Hyperparameters {
  /// What the run learns by, for people: a text for each key.
  var texts: [String: String] {
    var texts = [
      "batch": "\(batch)", "learning_rate": significant(learningRate.base, 6),
      "policy": learningRate.policyText, "decay": significant(Double(decay), 6),
    ]
    if learningRate.burnIn > 0 {
      texts["burn_in"] = "\(learningRate.burnIn)"
      texts["power"] = significant(learningRate.power, 4)
    }
    if maxBatches > 0 { texts["max_batches"] = "\(maxBatches)" }
    switch method {
    case .momentum(let share): texts["momentum"] = significant(Double(share), 6)
    case .adam(let first, let second, let epsilon):
      texts["adam"] = "1"
      texts["B1"] = significant(Double(first), 6)
      texts["B2"] = significant(Double(second), 6)
      texts["eps"] = "\(epsilon)"
    }
    if let emaAlpha { texts["ema_alpha"] = significant(Double(emaAlpha), 6) }
    if labelSmoothing > 0 { texts["label_smooth_eps"] = significant(Double(labelSmoothing), 6) }
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
    case .exponential(let base): "exp: \(significant(base, 6)) to the iteration"
    case .polynomial(let length): "poly: to 0 at \(length)"
    case .sigmoid(let steepness, let middle):
      "sigmoid: around \(middle), steepness \(significant(steepness))"
    case .cosine(let minimum, let cycle, let growth):
      "sgdr: to \(significant(minimum)) in \(cycle)" + (growth == 1 ? "" : ", then \(growth) times as long")
    case .random: "random"
    }
  }
}
