import PenumbraCompute

/// Measures limits in short bursts, so that they can be taken between other measurements and meet the
/// machine in the same moods. The best burst counts.
public final class LimitMeter {
  private let threads: [Int]
  private let kinds: [Arithmetic]
  private let sizes: [Int]
  private var buffers: [Buffer] = []
  private var peaks: [PeakKey: Double] = [:]
  private var bandwidths: [BandwidthKey: Double] = [:]

  private struct PeakKey: Hashable {
    let arithmetic: Arithmetic
    let threads: Int
  }

  private struct BandwidthKey: Hashable {
    let bytes: Int
    let threads: Int
    let isReading: Bool
  }

  /// A burst of multiply-adds: about a millisecond.
  private static let rounds = 300_000
  /// What a thread goes through: in most machines' first, second and last cache, and in none.
  private static let sizes = [16 << 10, 256 << 10, 4 << 20, 12 << 20, 96 << 20]
  /// What one burst moves at least.
  private static let movedBytes = 32 << 20

  /// - Parameter threads: the numbers of threads that limits are asked for.
  /// - Parameter filter: what the names of limits have to contain, such as `fp32` or `memory`.
  public init(threads: some Sequence<Int>, filter: String = "") {
    self.threads = Set(threads).sorted()
    kinds = Arithmetic.allCases.filter { filter.isEmpty || $0.rawValue.contains(filter) }
    sizes = filter.isEmpty || "memory".contains(filter) ? Self.sizes : []
  }

  /// Whether the filter leaves a limit.
  public var measuresSomething: Bool { !kinds.isEmpty || !sizes.isEmpty }

  /// One burst of multiply-adds of each kind; some milliseconds, and no memory is touched.
  public func measureArithmetic() {
    for threads in threads {
      wake(threads)
      for arithmetic in kinds {
        let key = PeakKey(arithmetic: arithmetic, threads: threads)
        peaks[key] = max(peaks[key] ?? 0, burst(key))
      }
    }
  }

  /// One burst through each amount of memory; about a tenth of a second.
  ///
  /// - Throws: when there is no memory for it.
  public func measureMemory() throws(PlanError) {
    guard !sizes.isEmpty else { return }
    try allocate()
    for threads in threads {
      wake(threads)
      for bytes in sizes {
        for isReading in [true, false] {
          let key = BandwidthKey(bytes: bytes, threads: threads, isReading: isReading)
          bandwidths[key] = max(bandwidths[key] ?? 0, burst(key))
        }
      }
    }
  }

  public var limits: Limits {
    Limits(
      arithmetic: peaks.filter { $0.value > 0 }.map { key, rate in
        Limits.Peak(
          numbers: key.arithmetic.rawValue, threads: key.threads, gflopsPerSecond: rate)
      }.sorted { ($0.threads, $0.gflopsPerSecond) < ($1.threads, $1.gflopsPerSecond) },
      memory: threads.flatMap { threads in
        sizes.compactMap { self.bandwidth($0, threads) }
      })
  }

  private func bandwidth(_ bytes: Int, _ threads: Int) -> Limits.Bandwidth? {
    let keys = [true, false].map { BandwidthKey(bytes: bytes, threads: threads, isReading: $0) }
    guard let read = bandwidths[keys[0]], let written = bandwidths[keys[1]] else { return nil }
    return Limits.Bandwidth(
      bytes: bytes, threads: threads, readGigabytesPerSecond: read,
      writtenGigabytesPerSecond: written)
  }

  // MARK: Bursts

  /// GFLOP/s of all threads together.
  private func burst(_ key: PeakKey) -> Double {
    let kernels = Kernels.current
    let operations = kernels.peak(key.arithmetic, rounds: 1) * Double(Self.rounds)
    guard operations > 0 else { return 0 }
    let time = time(key.threads) { _ in
      _ = kernels.peak(key.arithmetic, rounds: Self.rounds)
    }
    return operations * Double(key.threads) / time * 1e-6
  }

  /// GB/s of all threads together.
  private func burst(_ key: BandwidthKey) -> Double {
    let kernels = Kernels.current
    let times = max(1, Self.movedBytes / key.bytes)
    let buffers = buffers
    let time = time(key.threads) { thread in
      let bytes = UnsafeMutableRawBufferPointer(rebasing: buffers[thread].bytes[..<key.bytes])
      if key.isReading {
        buffers[thread].seen ^= kernels.read(UnsafeRawBufferPointer(bytes), times: times)
      } else {
        kernels.write(Int32(thread), into: bytes, times: times)
      }
    }
    return Double(key.bytes * times * key.threads) / time * 1e-6
  }

  /// Keeps the threads busy until sleepers are awake and each has a processor of its own: the system
  /// may leave them on one for some milliseconds.
  private func wake(_ threads: Int) {
    guard threads > 1 else { return }
    let end = ContinuousClock.now + .milliseconds(4)
    parallelFor(threads, threads: threads) { _ in
      while ContinuousClock.now < end { _ = Kernels.current.peak(.fp32, rounds: 1000) }
    }
  }

  /// Milliseconds until each of `threads` has done its part.
  private func time(_ threads: Int, _ part: (_ thread: Int) -> Void) -> Double {
    var watch = Stopwatch()
    parallelFor(threads, threads: threads, part)
    return watch.lap()
  }

  private func allocate() throws(PlanError) {
    while buffers.count < threads.last ?? 0 {
      do throws(ComputeError) {
        buffers.append(try Buffer(Self.sizes.last ?? 0))
      } catch {
        throw .noMemory(needed: Self.sizes.last ?? 0, error.problem)
      }
    }
  }

  /// What one thread goes through; its pages are touched before they are measured.
  private final class Buffer {
    private let memory: AlignedBuffer<UInt8>
    /// Keeps reads from being left out.
    var seen: Int32 = 0

    init(_ count: Int) throws(ComputeError) {
      memory = try AlignedBuffer(count: count, zeroed: false)
      memory.baseAddress.initialize(repeating: 1, count: count)
    }

    var bytes: UnsafeMutableRawBufferPointer { UnsafeMutableRawBufferPointer(memory.buffer) }
  }
}
