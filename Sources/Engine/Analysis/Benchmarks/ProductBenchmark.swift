import PenumbraCompute

/// The convolutions of a network against bare matrix products of the same shapes.
public struct ProductBenchmark: Sendable, Codable {
  public var threads: Int
  public var convolutions: [Convolution]

  /// One convolution; times are of one image in milliseconds, the least of all turns: what three
  /// ways of doing the same work can do, whatever else the machine did meanwhile.
  public struct Convolution: Sendable, Codable {
    public var layer: Int
    /// Filters of a group.
    public var m: Int
    /// Pixels of the output.
    public var n: Int
    /// Numbers that one output sums over.
    public var k: Int
    public var groups: Int
    /// The backend, with normalisation, bias and activation.
    public var backend: Double
    /// `sgemm` alone, over a matrix that is already there.
    public var product: Double
    /// The plain loop: the whole image unfolded, then `sgemm`; nothing after it.
    public var unfoldedProduct: Double

    enum CodingKeys: String, CodingKey {
      case layer, m, n, k, groups
      case backend = "backend_ms"
      case product = "sgemm_ms"
      case unfoldedProduct = "im2col_sgemm_ms"
    }

    public var gflop: Double { 2e-9 * Double(m) * Double(n) * Double(k) * Double(groups) }
  }

  public var gflop: Double { convolutions.reduce(0) { $0 + $1.gflop } }
  public var backend: Double { convolutions.reduce(0) { $0 + $1.backend } }
  public var product: Double { convolutions.reduce(0) { $0 + $1.product } }
  public var unfoldedProduct: Double { convolutions.reduce(0) { $0 + $1.unfoldedProduct } }
}

/// Times matrix products in the shapes of a plan's convolutions.
public final class ProductTimer {
  private let timer: NetworkTimer
  private let threads: Int
  private let steps: [(index: Int, layer: Int, geometry: ConvolutionGeometry)]
  private let matrices: Matrices
  private var products: [[Double]]
  private var unfoldedProducts: [[Double]]

  /// - Throws: when there is no memory for the largest matrices, or no OpenBLAS.
  public init(_ timer: NetworkTimer) throws(PlanError) {
    self.timer = timer
    threads = timer.plan.options.threads
    steps = timer.plan.program.steps.enumerated().compactMap { index, step in
      step.convolution.map { (index, step.layer, $0.geometry) }
    }
    let gemm = try Gemm.loaded()
    do throws(ComputeError) {
      matrices = try Matrices(steps.map(\.geometry), gemm)
    } catch {
      throw .noMemory(needed: 0, error.problem)
    }
    products = Array(repeating: [], count: steps.count)
    unfoldedProducts = products
  }

  /// One turn over all the shapes.
  public func run(isWarmUp: Bool) {
    var watch = Stopwatch()
    for (i, step) in steps.enumerated() {
      _ = watch.lap()
      matrices.multiply(step.geometry, threads: threads)
      let product = watch.lap()
      matrices.unfoldAndMultiply(step.geometry, threads: threads)
      let unfolded = watch.lap()
      guard !isWarmUp else { continue }
      products[i].append(product)
      unfoldedProducts[i].append(unfolded)
    }
  }

  public var benchmark: ProductBenchmark {
    let timings = timer.stepTimings
    let batch = Double(timer.plan.options.batch)
    return ProductBenchmark(
      threads: threads,
      convolutions: steps.indices.map { i in
        let geometry = steps[i].geometry
        return ProductBenchmark.Convolution(
          layer: steps[i].layer, m: geometry.groupFilters, n: geometry.outPlane,
          k: geometry.groupDepth, groups: geometry.groups,
          backend: timings[steps[i].index].minimum / batch, product: Timing(products[i]).minimum,
          unfoldedProduct: Timing(unfoldedProducts[i]).minimum)
      })
  }
}

/// Operands large enough for every product of a network.
private final class Matrices {
  private let weights: AlignedBuffer<Float>
  private let image: AlignedBuffer<Float>
  private let columns: AlignedBuffer<Float>
  private let output: AlignedBuffer<Float>
  private let gemm: Gemm

  init(_ geometries: [ConvolutionGeometry], _ gemm: Gemm) throws(ComputeError) {
    func most(_ size: (ConvolutionGeometry) -> Int) -> Int { geometries.map(size).max() ?? 0 }
    weights = try AlignedBuffer(count: most(\.weightCount))
    image = try AlignedBuffer(count: most { $0.channels * $0.height * $0.width })
    columns = try AlignedBuffer(count: most { $0.groupDepth * $0.groups * $0.outPlane })
    output = try AlignedBuffer(count: most { $0.filters * $0.outPlane })
    self.gemm = gemm
    for buffer in [weights.buffer, image.buffer, columns.buffer] {
      Weights.fillInput(buffer, seed: 1)
    }
  }

  /// Every group's product, each cut into one equal part a thread along its longer side.
  func multiply(_ geometry: ConvolutionGeometry, threads: Int) {
    multiply(geometry, columns.baseAddress, threads: threads)
  }

  /// As Darknet does it; a 1x1 convolution needs no unfolding.
  func unfoldAndMultiply(_ geometry: ConvolutionGeometry, threads: Int) {
    guard geometry.size > 1 || geometry.strideX > 1 || geometry.strideY > 1 else {
      return multiply(geometry, image.baseAddress, threads: threads)
    }
    let rows = geometry.size * geometry.size * geometry.outPlane
    parallelFor(geometry.channels, threads: threads) { c in
      Kernels.current.im2col(
        geometry, image.baseAddress, channels: c..<c + 1, rows: 0..<geometry.outHeight,
        into: columns.baseAddress + c * rows, rowStride: geometry.outPlane)
    }
    multiply(geometry, columns.baseAddress, threads: threads)
  }

  private func multiply(
    _ geometry: ConvolutionGeometry, _ matrix: UnsafeMutablePointer<Float>, threads: Int
  ) {
    let (m, n, k) = (geometry.groupFilters, geometry.outPlane, geometry.groupDepth)
    let parts = geometry.groups >= threads ? 1 : threads
    parallelFor(geometry.groups * parts, threads: threads) { index in
      let (group, part) = (index / parts, index % parts)
      let rows = n >= m ? 0..<m : part * m / parts..<(part + 1) * m / parts
      let places = n >= m ? part * n / parts..<(part + 1) * n / parts : 0..<n
      gemm(
        m: rows.count, n: places.count, k: k,
        weights.baseAddress + (group * m + rows.lowerBound) * k, lda: k,
        matrix + group * k * n + places.lowerBound, ldb: n,
        output.baseAddress + (group * m + rows.lowerBound) * n + places.lowerBound, ldc: n)
    }
  }
}

extension ConvolutionGeometry {
  var groupFilters: Int { filters / groups }
  /// Numbers that one output sums over.
  var groupDepth: Int { channels / groups * size * size }
  var outPlane: Int { outHeight * outWidth }
  /// `3x3`
  var windowText: String { "\(size)x\(size)" }
}
