extension InstructionSet: CaseIterable, CustomStringConvertible {
  public static var allCases: [InstructionSet] { [.baseline, .neon, .avx2, .avx512] }

  /// The best one of this machine.
  public static var detected: InstructionSet { kernels_detected_isa() }

  /// Parses `baseline`, `neon`, `avx2` or `avx512`, whether or not this machine has it.
  public init?(_ name: some StringProtocol) {
    guard let match = Self.allCases.first(where: { $0.description == name }) else { return nil }
    self = match
  }

  /// The name that `init(_:)` parses.
  public var description: String {
    switch self {
    case .baseline: "baseline"
    case .neon: "neon"
    case .avx2: "avx2"
    case .avx512: "avx512"
    }
  }

  /// Whether this machine executes it.
  public var isSupported: Bool { kernels_supports_isa(self) }
}

extension InstructionSet: Comparable {
  public static func < (lhs: InstructionSet, rhs: InstructionSet) -> Bool {
    lhs.rawValue < rhs.rawValue
  }
}
