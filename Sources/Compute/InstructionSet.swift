/// The instruction sets that kernels exist for, in rising order.
public enum InstructionSet: Int32, CaseIterable, Hashable, Sendable {
  /// SSE2 on x86-64; on arm64 the same as `neon`.
  case baseline
  /// The only one of arm64.
  case neon
  /// AVX2 and FMA.
  case avx2
  /// AVX-512 F, BW, DQ and VL.
  case avx512

  /// The best one of this machine.
  public static var detected: InstructionSet { InstructionSet(kernels_detected_isa()) }

  /// Parses `baseline`, `neon`, `avx2` or `avx512`, whether or not this machine has it.
  public init?(_ name: some StringProtocol) {
    guard let match = Self.allCases.first(where: { $0.description == name }) else { return nil }
    self = match
  }

  init(_ kernelValue: KernelInstructionSet) { self = Self(rawValue: kernelValue.rawValue)! }

  var kernelValue: KernelInstructionSet { KernelInstructionSet(rawValue) }

  /// Whether this machine executes it.
  public var isSupported: Bool { kernels_supports_isa(kernelValue) }
}

extension InstructionSet: CustomStringConvertible {
  /// The name that `init(_:)` parses.
  public var description: String {
    switch self {
    case .baseline: "baseline"
    case .neon: "neon"
    case .avx2: "avx2"
    case .avx512: "avx512"
    }
  }
}

extension InstructionSet: Comparable {
  public static func < (lhs: InstructionSet, rhs: InstructionSet) -> Bool {
    lhs.rawValue < rhs.rawValue
  }
}
