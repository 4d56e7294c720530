import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Memory that ends where a page begins that nobody may touch: what reads or writes past its end
/// stops there and then. For tests.
package enum BufferGuards {
  private static let areOn = Atomic(false)

  /// Gives every `AlignedBuffer` made from now on such a page, for the whole process.
  package static func switchOn() { areOn.store(true, ordering: .relaxed) }

  static var isOn: Bool { areOn.load(ordering: .relaxed) }

  private static let page = Int(getpagesize())

  /// Pages for `bytes`, between two that nobody may touch; nil when the system refuses.
  static func map(_ bytes: Int) -> UnsafeMutableRawBufferPointer? {
    let inner = max(1, (bytes + page - 1) / page) * page
    let whole = mmap(nil, inner + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0)
    guard let whole, whole != MAP_FAILED else { return nil }
    guard mprotect(whole + page, inner, PROT_READ | PROT_WRITE) == 0 else {
      munmap(whole, inner + 2 * page)
      return nil
    }
    return UnsafeMutableRawBufferPointer(start: whole + page, count: inner)
  }

  static func unmap(_ memory: UnsafeMutableRawBufferPointer) {
    munmap(memory.baseAddress! - page, memory.count + 2 * page)
  }
}

/// Bytes that touch a forbidden page with their end, or with their start.
package final class GuardedMemory {
  private let memory: UnsafeMutableRawBufferPointer
  package let base: UnsafeMutableRawPointer

  package init(bytes: Int, touchesEnd: Bool = true) {
    guard let memory = BufferGuards.map(bytes) else { preconditionFailure("no memory for guards") }
    self.memory = memory
    base = memory.baseAddress! + (touchesEnd ? memory.count - bytes : 0)
  }

  deinit { BufferGuards.unmap(memory) }

  /// All of its pages, the bytes that were not asked for among them.
  package var pages: UnsafeMutableRawBufferPointer { memory }
}
