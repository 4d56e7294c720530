import PenumbraCompute

/// A 3x3 convolution by Winograd's F(4x4, 3x3): 36 products for 16 outputs instead of 144.
///
/// The points are 0, ±√½, ±√2 and infinity, which lose less than 0, ±1, ±2 (kernels.md).
struct WinogradConvolution: Kernel {
  /// Weights are packed for these.
  private let kernels = Kernels.current
  private let geometry: ConvolutionGeometry
  private let epilogue: PackedEpilogue
  private let units: FilterUnits
  private let weights: PackedFloats
  /// Tiles that are transformed and multiplied at a time.
  private let room: Int
  /// Whether each thread carries its own tiles through; otherwise all share one block of them, so
  /// that large weights are read once.
  private let isPrivate: Bool

  private static let coefficients = 36
  /// Weights that stay in a processor's own cache together with a block of tiles.
  private static let smallWeightBytes = 1 << 20
  private static let privateBytes = 1 << 20
  private static let sharedBytes = (small: 12 << 20, large: 24 << 20)
  private static let hugeWeightBytes = 8 << 20

  static func suits(_ geometry: ConvolutionGeometry) -> Bool {
    geometry.size == 3 && geometry.strideX == 1 && geometry.strideY == 1
      && geometry.dilation == 1 && geometry.groups == 1 && geometry.channels >= 16
      && geometry.filters >= 16 && tiles(geometry) >= 4
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
    let wide = kernels.wide
    var product = geometry
    product.size = 1
    product.filters = product.filters.rounded(upTo: wide)
    let units = FilterUnits(
      product, lanes: wide, widths: kernels.unitWidths.filter { $0 * channelBlock >= wide })
    product.filters = geometry.filters
    self.units = units

    let bytes = Self.coefficients * units.weightCount * 4
    isPrivate = bytes <= Self.smallWeightBytes
    let budget =
      isPrivate
      ? Self.privateBytes
      : bytes > Self.hugeWeightBytes ? Self.sharedBytes.large : Self.sharedBytes.small
    let tiles = Self.tiles(geometry)
    let most = max(24, budget / (Self.tileFloats(geometry, wide) * 4))
    let least = isPrivate ? 8 : 1
    let blocks = max((tiles + most - 1) / most, min(least, tiles / 24), 1)
    room = (tiles + blocks - 1) / blocks

    self.weights = try convolution.withWeights(weights) { raw throws(PlanError) in
      try PackedFloats(
        count: Self.coefficients * units.weightCount, parts: units.units.count
      ) { part, base in
        let unit = units.units[part]
        let width = Int(unit.width) * channelBlock
        units.eachFilter(of: unit, product, lanes: wide) {
          filter, channel, block, lane, column in
          Self.transform(
            raw + (filter * geometry.channels + channel) * 9,
            scale: Double(epilogue.scales?[filter] ?? 1),
            into: base + unit.weights + (block * wide + lane) * width + column,
            stride: units.weightCount)
        }
      }
    }
  }

  /// Floats of one tile's coefficients, of input and output.
  private static func tileFloats(_ geometry: ConvolutionGeometry, _ wide: Int) -> Int {
    coefficients * (geometry.channels.rounded(upTo: wide) + geometry.filters.rounded(upTo: wide))
  }

  /// G w Gᵀ in double, G row by row for each point.
  private static func transform(
    _ w: UnsafePointer<Float>, scale: Double, into u: UnsafeMutablePointer<Float>, stride: Int
  ) {
    let root = 2.0.squareRoot()
    func points(_ a: Double, _ b: Double, _ c: Double) -> (
      Double, Double, Double, Double, Double, Double
    ) {
      (
        a, -(a + c / 2) / 1.5 - b * root / 3, -(a + c / 2) / 1.5 + b * root / 3,
        a / 6 + b * root / 6 + c / 3, a / 6 - b * root / 6 + c / 3, c
      )
    }
    func store(
      _ row: Int, _ v: (Double, Double, Double, Double, Double, Double)
    ) {
      u[row * 6 * stride] = Float(v.0 * scale)
      u[(row * 6 + 1) * stride] = Float(v.1 * scale)
      u[(row * 6 + 2) * stride] = Float(v.2 * scale)
      u[(row * 6 + 3) * stride] = Float(v.3 * scale)
      u[(row * 6 + 4) * stride] = Float(v.4 * scale)
      u[(row * 6 + 5) * stride] = Float(v.5 * scale)
    }
    let left = points(Double(w[0]), Double(w[3]), Double(w[6]))
    let middle = points(Double(w[1]), Double(w[4]), Double(w[7]))
    let right = points(Double(w[2]), Double(w[5]), Double(w[8]))
    store(0, points(left.0, middle.0, right.0))
    store(1, points(left.1, middle.1, right.1))
    store(2, points(left.2, middle.2, right.2))
    store(3, points(left.3, middle.3, right.3))
    store(4, points(left.4, middle.4, right.4))
    store(5, points(left.5, middle.5, right.5))
  }

