import PenumbraCompute

/// A 3x3 convolution with stride 2 by Winograd's F(4x4, 2x2) on the four parities of its cells: 81
/// products for 16 outputs instead of 144 (`winograd_strided.c`).
struct StridedWinogradConvolution: Kernel {
  let algorithm: String? = "winograd 4x4, stride 2"
  /// Weights are packed for these.
  private let kernels = Kernels.current
  private let geometry: ConvolutionGeometry
  private let epilogue: PackedEpilogue
  private let products: [Product]
  private let weights: PackedFloats
  /// Tiles that are transformed and multiplied at a time.
  private let room: Int
  /// Whether each thread carries its own tiles through; otherwise all share one block of them, so
  /// that large weights are read once.
  private let isPrivate: Bool

  /// The product of one coefficient.
  private struct Product {
    /// The parities that have it, in the order of their slots.
    let parities: [Parity]
    let units: FilterUnits
    /// Floats from the start of all weights to this coefficient's.
    let offset: Int
  }

  /// Which cells of the input: rows and columns that meet taps 0 and 2, or those that meet tap 1.
  private struct Parity {
    let hasTwoRows: Bool
    let hasTwoColumns: Bool
  }

  private static let coefficients = 25
  private static let smallWeightBytes = 1 << 20
  private static let privateBytes = 1 << 20
  private static let sharedBytes = 12 << 20

  static func suits(_ geometry: ConvolutionGeometry) -> Bool {
    geometry.size == 3 && geometry.strideX == 2 && geometry.strideY == 2
      && geometry.dilation == 1 && geometry.groups == 1 && geometry.channels >= 32
      && geometry.filters >= 32 && tiles(geometry) >= 24
  }

  /// What it saves, as the time of so many multiply-adds of a register.
  static func gain(_ geometry: ConvolutionGeometry, _ shape: KernelShape) -> Double {
    let pairs = Double(
      geometry.channels.rounded(upTo: shape.wide) * geometry.filters.rounded(upTo: shape.wide)
        / shape.wide)
    let direct = 9 * Double(geometry.outHeight * geometry.outWidth)
    let (products, read) = (1.1 * Double(tiles(geometry)), 0.8 * Double(shape.wide))
    return pairs * (direct - 81 * (products + read))
  }

  /// Bytes that transformed weights take beyond what the weights take as they are.
  static func keptBytes(_ geometry: ConvolutionGeometry, _ kernels: Kernels) -> Int {
    let count =
      geometry.channels.rounded(upTo: kernels.wide) * geometry.filters.rounded(upTo: kernels.wide)
    return 4 * (81 - 9) * count
  }

  private static func tiles(_ geometry: ConvolutionGeometry) -> Int {
    (geometry.outHeight + 3) / 4 * ((geometry.outWidth + 3) / 4)
  }

  init(_ convolution: Convolution, _ epilogue: PackedEpilogue, _ weights: Weights)
    throws(PlanError)
  {
    let geometry = convolution.geometry
    self.geometry = geometry
    self.epilogue = epilogue
    let products = Self.products(geometry, kernels)
    self.products = products
    let weightCount = products.last.map { $0.offset + $0.units.weightCount } ?? 0

    isPrivate = weightCount * 4 <= Self.smallWeightBytes
    let tiles = Self.tiles(geometry)
    let budget = isPrivate ? Self.privateBytes : Self.sharedBytes
    let most = max(24, budget / (Self.tileFloats(geometry, kernels.wide) * 4))
    let least = isPrivate ? 8 : 1
    let blocks = max((tiles + most - 1) / most, min(least, tiles / 24), 1)
    room = (tiles + blocks - 1) / blocks

    let wide = kernels.wide
    self.weights = try convolution.withWeights(weights) { raw throws(PlanError) in
      try PackedFloats(count: weightCount, parts: products.count) { part, base in
        let product = products[part]
        for unit in product.units.units {
          let first = Int(unit.outputBlock) * channelBlock
          let width = Int(unit.width) * channelBlock
          for filter in first..<min(first + width, geometry.filters) {
            let scale = Double(epilogue.scales?[filter] ?? 1)
            for channel in 0..<geometry.channels {
              let taps = raw + (filter * geometry.channels + channel) * 9
              for (slot, parity) in product.parities.enumerated() {
                let input = slot * geometry.channels.rounded(upTo: wide) + channel
                base[product.offset + unit.weights + input * width + filter - first] =
                  Float(scale * Self.coefficient(part, parity, taps))
              }
            }
          }
        }
      }
    }
  }

  private static func products(
    _ geometry: ConvolutionGeometry, _ kernels: Kernels
  ) -> [Product] {
    let widths = kernels.unitWidths.filter { $0 * channelBlock >= kernels.wide }
    var product = geometry
    product.size = 1
    product.filters = product.filters.rounded(upTo: kernels.wide)
    var offset = 0
    return (0..<coefficients).map { coefficient in
      // At infinity, the last row or column, one tap leaves nothing.
      let rows = coefficient / 5 < 4 ? [true, false] : [true]
      let columns = coefficient % 5 < 4 ? [true, false] : [true]
      let parities = rows.flatMap { row in
        columns.map { Parity(hasTwoRows: row, hasTwoColumns: $0) }
      }
      product.channels = parities.count * geometry.channels.rounded(upTo: kernels.wide)
      let units = FilterUnits(product, lanes: kernels.wide, widths: widths)
      defer { offset += units.weightCount }
      return Product(parities: parities, units: units, offset: offset)
    }
  }

