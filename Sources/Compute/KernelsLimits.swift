/// The numbers that a peak of multiply-adds is stated for.
package enum Arithmetic: String, CaseIterable, Hashable, Sendable {
  case fp32, bf16, int8
}

extension Kernels {
  /// Multiply-adds without memory on the calling thread.
  ///
  /// - Returns: the operations, two for each multiply-add; 0 where the processor has none of this
  ///   kind within the instruction set.
  package func peak(_ arithmetic: Arithmetic, rounds: Int) -> Double {
    var sink: Float = 0
    let work =
      switch arithmetic {
      case .fp32: table.pointee.peak_f32
      case .bf16: table.pointee.peak_bf16
      case .int8: table.pointee.peak_int8
      }
    return work(rounds, &sink)
  }

  /// Reads whole multiples of 256 bytes over and over; what it returns depends on all of them.
  package func read(_ bytes: UnsafeRawBufferPointer, times: Int) -> Int32 {
    guard let base = bytes.baseAddress else { return 0 }
    return table.pointee.read_bytes(base, bytes.count / 256 * 256, times)
  }

  /// Writes whole multiples of 256 bytes over and over.
  package func write(_ value: Int32, into bytes: UnsafeMutableRawBufferPointer, times: Int) {
    guard let base = bytes.baseAddress else { return }
    table.pointee.write_bytes(base, bytes.count / 256 * 256, times, value)
  }
}
