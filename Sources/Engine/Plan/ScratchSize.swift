import PenumbraCompute

/// The scratch memory of a session: as much as the most demanding kernel needs.
struct ScratchSize: Sendable {
  /// Bytes of each thread, and of all together, in whole cache lines.
  let thread: Int
  let shared: Int

  init(_ kernels: [any Kernel]) {
    self.init(kernels.map { ($0.threadScratchBytes, $0.sharedScratchBytes) })
  }

  init(_ kernels: [any TrainingKernel]) {
    self.init(kernels.map { ($0.threadScratchBytes, $0.sharedScratchBytes) })
  }

  private init(_ needs: [(thread: Int, shared: Int)]) {
    thread = Self.lineAligned(needs.reduce(0) { max($0, $1.thread) })
    shared = Self.lineAligned(needs.reduce(0) { max($0, $1.shared) })
  }

  private static func lineAligned(_ bytes: Int) -> Int {
    min(saturatingSum(bytes, 63), .max - 63) / 64 * 64
  }

  func bytes(threads: Int) -> Int { saturatingSum(shared, saturatingProduct(thread, threads)) }

  /// What kernels are given of so many bytes.
  func places(in memory: UnsafeMutablePointer<UInt8>) -> KernelCall.Scratch {
    let base = UnsafeMutableRawPointer(memory)
    return KernelCall.Scratch(shared: base, threads: base + shared, threadStride: thread)
  }
}

/// Threads that take part in a run.
enum ThreadCount {
  private static let most = 256

  /// - Parameter threads: nil for as many as there are processors.
  static func clamped(_ threads: Int?) -> Int {
    min(max(1, threads ?? ThreadPool.processors), most)
  }
}
