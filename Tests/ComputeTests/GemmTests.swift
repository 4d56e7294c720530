import PenumbraCompute
import Synchronization
import Testing

struct GemmTests {
  @Test(
    arguments: [(1, 1, 1), (3, 5, 7), (16, 33, 4), (2, 70, 0), (0, 3, 3), (65, 64, 63)],
    [(false, false), (true, false), (false, true), (true, true)])
  func `multiplies with leading dimensions of its own`(
    shape: (m: Int, n: Int, k: Int), transposed: (a: Bool, b: Bool)
  ) throws {
    let product = try Product(shape, transposeA: transposed.a, transposeB: transposed.b)
    var c = Guarded(noise(product.m * product.ldc, seed: 9))
    let before = c.values
    c.withPointer { product.run(into: $0) }
    #expect(product.error(of: c.values, before) < 1e-4)
    #expect(c.isIntact)
  }

  @Test func `only writes its result when beta is zero`() throws {
    let gemm = try Gemm()
    var c: [Float] = [.nan, .nan]
    gemm(m: 1, n: 2, k: 1, [3], lda: 1, [1, 2], ldb: 2, &c, ldc: 2)
    #expect(c == [3, 6])
  }

  @Test func `is safe to call from many threads`() throws {
    let products = try [(5, 31, 64), (48, 300, 40), (33, 7, 200), (1, 500, 9)].map {
      try Product($0)
    }
    let expected = products.map(\.result)
    let wrong = Atomic(0)
    onThreads(12) {
      for i in 0..<100 where products[i % 4].result != expected[i % 4] {
        wrong.add(1, ordering: .relaxed)
      }
    }
    #expect(wrong.load(ordering: .relaxed) == 0)
  }

  @Test func `gives the same bits from inside a parallel loop`() throws {
    let product = try Product((48, 300, 128))
    let alone = product.result
    let wrong = Atomic(0)
    parallelFor(24, threads: 4) { _ in
      if product.result != alone { wrong.add(1, ordering: .relaxed) }
    }
    #expect(wrong.load(ordering: .relaxed) == 0)
  }
}

/// A product of random matrices whose rows are further apart than they are long.
private struct Product: Sendable {
  let m, n, k, lda, ldb, ldc: Int
  let transposeA, transposeB: Bool
  let a, b: [Float]
  let alpha: Float = 0.5, beta: Float = 2
  let gemm: Gemm

  init(
    _ shape: (m: Int, n: Int, k: Int), transposeA: Bool = false, transposeB: Bool = false
  ) throws {
    gemm = try Gemm()
    (m, n, k) = shape
    (self.transposeA, self.transposeB) = (transposeA, transposeB)
    lda = (transposeA ? m : k) + 2
    ldb = (transposeB ? k : n) + 3
    ldc = n + 1
    a = noise((transposeA ? k : m) * lda, seed: 1)
    b = noise((transposeB ? n : k) * ldb, seed: 2)
  }

  func run(into c: UnsafeMutablePointer<Float>) {
    gemm(
      transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, alpha: alpha, a, lda: lda,
      b, ldb: ldb, beta: beta, c, ldc: ldc)
  }

  /// The product added to nothing.
  var result: [Float] {
    var c = [Float](repeating: 0, count: m * ldc)
    run(into: &c)
    return c
  }

  /// The largest error of `c`, counting what lies between its rows.
  func error(of c: [Float], _ before: [Float]) -> Double {
    c.indices.reduce(0) { worst, index in
      let (i, j) = (index / ldc, index % ldc)
      var expected = Double(before[index])
      if j < n {
        let sum = (0..<k).reduce(0.0) { sum, l in
          let x = a[transposeA ? l * lda + i : i * lda + l]
          return sum + Double(x) * Double(b[transposeB ? j * ldb + l : l * ldb + j])
        }
        expected = expected * Double(beta) + sum * Double(alpha)
      }
      return max(worst, abs(Double(c[index]) - expected))
    }
  }
}