  /// G w Gᵀ at one coefficient, for the taps of one parity.
  private static func coefficient(
    _ index: Int, _ parity: Parity, _ w: UnsafePointer<Float>
  ) -> Double {
    func column(_ row: Int) -> Double {
      parity.hasTwoColumns
        ? point(index % 5, Double(w[row * 3]), Double(w[row * 3 + 2]))
        : point(index % 5, Double(w[row * 3 + 1]), 0)
    }
    return parity.hasTwoRows
      ? point(index / 5, column(0), column(2)) : point(index / 5, column(1), 0)
  }

  /// Two taps at a point, over the product of its distances from the others.
  private static func point(_ index: Int, _ first: Double, _ second: Double) -> Double {
    switch index {
    case 0: (first + 0.5 * second) / -2
    case 1: (first - 0.5 * second) / 2
    case 2: (first + 1.5 * second) / 6
    case 3: (first - 1.5 * second) / -6
    default: second
    }
  }

  // MARK: Scratch

  /// Floats of one tile's coefficients: four parities of the input, and the output.
  private static func tileFloats(_ geometry: ConvolutionGeometry, _ wide: Int) -> Int {
    coefficients
      * (4 * geometry.channels.rounded(upTo: wide) + geometry.filters.rounded(upTo: wide))
  }

  /// Wide registers of a tile's coefficients, of one parity of the input and of the output.
  private var inputCount: Int { (geometry.channels + kernels.wide - 1) / kernels.wide }
  private var outputCount: Int { (geometry.filters + kernels.wide - 1) / kernels.wide }
  private var slot: Int { inputCount * room * kernels.wide }
  /// Floats from one coefficient to the next: an odd number of cache lines, so that what a tile
  /// stores is spread over the cache's sets.
  private var inputStride: Int { Self.oddLines(4 * slot) }
  private var outputStride: Int { Self.oddLines(outputCount * room * kernels.wide) }
  private static func oddLines(_ floats: Int) -> Int { ((floats + 15) / 16 | 1) * 16 }
  private var offsetBytes: Int { (4 * inputCount * 4 + 63) / 64 * 64 }
  private var blockBytes: Int { Self.coefficients * (inputStride + outputStride) * 4 }

  var threadScratchBytes: Int { offsetBytes + (isPrivate ? blockBytes : 0) }
  var sharedScratchBytes: Int { isPrivate ? 0 : blockBytes }

  // MARK: Execution

  func run(_ call: borrowing KernelCall) {
    let tiles = Self.tiles(geometry)
    let blocks = (tiles + room - 1) / room
    let (inputs, output) = (call.inputs, call.output)
    let scratch = call.scratch
    if isPrivate {
      call.parallel(call.batch * blocks) { index, thread in
        let (n, block) = (index / blocks, index % blocks)
        let range = block * room..<min((block + 1) * room, tiles)
        let offsets = scratch.thread(thread)
        let v = (offsets + offsetBytes).assumingMemoryBound(to: Float.self)
        for part in 0..<inputCount { transform(inputs[0].image(n), part, range, v) }
        for coefficient in 0..<Self.coefficients { multiply(coefficient, range.count, v, offsets) }
        for part in 0..<outputCount {
          finish(output.image(n), part, range, v, epilogue.values(inputs, n))
        }
      }
      return
    }
    let v = call.sharedScratch.assumingMemoryBound(to: Float.self)
    for n in 0..<call.batch {
      for block in 0..<blocks {
        let range = block * room..<min((block + 1) * room, tiles)
        call.parallel(inputCount) { part, _ in transform(inputs[0].image(n), part, range, v) }
        call.parallel(Self.coefficients) { coefficient, thread in
          multiply(coefficient, range.count, v, scratch.thread(thread))
        }
        call.parallel(outputCount) { part, _ in
          finish(output.image(n), part, range, v, epilogue.values(inputs, n))
        }
      }
    }
  }

  /// - Parameter part: which wide register of channels.
  private func transform(
    _ image: UnsafePointer<Float>, _ part: Int, _ tiles: Range<Int>,
    _ v: UnsafeMutablePointer<Float>
  ) {
    kernels.winogradStridedInput(
      geometry, image, block: part * kernels.wide / channelBlock, tiles: tiles,
      into: v + part * room * kernels.wide, stride: inputStride, slot: slot)
  }

  /// The coefficients of the output stand behind those of the input.
  private func outputCoefficients(_ v: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Float> {
    v + Self.coefficients * inputStride
  }

  private func multiply(
    _ coefficient: Int, _ count: Int, _ v: UnsafeMutablePointer<Float>,
    _ offsets: UnsafeMutableRawPointer
  ) {
    let product = products[coefficient]
    product.units.units.withUnsafeBufferPointer { units in
      kernels.multiplyCoefficients(
        units: units, v + coefficient * inputStride, room: room,
        weights: weights.base + product.offset,
        into: outputCoefficients(v) + coefficient * outputStride, count: count,
        scratch: offsets)
    }
  }

  /// - Parameter part: which wide register of filters.
  private func finish(
    _ image: UnsafeMutablePointer<Float>, _ part: Int, _ tiles: Range<Int>,
    _ v: UnsafeMutablePointer<Float>, _ epilogue: BlockedEpilogue
  ) {
    kernels.winogradStridedOutput(
      geometry, outputCoefficients(v) + part * room * kernels.wide,
      stride: outputStride, tiles: tiles,
      block: part * kernels.wide / channelBlock, epilogue, into: image)
  }
}
