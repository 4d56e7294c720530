#if canImport(Accelerate)
  import Accelerate
#else
  import Glibc
#endif

/// The matrix product of OpenBLAS, or of Accelerate on macOS.
///
/// OpenBLAS is loaded when it is first asked for: loading it starts a thread for every processor,
/// which spins for tens of milliseconds, and few processes multiply with it.
package struct Gemm: Sendable {
  #if canImport(Accelerate)
    private typealias Count = __LAPACK_int
    private static let isSingleThreaded: Void = {
      if #available(macOS 15, *) { BLASSetThreading(BLAS_THREADING_SINGLE_THREADED) }
    }()

    package init() throws(ComputeError) { Self.isSingleThreaded }
  #else
    private typealias Count = CInt
    /// `cblas_sgemm`, whose order and transpositions are enumerations.
    private typealias Product =
      @convention(c) (
        _ order: CInt, _ transposeA: CInt, _ transposeB: CInt, _ m: CInt, _ n: CInt, _ k: CInt,
        _ alpha: Float, _ a: UnsafePointer<Float>, _ lda: CInt, _ b: UnsafePointer<Float>,
        _ ldb: CInt, _ beta: Float, _ c: UnsafeMutablePointer<Float>, _ ldc: CInt
      ) -> Void
    private let product: Product

    /// - Throws: where OpenBLAS cannot be loaded.
    package init() throws(ComputeError) { product = try Self.loaded.get() }

    private static let library = "libopenblas.so.0"

    private static let loaded: Result<Product, ComputeError> = {
      guard let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL),
        let product = dlsym(handle, "cblas_sgemm"),
        let setThreads = dlsym(handle, "openblas_set_num_threads")
      else {
        let reason = dlerror().map { String(cString: $0) } ?? "not found"
        return .failure(.missingLibrary(library, reason))
      }
      unsafeBitCast(setThreads, to: (@convention(c) (CInt) -> Void).self)(1)
      return .success(unsafeBitCast(product, to: Product.self))
    }()

    // The numbers of cblas.h.
    private var rowMajor: CInt { 101 }
    private var plain: CInt { 111 }
    private var transposed: CInt { 112 }
  #endif

  /// C = alpha · A · B + beta · C, row major: A is m×k, B is k×n, C is m×n (A and B as seen after
  /// transposition), rows `lda`, `ldb` and `ldc` floats apart.
  ///
  /// Runs on the calling thread alone, and may be called from any number of threads: what calls it
  /// divides the work. With `beta` zero C is only written.
  package func callAsFunction(
    transposeA: Bool = false, transposeB: Bool = false,
    m: Int, n: Int, k: Int,
    alpha: Float = 1,
    _ a: UnsafePointer<Float>, lda: Int,
    _ b: UnsafePointer<Float>, ldb: Int,
    beta: Float = 0,
    _ c: UnsafeMutablePointer<Float>, ldc: Int
  ) {
    guard m > 0, n > 0 else { return }
    #if canImport(Accelerate)
      let product = cblas_sgemm
      let (rowMajor, plain, transposed) = (CblasRowMajor, CblasNoTrans, CblasTrans)
    #endif
    product(
      rowMajor, transposeA ? transposed : plain, transposeB ? transposed : plain, Count(m),
      Count(n), Count(k), alpha, a, Count(lda), b, Count(ldb), beta, c, Count(ldc))
  }
}
