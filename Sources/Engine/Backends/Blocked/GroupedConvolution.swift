import PenumbraCompute

/// A convolution of small groups: depthwise, with or without a multiplier, and up to 8 channels a
/// group.
struct GroupedConvolution: PackingKernel {
  var algorithm: String? { "grouped \(geometry.windowText)" }
  /// Weights are packed for these.
  private let kernels = Kernels.current
  private let geometry: ConvolutionGeometry
  private let epilogue: PackedEpilogue
  private let packed: PackedLanes
  /// Columns that are computed at a time.
  private let band: Int
  /// Rows of a task, where one thread computes them all and where several do.
  private let rows: (alone: Int, shared: Int)

  /// The input rows of a band, which are read once for each row of the window.
  private static let bandBytes = 28 << 10
  /// Products of a task worth handing out, and rows, because tasks copy rows around theirs.
  private static let taskProducts = 400_000
  private static let taskRows = 8
  private static let wantedTasks = 16
  /// Strips that even small convolutions are cut into for several threads, and their rows at least:
  /// a thread finds the rows in its own cache that it computed a layer before.
  private static let sharedStrips = 2
  private static let sharedRows = 5

  /// Whether the dense kernel would multiply mostly by zeros, or fill only half a register, and cells
  /// that were copied for each channel of a group are read often enough.
  static func suits(_ geometry: ConvolutionGeometry) -> Bool {
    guard geometry.groups > 1 else { return false }
    return geometry.groupChannels < channelBlock
      || geometry.groupChannels == channelBlock && geometry.groupFilters == channelBlock
        && geometry.strideX == 1
  }

  init(_ convolution: Convolution, _ epilogue: PackedEpilogue, _ weights: Weights)
    throws(PlanError)
  {
    geometry = convolution.geometry
    self.epilogue = epilogue
    packed = try PackedLanes(convolution, epilogue.scales, weights, wide: kernels.wide)
    band = Self.band(geometry, cellFloats: packed.depth * kernels.wide)
    let (units, depth) = (packed.units.count, packed.depth * kernels.wide)
    rows = (
      Self.rows(geometry, units: units, depth: depth, isShared: false),
      Self.rows(geometry, units: units, depth: depth, isShared: true)
    )
  }

  static func band(_ geometry: ConvolutionGeometry, cellFloats: Int) -> Int {
    let reach = (geometry.size - 1) * geometry.dilation + 1
    let cells = bandBytes / (reach * cellFloats * 4)
    let most = max(1, (cells - reach) / geometry.strideX + 1)
    let bands = (geometry.outWidth + most - 1) / most
    return (geometry.outWidth + bands - 1) / bands
  }

  private static func rows(
    _ geometry: ConvolutionGeometry, units: Int, depth: Int, isShared: Bool
  ) -> Int {
    let taps = geometry.size * geometry.size
    let products = taps * depth * units * geometry.outHeight * geometry.outWidth
    let tasks = min(products / taskProducts, wantedTasks)
    var strips = max(1, min((tasks + units - 1) / units, geometry.outHeight / taskRows))
    if isShared { strips = max(strips, min(sharedStrips, geometry.outHeight / sharedRows)) }
    return ((geometry.outHeight + strips - 1) / strips).rounded(upTo: 2)
  }

  var packedBytes: Int { 4 * packed.weights.count + epilogue.packedBytes }

  var threadScratchBytes: Int {
    4 * geometry.groupedScratchFloats(packed.groups(band: band), wide: kernels.wide)
  }

  func run(_ call: borrowing KernelCall) {
    let (inputs, output) = (call.inputs, call.output)
    let rows = call.threads > 1 ? rows.shared : rows.alone
    let units = packed.units.count
    let count = (geometry.outHeight + rows - 1) / rows * units
    let groups = packed.groups(band: band)
    let scratch = call.scratch
    call.parallel(call.batch * count) { index, thread in
      let (n, task) = (index / count, index % count)
      let first = task / units * rows
      kernels.convolveGrouped(
        geometry, groups, packed.units[task % units], inputs[0].image(n),
        weights: packed.weights.base, epilogue.values(inputs, n), into: output.image(n),
        rows: first..<min(first + rows, geometry.outHeight),
        scratch: scratch.thread(thread))
    }
  }
}
