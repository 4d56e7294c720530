import PenumbraCompute

/// A convolution of few planes, such as an image's, whose registers hold neighbouring pixels of a
/// filter; of every two by two outputs it may keep only the largest.
struct PlanarConvolution: PackingKernel {
  /// Weights are packed for these.
  private let kernels = Kernels.current
  private let geometry: ConvolutionGeometry
  private let strip: PlanarStrip
  private let epilogue: PackedEpilogue
  private let weights: PackedFloats
  private let tasks: ThreadedTasks

  private static let taskProducts = 2_000_000
  /// Input of a strip, so that it stays in the innermost cache, and its columns.
  private static let stripBytes = 32 << 10
  private static let stripColumns = 512

  /// Whether a direct convolution, whose registers hold filters, would not fill as many of them.
  static func suits(_ geometry: ConvolutionGeometry) -> Bool {
    Kernels.current.wide > channelBlock && geometry.filters <= 3 * channelBlock
      && fits(geometry, isPooled: false)
  }

  /// Whether 32 bits can name every cell of the smallest strip.
  static func fits(_ geometry: ConvolutionGeometry, isPooled: Bool) -> Bool {
    geometry.planarScratchFloats(smallestStrip(geometry, isPooled: isPooled)) < Int(Int32.max) / 2
  }

  init(_ convolution: Convolution, _ epilogue: PackedEpilogue, _ weights: Weights)
    throws(PlanError)
  {
    let (geometry, isPooled) = (convolution.geometry, epilogue.isPooled)
    self.geometry = geometry
    self.epilogue = epilogue
    strip = Self.strip(geometry, isPooled: isPooled)
    let units = FilterUnits(geometry, lanes: 1, widths: [1])
    var kept = geometry
    if isPooled { (kept.outHeight, kept.outWidth) = (kept.outHeight / 2, kept.outWidth / 2) }
    tasks = ThreadedTasks(
      kept, units, elementBytes: 4, taskProducts: Self.taskProducts / (isPooled ? 4 : 1))
    self.weights = try .words(convolution, units, weights, lanes: 1, wordChannels: 1) {
      filter, value in value * (epilogue.scales?[filter] ?? 1)
    }
  }

  private static func smallestStrip(
    _ geometry: ConvolutionGeometry, isPooled: Bool
  ) -> PlanarStrip {
    PlanarStrip(rows: isPooled ? 2 : 1, columns: min(geometry.outWidth, stripColumns))
  }

  private static func strip(_ geometry: ConvolutionGeometry, isPooled: Bool) -> PlanarStrip {
    let step = isPooled ? 2 : 1
    var strip = smallestStrip(geometry, isPooled: isPooled)
    while strip.rows + step <= geometry.outHeight {
      var larger = strip
      larger.rows += step
      guard 4 * geometry.planarScratchFloats(larger) <= stripBytes else { break }
      strip = larger
    }
    return strip
  }

  var algorithm: String? {
    "direct \(geometry.windowText)" + (epilogue.isPooled ? ", pooled" : "")
  }

  var packedBytes: Int { 4 * weights.count + epilogue.packedBytes }

  var threadScratchBytes: Int { 4 * geometry.planarScratchFloats(strip) }

  func run(_ call: borrowing KernelCall) {
    let (inputs, output) = (call.inputs, call.output)
    let scratch = call.scratch
    let tasks = tasks.of(threads: call.threads)
    call.parallel(call.batch * tasks.count) { index, thread in
      let (n, task) = (index / tasks.count, index % tasks.count)
      let (rows, columns) = tasks.part(task % tasks.strips)
      let blocks = tasks.unitRange(task / tasks.strips)
      kernels.convolvePlanar(
        geometry, strip, inputs[0].image(n), weights: weights.base, epilogue.values(inputs, n),
        into: output.image(n), blocks: blocks, rows: rows, columns: columns,
        scratch: scratch.thread(thread))
    }
  }
}

extension Convolution {
  /// The kernel that reads planes.
  func planarKernel(
    _ epilogue: PackedEpilogue, _ weights: PenumbraEngine.Weights
  ) throws(PlanError) -> any PackingKernel {
    if epilogue.isPooled || PlanarConvolution.suits(geometry) {
      return try PlanarConvolution(self, epilogue, weights)
    }
    return try DirectConvolution(self, epilogue, isPlanar: true, weights)
  }
}
