#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Memory for `count` elements on a 64-byte boundary, released with its owner.
///
/// Made to be safe with sizes that come from a file: a size that cannot be represented, or exceeds
/// the machine's memory, is an error and is never asked of the system.
package struct AlignedBuffer<Element: BitwiseCopyable>: ~Copyable {
  /// Aligned to `alignment`; never null, even without elements.
  package let baseAddress: UnsafeMutablePointer<Element>
  package let count: Int
  /// What was allocated, and how.
  private let block: Block

  private enum Block {
    case heap(UnsafeMutableRawPointer)
    case guarded(UnsafeMutableRawBufferPointer)
  }

  /// - Parameter zeroed: whether every byte is zero. Large blocks come zeroed from the system, so
  ///   this costs nothing until a page is touched.
  package init(count: Int, zeroed: Bool = true) throws(ComputeError) {
    let (block, base) = try Self.allocate(count, zeroed: zeroed)
    self.block = block
    self.count = count
    baseAddress = base.bindMemory(to: Element.self, capacity: count)
  }

  private static func allocate(
    _ count: Int, zeroed: Bool
  ) throws(ComputeError) -> (Block, UnsafeMutableRawPointer) {
    let bytes = try blockBytes(count)
    if BufferGuards.isOn {
      let used = count * MemoryLayout<Element>.stride
      guard let pages = BufferGuards.map(used) else { throw .allocationFailed(bytes: bytes) }
      return (.guarded(pages), pages.baseAddress! + pages.count - used)
    }
    guard let memory = zeroed ? calloc(bytes, 1) : malloc(bytes) else {
      throw .allocationFailed(bytes: bytes)
    }
    return (.heap(memory), memory.alignedUp(toMultipleOf: bufferAlignment))
  }

  deinit {
    switch block {
    case .heap(let memory): free(memory)
    case .guarded(let pages): BufferGuards.unmap(pages)
    }
  }

  package var buffer: UnsafeMutableBufferPointer<Element> {
    UnsafeMutableBufferPointer(start: baseAddress, count: count)
  }

  /// Lends the elements for reading.
  package borrowing func withSpan<Result, Failure: Error>(
    _ body: (Span<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(Span(_unsafeElements: UnsafeBufferPointer(buffer)))
  }

  /// Lends the elements for reading and writing.
  package mutating func withMutableSpan<Result, Failure: Error>(
    _ body: (inout MutableSpan<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var span = MutableSpan(_unsafeElements: buffer)
    return try body(&span)
  }

  /// The bytes to ask for so that `count` elements fit behind an aligned address.
  private static func blockBytes(_ count: Int) throws(ComputeError) -> Int {
    let stride = MemoryLayout<Element>.stride
    let (bytes, overflow) = count.multipliedReportingOverflow(by: stride)
    guard count >= 0, !overflow, bytes <= Int.max - bufferAlignment else {
      throw .sizeOverflow(count: count, elementBytes: stride)
    }
    guard bytes <= physicalMemoryBytes else {
      throw .exceedsMemory(bytes: bytes, physicalBytes: physicalMemoryBytes)
    }
    return bytes + bufferAlignment
  }
}

/// The owner is the only one who holds the address.
extension AlignedBuffer: @unchecked Sendable where Element: Sendable {}

/// A cache line, and the widest vector.
package let bufferAlignment = 64

/// The memory of this machine, swap not counted.
package let physicalMemoryBytes = max(sysconf(Int32(_SC_PHYS_PAGES)), 1) * Int(getpagesize())
