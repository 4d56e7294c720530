/// What a plan keeps of weights in the form that Winograd convolutions multiply, four times as large as
/// they are in a file.
public struct WinogradMemory: Hashable, Sendable, Codable {
  /// Bytes that transformed weights may take beyond the weights themselves.
  public var budgetBytes: Int
  /// Bytes that they do take.
  public var usedBytes: Int

  enum CodingKeys: String, CodingKey {
    case budgetBytes = "budget_bytes"
    case usedBytes = "used_bytes"
  }

  /// Nil for a backend that keeps none.
  init?(_ program: Program, _ backend: any Backend) {
    guard let backend = backend as? BlockedBackend else { return nil }
    budgetBytes = backend.winogradBudget
    usedBytes = program.transformedWeightBytes
  }
}