  // MARK: Scratch

  /// Wide registers of a tile's coefficients.
  private var inputCount: Int { (geometry.channels + kernels.wide - 1) / kernels.wide }
  private var outputCount: Int { (geometry.filters + kernels.wide - 1) / kernels.wide }
  private var offsetBytes: Int { (inputCount * 4 + 63) / 64 * 64 }
  private var blockBytes: Int { Self.tileFloats(geometry, kernels.wide) * room * 4 }

  var threadScratchBytes: Int { offsetBytes + (isPrivate ? blockBytes : 0) }
  var sharedScratchBytes: Int { isPrivate ? 0 : blockBytes }

  // MARK: Execution

  func run(_ call: borrowing KernelCall) {
    let tiles = Self.tiles(geometry)
    let blocks = (tiles + room - 1) / room
    let (inputs, output) = (call.inputs, call.output)
    let scratch = (
      base: call.threadScratch(0), bytes: call.threadScratch(1) - call.threadScratch(0)
    )
    if isPrivate {
      call.parallel(call.batch * blocks) { index, thread in
        let (n, block) = (index / blocks, index % blocks)
        let range = block * room..<min((block + 1) * room, tiles)
        let offsets = scratch.base + thread * scratch.bytes
        let v = (offsets + offsetBytes).assumingMemoryBound(to: Float.self)
        for channels in 0..<inputCount { transform(inputs[0].image(n), channels, range, v) }
        for coefficient in 0..<Self.coefficients {
          multiply(coefficient, 0..<units.units.count, range.count, v, offsets)
        }
        for filters in 0..<outputCount {
          finish(output.image(n), filters, range, v, epilogue.values(inputs, n))
        }
      }
      return
    }
    let v = call.sharedScratch.assumingMemoryBound(to: Float.self)
    let groups = min(4, (units.units.count + 3) / 4)
    let groupUnits = (units.units.count + groups - 1) / groups
    for n in 0..<call.batch {
      for block in 0..<blocks {
        let range = block * room..<min((block + 1) * room, tiles)
        call.parallel(inputCount) { channels, _ in
          transform(inputs[0].image(n), channels, range, v)
        }
        call.parallel(Self.coefficients * groups) { index, thread in
          let first = index % groups * groupUnits
          let last = min(first + groupUnits, units.units.count)
          guard first < last else { return }
          multiply(
            index / groups, first..<last, range.count, v, scratch.base + thread * scratch.bytes)
        }
        call.parallel(outputCount) { filters, _ in
          finish(output.image(n), filters, range, v, epilogue.values(inputs, n))
        }
      }
    }
  }

  /// - Parameter part: which wide register of channels.
  private func transform(
    _ image: UnsafePointer<Float>, _ part: Int, _ tiles: Range<Int>,
    _ v: UnsafeMutablePointer<Float>
  ) {
    kernels.winogradInput(
      geometry, image, block: part * kernels.wide / channelBlock, tiles: tiles,
      into: v + part * room * kernels.wide, stride: inputCount * room * kernels.wide)
  }

  /// The coefficients of the output stand behind those of the input.
  private func outputCoefficients(_ v: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Float> {
    v + Self.coefficients * inputCount * room * kernels.wide
  }

  private func multiply(
    _ coefficient: Int, _ part: Range<Int>, _ count: Int, _ v: UnsafeMutablePointer<Float>,
    _ offsets: UnsafeMutableRawPointer
  ) {
    units.units.withUnsafeBufferPointer { units in
      kernels.multiplyCoefficients(
        units: UnsafeBufferPointer(rebasing: units[part]),
        v + coefficient * inputCount * room * kernels.wide, room: room,
        weights: weights.base + coefficient * self.units.weightCount,
        into: outputCoefficients(v) + coefficient * outputCount * room * kernels.wide,
        count: count, scratch: offsets)
    }
  }

  /// - Parameter part: which wide register of filters.
  private func finish(
    _ image: UnsafeMutablePointer<Float>, _ part: Int, _ tiles: Range<Int>,
    _ v: UnsafeMutablePointer<Float>, _ epilogue: BlockedEpilogue
  ) {
    kernels.winogradOutput(
      geometry, outputCoefficients(v) + part * room * kernels.wide,
      stride: outputCount * room * kernels.wide, tiles: tiles,
      block: part * kernels.wide / channelBlock, epilogue, into: image)
  }
}

extension Int {
  /// The next multiple of `unit` that is not below.
  func rounded(upTo unit: Int) -> Int { (self + unit - 1) / unit * unit }
}
