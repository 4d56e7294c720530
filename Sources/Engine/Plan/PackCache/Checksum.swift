import PenumbraCompute

/// 64 bits that change when bytes do, by accident rather than by malice: four chains of multiplications
/// a chunk, chunks in parallel.
package enum Checksum {
  private static let chunk = 1 << 20
  private static let odd: UInt64 = 0x9E37_79B9_7F4A_7C15

  package static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    let chunks = (bytes.count + chunk - 1) / chunk
    var sums = Array(repeating: UInt64(0), count: chunks)
    sums.withUnsafeMutableBufferPointer { sums in
      let sums = sums
      parallelFor(chunks, threads: ThreadPool.processors) { index in
        let part = bytes[index * chunk..<min((index + 1) * chunk, bytes.count)]
        sums[index] = sum(UnsafeRawBufferPointer(rebasing: part))
      }
    }
    return sums.reduce(UInt64(bytes.count)) { mix($0, $1) }
  }

  private static func sum(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    guard let base = bytes.baseAddress else { return 0 }
    var chains = SIMD4<UInt64>(1, 2, 3, 4)
    var offset = 0
    while offset + 32 <= bytes.count {
      for lane in 0..<4 {
        chains[lane] = mix(
          chains[lane], base.loadUnaligned(fromByteOffset: offset + 8 * lane, as: UInt64.self))
      }
      offset += 32
    }
    var sum = (0..<4).reduce(UInt64(0)) { mix($0, chains[$1]) }
    for index in offset..<bytes.count { sum = mix(sum, UInt64(bytes[index])) }
    return sum
  }

  private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let product = (a ^ b).multipliedFullWidth(by: odd)
    return product.high ^ product.low &+ a
  }
}
