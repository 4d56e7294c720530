import PenumbraCompute
import PenumbraEngine
import TestSupport
import Testing

struct LimitTests {
  @Test func `has a peak for every number of threads, and bandwidths of every size`() throws {
    let meter = LimitMeter(threads: [2, 1, 2])
    meter.measureArithmetic()
    #expect(meter.limits.memory.isEmpty)
    try meter.measureMemory()
    let limits = meter.limits
    for threads in [1, 2] {
      #expect(try #require(limits.peak(threads: threads)) > 0.1)
      let memory = limits.memory.filter { $0.threads == threads }
      #expect(memory.map(\.bytes) == memory.map(\.bytes).sorted() && memory.count == 5)
      #expect(
        memory.allSatisfy { $0.readGigabytesPerSecond > 0 && $0.writtenGigabytesPerSecond > 0 })
    }
    #expect(limits.peak(threads: 3) == nil)
  }

  @Test func `every instruction set has work to do`() {
    for isa in InstructionSet.allCases where isa.isSupported {
      let kernels = Kernels(upTo: isa)
      #expect(kernels.peak(.fp32, rounds: 10) == 10 * kernels.peak(.fp32, rounds: 1))
      #expect(kernels.peak(.fp32, rounds: 1) > 0)
      var bytes = [UInt8](repeating: 0, count: 1024)
      bytes.withUnsafeMutableBytes { kernels.write(0x0102_0304, into: $0, times: 2) }
      #expect(bytes.allSatisfy { (1...4).contains($0) })
      bytes[700] ^= 0x10
      let seen = bytes.withUnsafeBytes { kernels.read($0, times: 1) }
      #expect(seen == 0x10 || seen == 0x1000 || seen == 0x10_0000 || seen == 0x1000_0000)
    }
  }
}
