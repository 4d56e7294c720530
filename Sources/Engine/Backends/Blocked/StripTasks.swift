import PenumbraCompute

/// How a direct convolution is cut into tasks: strips of output rows, or of columns where the image
/// is a single row, and groups of filters. Results are the same bits however it is cut.
///
/// Strips come first: a thread that computes the same part of every layer finds most of its input in
/// its own cache.
struct StripTasks: Sendable {
  let strips: Int
  let unitGroups: Int
  /// Whether strips are of columns.
  private let isRow: Bool
  /// Rows or columns that stay together, and how many of them there are.
  private let step: Int
  private let steps: Int
  private let extent: Int
  private let outWidth: Int
  private let unitCount: Int

  var count: Int { strips * unitGroups }

  /// Input of a strip, so that it stays in a processor's own cache while filters pass over it.
  private static let stripBytes = 256 << 10
  /// Bytes of weights from which strips are larger, so that the weights are read less often.
  private static let manyWeightBytes = 1 << 20
  /// Bytes of weights from which filters are divided, where there is less input than weights.
  private static let dividedWeightBytes = 128 << 10
  private static let mostTasks = 48
  /// Tasks of a small convolution: smaller ones than those of large convolutions, as many of them
  /// as threads can divide evenly.
  private static let fewTasks = 8
  private static let smallerTasks = 32

  /// - Parameters:
  ///   - elementBytes: of a number of the input or the weights.
  ///   - taskProducts: multiplications of a task worth handing out, some ten microseconds.
  ///   - isShared: whether several threads divide the tasks, so that even small convolutions are cut.
  init(
    _ geometry: ConvolutionGeometry, _ units: FilterUnits, elementBytes: Int, taskProducts: Int,
    isShared: Bool
  ) {
    isRow = geometry.outHeight == 1
    extent = isRow ? geometry.outWidth : geometry.outHeight
    outWidth = geometry.outWidth
    unitCount = units.units.count
    // Whole tiles of the kernels; rows of which windows do not see too many twice.
    step = isRow ? Kernels.current.tilePixels : geometry.size > 1 ? 2 : 1
    steps = (extent + step - 1) / step
    let inputBytes = geometry.channels * geometry.height * geometry.width * elementBytes
    let weightBytes = units.weightCount * elementBytes
    let products = units.weightCount * geometry.outHeight * geometry.outWidth
    let few = isShared ? min(products * Self.smallerTasks / taskProducts, Self.fewTasks) : 1
    let wanted = min(max(products / taskProducts, few, 1), Self.mostTasks)

    let most = weightBytes > Self.manyWeightBytes ? 4 * Self.stripBytes : Self.stripBytes
    var strips = (inputBytes + most - 1) / most
    var groups = 1
    if strips < wanted {
      if weightBytes > max(inputBytes, Self.dividedWeightBytes) {
        groups = min(units.units.count, (wanted + strips - 1) / strips)
      } else {
        strips = wanted
      }
    }
    self.strips = max(1, min(strips, isRow ? steps / 2 : steps))
    unitGroups = groups
  }

  /// What is computed of the output in a strip.
  func part(_ strip: Int) -> (rows: Range<Int>, columns: Range<Int>) {
    let steps = Self.part(strip, of: strips, steps)
    let part = steps.lowerBound * step..<min(steps.upperBound * step, extent)
    return isRow ? (0..<1, part) : (part, 0..<outWidth)
  }

  func unitRange(_ group: Int) -> Range<Int> { Self.part(group, of: unitGroups, unitCount) }

  /// Part `index` of 0..<count in `parts` nearly equal ones.
  private static func part(_ index: Int, of parts: Int, _ count: Int) -> Range<Int> {
    count * index / parts..<count * (index + 1) / parts
  }

  /// Cells of the largest strip's input in one block, the border around the image included.
  func inputCells(_ geometry: ConvolutionGeometry) -> Int {
    let reach = (geometry.size - 1) * geometry.dilation + 1
    let most = min((steps + strips - 1) / strips * step, extent)
    let (rows, columns) = isRow ? (1, most) : (most, outWidth)
    return ((rows - 1) * geometry.strideY + reach) * ((columns - 1) * geometry.strideX + reach)
  }
}

/// The tasks of a convolution for one thread, which need not be many, and for several.
struct ThreadedTasks: Sendable {
  let alone: StripTasks
  let shared: StripTasks

  init(
    _ geometry: ConvolutionGeometry, _ units: FilterUnits, elementBytes: Int, taskProducts: Int
  ) {
    func tasks(isShared: Bool) -> StripTasks {
      StripTasks(
        geometry, units, elementBytes: elementBytes, taskProducts: taskProducts,
        isShared: isShared)
    }
    (alone, shared) = (tasks(isShared: false), tasks(isShared: true))
  }

  func of(threads: Int) -> StripTasks { threads > 1 ? shared : alone }

  /// The larger of what each of them needs.
  func most(_ need: (StripTasks) -> Int) -> Int { max(need(alone), need(shared)) }
}

extension ConvolutionGeometry {
  /// The same convolution over a single row, where windows are single pixels side by side.
  var asRow: ConvolutionGeometry {
    guard size == 1, strideX == 1, strideY == 1, !needsHalo, height == outHeight,
      width == outWidth
    else { return self }
    var row = self
    row.width *= row.height
    row.outWidth = row.width
    (row.height, row.outHeight) = (1, 1)
    return row
  }
}
