extension Activation: CaseIterable {
  public static var allCases: [Activation] {
    (Activation.linear.rawValue...Activation.hardMish.rawValue).compactMap(Activation.init)
  }

  /// The activation of a cfg value, case-sensitive as in Darknet.
  public init?(name: some StringProtocol) {
    guard let match = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = match
  }

  /// The spelling of cfg files.
  public var name: String {
    switch self {
    case .linear: "linear"
    case .logistic: "logistic"
    case .loggy: "loggy"
    case .relu: "relu"
    case .relu6: "relu6"
    case .elu: "elu"
    case .selu: "selu"
    case .gelu: "gelu"
    case .relie: "relie"
    case .ramp: "ramp"
    case .leaky: "leaky"
    case .revleaky: "revleaky"
    case .tanh: "tanh"
    case .plse: "plse"
    case .stair: "stair"
    case .hardtan: "hardtan"
    case .lhtan: "lhtan"
    case .swish: "swish"
    case .mish: "mish"
    case .hardMish: "hard_mish"
    }
  }

  /// The value at `x` in double precision, by the formula of the specification.
  package func callAsFunction(_ x: Double) -> Double { reference_activation(self, x) }
}
