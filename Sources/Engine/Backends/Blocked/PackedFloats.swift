import PenumbraCompute

/// Floats that a kernel packed for itself, immutable once they are: in memory of their own, or in a
/// file of packed weights.
final class PackedFloats: Sendable {
  /// Nobody writes through it once the object is made.
  nonisolated(unsafe) let base: UnsafePointer<Float>
  let count: Int
  /// Keeps alive what `base` points into.
  private let owner: any Sendable

  /// - Parameter fill: called once for each part, several at a time; each writes its own floats.
  init(
    count: Int, parts: Int = 1, fill: (Int, UnsafeMutablePointer<Float>) -> Void
  ) throws(PlanError) {
    self.count = count
    let cache = PackCache.current
    if let (found, file) = cache?.next(count: count) {
      (base, owner) = (found, file)
      return
    }
    let block: OwnedBlock
    do throws(ComputeError) {
      block = OwnedBlock(try AlignedBuffer<Float>(count: count, zeroed: true))
    } catch {
      throw .noWeightsMemory(needed: saturatingProduct(4, count), error.problem)
    }
    let base = block.buffer.baseAddress
    parallelFor(parts, threads: ThreadPool.processors) { part in fill(part, base) }
    (self.base, owner) = (UnsafePointer(base), block)
    cache?.add(self)
  }
}

/// Shared ownership of a buffer.
private final class OwnedBlock: Sendable {
  let buffer: AlignedBuffer<Float>

  init(_ buffer: consuming AlignedBuffer<Float>) { self.buffer = buffer }
}
