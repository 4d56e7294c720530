import PenumbraCompute

/// What this process computes with.
public enum Runtime {
  /// The names that `limitInstructionSet` takes.
  public static let instructionSets = InstructionSet.allCases.map(\.description)
  /// The instruction set in use.
  public static var instructionSet: String { Kernels.current.instructionSet.description }

  /// Lowers the choice of kernels for the whole process, for tests and bug reports; sets that this
  /// machine lacks are passed over.
  ///
  /// - Returns: whether the name is known.
  @discardableResult
  public static func limitInstructionSet(to name: String) -> Bool {
    guard let isa = InstructionSet(name) else { return false }
    Kernels.limit(to: isa)
    return true
  }

  public static var processors: Int { ThreadPool.processors }
}
