public import PenumbraEngine

/// How a run goes, beside what the cfg says.
public struct TrainerOptions: Sendable {
  public var backend: any Backend
  public var threads: Int?
  public var seed: UInt64
  /// The updates after which the run ends; nil for none.
  public var iterations: Int?
  /// Seconds of this process after which the run ends, judged and saved as if all was done.
  public var seconds: Double?
  /// The largest share of memory that a step may take; nil for no limit.
  public var memoryLimit: Int?
  public var cadence: CheckpointCadence
  /// Iterations between validations, and before the first one; nil validates at the end alone.
  public var validateEvery: Int?
  public var firstValidation: Int
  public var earlyStopping: EarlyStopping?
  /// Whether the run goes on when a checkpoint cannot be written, and tries again at the next one.
  public var outlivesWriteFailures: Bool
  /// What a resumed run should have in common with the run it goes on with, beside cfg and options,
  /// by name: how many images there are, whether they are augmented.
  public var circumstances: [String: String]

  public init(
    backend: any Backend = Backends.standard, threads: Int? = nil, seed: UInt64 = 0,
    iterations: Int? = nil, seconds: Double? = nil, memoryLimit: Int? = nil,
    cadence: CheckpointCadence = CheckpointCadence(numbered: nil), validateEvery: Int? = nil,
    firstValidation: Int = 0, earlyStopping: EarlyStopping? = nil,
    outlivesWriteFailures: Bool = false, circumstances: [String: String] = [:]
  ) {
    self.backend = backend
    self.threads = threads
    self.seed = seed
    self.iterations = iterations
    self.seconds = seconds
    self.memoryLimit = memoryLimit
    self.cadence = cadence
    self.validateEvery = validateEvery
    self.firstValidation = firstValidation
    self.earlyStopping = earlyStopping
    self.outlivesWriteFailures = outlivesWriteFailures
    self.circumstances = circumstances
  }
}
