/// Ends a run when a metric has not become better for some validations.
public struct EarlyStopping: Hashable, Sendable {
  public let metric: String
  /// Validations without a better value after which the run ends.
  public let patience: Int

  public init(metric: String, patience: Int) {
    self.metric = metric
    self.patience = max(1, patience)
  }

  /// How a run stands; part of what it is resumed from.
  public struct State: Hashable, Sendable, Codable {
    /// What was watched; a value of another metric says nothing.
    public let metric: String?
    public var best: Double?
    /// Validations since then.
    public var waited = 0

    public init(metric: String) { self.metric = metric }
  }

  /// Notes a value; true when the run should end. What is not a number counts as no better.
  package func note(_ value: Double, higherIsBetter: Bool, in state: inout State) -> Bool {
    let isBetter = state.best.map { higherIsBetter ? value > $0 : value < $0 } ?? true
    if isBetter, value.isFinite {
      state.best = value
      state.waited = 0
    } else {
      state.waited += 1
    }
    return state.waited >= patience
  }
}
