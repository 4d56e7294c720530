import Foundation
import PenumbraCompute
import Testing

struct AlignedBufferTests {
  /// In a process of its own, where no other test has switched guards on.
  @Test func `starts on a boundary of 64 bytes, all zero`() async {
    await #expect(processExitsWith: .success) {
      for count in [0, 1, 15, 16, 1000, 1 << 20] {
        let buffer = try AlignedBuffer<Float>(count: count)
        try #require(Int(bitPattern: buffer.baseAddress) % 64 == 0)
        try #require(buffer.count == count)
        try #require(buffer.buffer.allSatisfy { $0 == 0 })
      }
    }
  }

  @Test func `lends its elements`() throws {
    var buffer = try AlignedBuffer<Int32>(count: 3, zeroed: false)
    buffer.withMutableSpan { span in
      for i in span.indices { span[i] = Int32(i * i) }
    }
    let sum = buffer.withSpan { span in span.indices.reduce(0) { $0 + span[$1] } }
    #expect(sum == 5)
  }

  @Test(arguments: [Int.max, Int.max / 4 + 1, -1, Int.min, Int.max / 4 - 2])
  func `refuses sizes that cannot be represented`(count: Int) {
    let error = #expect(throws: ComputeError.self) { try allocate(count) }
    #expect(error == .sizeOverflow(count: count, elementBytes: 4))
  }

  @Test func `does not ask for more than the machine has`() {
    let count = physicalMemoryBytes / 4 + 1
    let error = #expect(throws: ComputeError.self) { try allocate(count) }
    #expect(error == .exceedsMemory(bytes: count * 4, physicalBytes: physicalMemoryBytes))
  }

  @Test func `says what is wrong and what to do`() {
    #expect(
      "\(ComputeError.exceedsMemory(bytes: 9, physicalBytes: 5))" == """
        error: a buffer of 9 bytes exceeds the 5 bytes of memory of this machine
        help: use a smaller [net] width, height or batch, or layers with fewer filters
        """)
  }

  private func allocate(_ count: Int) throws(ComputeError) {
    _ = try AlignedBuffer<Float>(count: count)
  }
}

/// That the tests' guards stop what they should.
struct BufferGuardTests {
  @Test func `a byte past the end of guarded memory ends the process`() async {
    await #expect(processExitsWith: .signal(SIGSEGV)) {
      let memory = GuardedMemory(bytes: 100)
      memory.base.storeBytes(of: 1, toByteOffset: 99, as: UInt8.self)
      memory.base.storeBytes(of: 1, toByteOffset: 100, as: UInt8.self)
    }
  }

  @Test func `a byte before the start of guarded memory ends the process`() async {
    await #expect(processExitsWith: .signal(SIGSEGV)) {
      let memory = GuardedMemory(bytes: 100, touchesEnd: false)
      memory.base.storeBytes(of: 1, toByteOffset: 0, as: UInt8.self)
      memory.base.storeBytes(of: 1, toByteOffset: -1, as: UInt8.self)
    }
  }

  @Test func `a read past the end of a buffer ends the process once guards are on`() async {
    await #expect(processExitsWith: .signal(SIGSEGV)) {
      BufferGuards.switchOn()
      let buffer = try AlignedBuffer<Float>(count: 5)
      buffer.baseAddress[4] = 1
      buffer.baseAddress[0] = buffer.baseAddress[5]
    }
  }
}
