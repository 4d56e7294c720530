#if canImport(Accelerate)
  import Accelerate
#else
  import COpenBLAS
#endif

/// C = alpha · A · B + beta · C, row major: A is m×k, B is k×n, C is m×n (A and B as seen after
/// transposition), rows `lda`, `ldb` and `ldc` floats apart.
///
/// Runs on the calling thread alone, and may be called from any number of threads: what calls it
/// divides the work. With `beta` zero C is only written.
package func gemm(
  transposeA: Bool = false, transposeB: Bool = false,
  m: Int, n: Int, k: Int,
  alpha: Float = 1,
  _ a: UnsafePointer<Float>, lda: Int,
  _ b: UnsafePointer<Float>, ldb: Int,
  beta: Float = 0,
  _ c: UnsafeMutablePointer<Float>, ldc: Int
) {
  _ = singleThreadedBLAS
  guard m > 0, n > 0 else { return }
  cblas_sgemm(
    CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
    BLASInt(m), BLASInt(n), BLASInt(k), alpha, a, BLASInt(lda), b, BLASInt(ldb), beta, c,
    BLASInt(ldc))
}

/// Keeps BLAS from starting threads of its own; evaluated once, before the first call.
#if canImport(Accelerate)
  private typealias BLASInt = __LAPACK_int
  private let singleThreadedBLAS: Void = {
    if #available(macOS 15, *) { BLASSetThreading(BLAS_THREADING_SINGLE_THREADED) }
  }()
#else
  private typealias BLASInt = Int32
  private let singleThreadedBLAS: Void = openblas_set_num_threads(1)
#endif
