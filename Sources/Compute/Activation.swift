/// The elementwise activations of Darknet, numbered as the kernels number them.
///
/// Its channel normalisers are not among them: they need all the channels of a pixel.
public enum Activation: Int32, CaseIterable, Hashable, Sendable {
  case linear, logistic, loggy, relu, relu6, elu, selu, gelu, relie, ramp
  case leaky, revleaky, tanh, plse, stair, hardtan, lhtan, swish, mish, hardMish

  /// The activation of a cfg value, case-sensitive as in Darknet.
  public init?(name: some StringProtocol) {
    guard let match = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = match
  }

  /// The spelling of cfg files.
  public var name: String { self == .hardMish ? "hard_mish" : "\(self)" }

  var kernelValue: KernelActivation { KernelActivation(rawValue) }

  /// The value at `x` in double precision, by the formula of the specification.
  package func callAsFunction(_ x: Double) -> Double { reference_activation(kernelValue, x) }

  /// The derivative at `x` in double precision, by the formulas of the specification.
  package func slope(_ x: Double) -> Double { reference_activation_slope(kernelValue, x) }
}
