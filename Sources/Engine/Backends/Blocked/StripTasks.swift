import PenumbraCompute

/// How a direct convolution is cut into tasks, by the shapes alone: strips of output rows, or of
/// columns where the image is a single row, and groups of filters.
struct StripTasks: Sendable {
  /// Rows of a strip; columns of one, where the image is a single row.
  private(set) var rows: Int
  private(set) var columns: Int
  /// Units of filters in a group.
  private(set) var units: Int
  private(set) var strips: Int
  private(set) var unitGroups: Int
  private let outHeight: Int
  private let outWidth: Int
  private let unitCount: Int

  var count: Int { strips * unitGroups }

  /// Input of a strip, so that it stays in a processor's own cache while filters pass over it.
  private static let stripBytes = 256 << 10
  /// Bytes of weights from which strips are larger, so that the weights are read less often.
  private static let manyWeightBytes = 1 << 20

  /// - Parameters:
  ///   - elementBytes: of a number of the input or the weights.
  ///   - taskProducts: multiplications of a task worth handing out, some tens of microseconds.
  init(
    _ geometry: ConvolutionGeometry, _ units: FilterUnits, elementBytes: Int, taskProducts: Int
  ) {
    let isRow = geometry.outHeight == 1
    let extent = isRow ? geometry.outWidth : geometry.outHeight
    let inputBytes = geometry.channels * geometry.height * geometry.width * elementBytes
    let weightBytes = units.weightCount * elementBytes
    let products = units.weightCount * geometry.outHeight * geometry.outWidth
    let wanted = min(max(products / taskProducts, 1), 48)

    let most = weightBytes > Self.manyWeightBytes ? 4 * Self.stripBytes : Self.stripBytes
    var strips = (inputBytes + most - 1) / most
    var groups = 1
    if strips < wanted {
      if weightBytes > inputBytes {
        groups = min(units.units.count, (wanted + strips - 1) / strips)
      } else {
        strips = wanted
      }
    }
    // Not less than a row or some tiles of pixels.
    let least = isRow ? 24 : geometry.size > 1 ? 2 : 1
    strips = max(1, min(strips, extent / least))
    let size = (extent + strips - 1) / strips
    self.units = (units.units.count + groups - 1) / groups
    rows = isRow ? 1 : size
    columns = isRow ? size : geometry.outWidth
    self.strips = (extent + size - 1) / size
    unitGroups = (units.units.count + self.units - 1) / self.units
    (outHeight, outWidth) = (geometry.outHeight, geometry.outWidth)
    unitCount = units.units.count
  }

  /// What is computed of the output in a strip.
  func part(_ strip: Int) -> (rows: Range<Int>, columns: Range<Int>) {
    guard outHeight == 1 else { return (Self.part(strip, rows, outHeight), 0..<outWidth) }
    return (0..<1, Self.part(strip, columns, outWidth))
  }

  func unitRange(_ group: Int) -> Range<Int> { Self.part(group, units, unitCount) }

  /// Part `index` of 0..<count in parts of `size`.
  private static func part(_ index: Int, _ size: Int, _ count: Int) -> Range<Int> {
    index * size..<min((index + 1) * size, count)
  }

  /// Cells of the largest strip's input in one block, the border around the image included.
  func inputCells(_ geometry: ConvolutionGeometry) -> Int {
    let reach = (geometry.size - 1) * geometry.dilation + 1
    return ((rows - 1) * geometry.strideY + reach) * ((columns - 1) * geometry.strideX + reach)
  }
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
