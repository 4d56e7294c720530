/// What one step gives its operation, and what the operation finds wrong with it.
///
/// An operation states in `check` what it requires of the tensors and parameters that it touches, so
/// that a plan is refused before a kernel reads or writes beyond them.
public final class ShapeContract {
  public let inputs: [Shape]
  public let output: Shape
  private let parameterCount: (ParameterID) -> Int?
  /// The first requirement that does not hold.
  public private(set) var violation: String?

  init(inputs: [Shape], output: Shape, parameterCount: @escaping (ParameterID) -> Int?) {
    (self.inputs, self.output, self.parameterCount) = (inputs, output, parameterCount)
  }

  /// - Parameter expectation: what should hold, with the numbers found.
  public func require(_ holds: Bool, _ expectation: @autoclosure () -> String) {
    if violation == nil, !holds { violation = expectation() }
  }

  /// Requires a number of inputs; only where it answers true may they be looked at.
  public func requireInputs(_ count: Int) -> Bool {
    require(inputs.count == count, "it has \(inputs.count) inputs, expected \(count)")
    return inputs.count == count
  }

  /// Requires one input with as many elements as the output.
  public func requireElementwise() {
    guard requireInputs(1) else { return }
    require(
      inputs[0].count == output.count, "its input is \(inputs[0]), its output \(output)")
  }

  /// Requires a parameter with so many numbers.
  public func require(_ parameter: ParameterID, _ role: String, count: Int) {
    let found = parameterCount(parameter)
    require(
      found == count,
      "its \(role) are \(found.map { "\($0)" } ?? "no") numbers, expected \(count)")
  }

  /// Requires four numbers a channel for a normalisation.
  func require(_ normalization: Normalization, channels: Int) {
    require(normalization.biases, "biases", count: channels)
    require(normalization.scales, "scales", count: channels)
    require(normalization.means, "means", count: channels)
    require(normalization.variances, "variances", count: channels)
  }

  /// The contract of an operation that works within this one's step.
  func part(inputs: [Shape], output: Shape) -> ShapeContract {
    ShapeContract(inputs: inputs, output: output, parameterCount: parameterCount)
  }

  /// Takes over what a part found wrong.
  func adopt(_ part: ShapeContract) {
    if let found = part.violation { require(false, found) }
  }
}
