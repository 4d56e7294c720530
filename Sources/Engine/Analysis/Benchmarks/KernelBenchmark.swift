/// Kernels and layers measured one by one, as it is written and compared.
public struct KernelBenchmark: Sendable, Codable {
  public var machine: Machine
  public var limits: Limits
  public var kernels: [Entry]

  /// One kernel or layer of one shape.
  public struct Entry: Sendable, Codable {
    /// Kind, shape, backend or nothing, instruction set and threads: `conv-3x3/26x26x256-256/...`.
    public var name: String
    /// How the layer is computed; empty for a bare kernel.
    public var kernels: [String]
    public var milliseconds: Timing
    /// Of the median; 0 without multiply-adds.
    public var gflopsPerSecond: Double
    /// Of all that is read and written.
    public var gigabytesPerSecond: Double
    /// The time that the machine's limits allow, over the least time taken. Winograd convolutions
    /// can exceed 1.
    public var shareOfLimit: Double
    /// Whether multiply-adds, and not memory, are that limit.
    public var isBoundByArithmetic: Bool

    enum CodingKeys: String, CodingKey {
      case name, kernels, milliseconds
      case gflopsPerSecond = "gflops_per_second"
      case gigabytesPerSecond = "gb_per_second"
      case shareOfLimit = "share_of_limit"
      case isBoundByArithmetic = "bound_by_arithmetic"
    }
  }
}

/// What a kernel or layer has to do, whoever does it.
struct Work: Hashable, Sendable {
  /// Two for each multiply-add.
  var operations = 0.0
  var readBytes = 0
  var writtenBytes = 0

  /// Milliseconds below which the machine cannot do it, by its arithmetic and by its memory.
  func least(_ limits: Limits, threads: Int) -> (arithmetic: Double, memory: Double) {
    let arithmetic = limits.peak(threads: threads).map { operations / $0 * 1e-6 } ?? 0
    guard let memory = limits.bandwidth(holding: (readBytes + writtenBytes) / threads, threads)
    else { return (arithmetic, 0) }
    // A core reads and writes at the same time.
    return (
      arithmetic,
      max(
        Double(readBytes) / memory.readGigabytesPerSecond,
        Double(writtenBytes) / memory.writtenGigabytesPerSecond) * 1e-6
    )
  }
}

extension Limits {
  /// Of the nearest memory that holds so many bytes a thread.
  func bandwidth(holding bytes: Int, _ threads: Int) -> Bandwidth? {
    let levels = memory.filter { $0.threads == threads }
    return levels.first { $0.bytes >= bytes } ?? levels.last
  }
}

extension KernelBenchmark.Entry {
  init(
    name: String, kernels: [String], _ timing: Timing, _ work: Work, _ limits: Limits, threads: Int
  ) {
    let least = work.least(limits, threads: threads)
    self.init(
      name: name, kernels: kernels, milliseconds: timing,
      gflopsPerSecond: work.operations / timing.median * 1e-6,
      gigabytesPerSecond: Double(work.readBytes + work.writtenBytes) / timing.median * 1e-6,
      shareOfLimit: max(least.arithmetic, least.memory) / timing.minimum,
      isBoundByArithmetic: least.arithmetic > least.memory)
  }
}
