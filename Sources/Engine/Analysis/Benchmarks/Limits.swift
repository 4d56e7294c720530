/// What a machine can do at most, as measured: the bounds that times are held against.
public struct Limits: Hashable, Sendable, Codable {
  public var arithmetic: [Peak]
  public var memory: [Bandwidth]

  public init(arithmetic: [Peak] = [], memory: [Bandwidth] = []) {
    self.arithmetic = arithmetic
    self.memory = memory
  }

  /// Multiply-adds that touch no memory.
  public struct Peak: Hashable, Sendable, Codable {
    /// `fp32`, `bf16` or `int8`.
    public var numbers: String
    public var threads: Int
    /// Two operations for each multiply-add.
    public var gflopsPerSecond: Double

    enum CodingKeys: String, CodingKey {
      case numbers, threads
      case gflopsPerSecond = "gflops_per_second"
    }
  }

  /// Memory moved in order without arithmetic, all threads together.
  public struct Bandwidth: Hashable, Sendable, Codable {
    /// What each thread goes through over and over: which cache holds it.
    public var bytes: Int
    public var threads: Int
    public var readGigabytesPerSecond: Double
    public var writtenGigabytesPerSecond: Double

    enum CodingKeys: String, CodingKey {
      case bytes, threads
      case readGigabytesPerSecond = "read_gb_per_second"
      case writtenGigabytesPerSecond = "written_gb_per_second"
    }
  }

  /// GFLOP/s of fp32 multiply-adds; nil when that was not measured.
  public func peak(threads: Int) -> Double? {
    arithmetic.first { $0.numbers == "fp32" && $0.threads == threads }?.gflopsPerSecond
  }
}
