import PenumbraCompute

/// A convolution as sums over the blocked input itself, tile by tile of pixels and filters; strips of
/// rows are copied with zeros around them where windows reach beyond the image.
struct DirectConvolution: PackingKernel {
  var algorithm: String? { "direct \(geometry.windowText)" }
  /// Weights are packed for these.
  private let kernels = Kernels.current
  private let geometry: ConvolutionGeometry
  private let isPlanar: Bool
  var epilogue: PackedEpilogue
  private let units: FilterUnits
  private let weights: PackedFloats
  private let tasks: ThreadedTasks

  private static let taskProducts = 2_000_000

  init(
    _ convolution: Convolution, _ epilogue: PackedEpilogue, isPlanar: Bool, _ weights: Weights
  ) throws(PlanError) {
    let geometry = convolution.geometry.asRow
    self.geometry = geometry
    self.isPlanar = isPlanar
    self.epilogue = epilogue
    let lanes = isPlanar ? 1 : channelBlock
    let units = FilterUnits(geometry, lanes: lanes, widths: kernels.unitWidths)
    self.units = units
    tasks = ThreadedTasks(geometry, units, elementBytes: 4, taskProducts: Self.taskProducts)

    self.weights = try .words(convolution, units, weights, lanes: lanes, wordChannels: 1) {
      filter, value in value * (epilogue.scales?[filter] ?? 1)
    }
  }

  var packedBytes: Int { 4 * weights.count + epilogue.packedBytes }

  var threadScratchBytes: Int {
    let lanes = isPlanar ? 1 : channelBlock
    let blocks = (geometry.channels + lanes - 1) / lanes
    let table = (blocks * geometry.size * geometry.size + 15) / 16 * 64
    guard geometry.needsHalo else { return table }
    return table + blocks * tasks.most { $0.inputCells(geometry) } * lanes * 4
  }

  func run(_ call: borrowing KernelCall) {
    let (inputs, output) = (call.inputs, call.output)
    let scratch = call.scratch
    let tasks = tasks.of(threads: call.threads)
    units.units.withUnsafeBufferPointer { units in
      call.parallel(call.batch * tasks.count) { index, thread in
        let (n, task) = (index / tasks.count, index % tasks.count)
        let (strip, group) = (task % tasks.strips, task / tasks.strips)
        let part = tasks.part(strip)
        kernels.convolveBlocked(
          geometry, isPlanar: isPlanar,
          units: UnsafeBufferPointer(rebasing: units[tasks.unitRange(group)]),
          inputs[0].image(n), weights: weights.base, epilogue.values(inputs, n),
          into: output.image(n), rows: part.rows, columns: part.columns,
          scratch: scratch.thread(thread))
      }
    }
  }
}
