import PenumbraCompute
import Testing

/// Channels, height, width; size, stride x, stride y, padding, dilation.
typealias ConvolutionCase = (
  input: (Int, Int, Int), size: Int, strideX: Int, strideY: Int, padding: Int, dilation: Int
)

private let cases: [ConvolutionCase] = [
  ((3, 8, 8), 3, 1, 1, 1, 1), ((2, 13, 13), 3, 2, 2, 1, 1), ((1, 1, 1), 1, 1, 1, 0, 1),
  ((2, 7, 9), 1, 1, 1, 0, 1), ((2, 9, 7), 1, 2, 2, 0, 1), ((1, 5, 5), 5, 1, 1, 2, 1),
  ((2, 11, 34), 5, 2, 1, 2, 1), ((2, 10, 35), 3, 1, 2, 0, 2), ((1, 17, 19), 3, 3, 2, 4, 4),
  ((1, 3, 3), 7, 1, 1, 3, 1), ((2, 6, 6), 2, 2, 2, 0, 1), ((1, 10, 100), 4, 3, 1, 1, 3),
  ((1, 20, 20), 11, 4, 4, 2, 1), ((1, 4, 4), 3, 1, 1, 6, 1), ((1, 40, 65), 3, 1, 1, 1, 1),
]

struct ConvolutionTests {
  @Test(arguments: cases)
  func `unfolds what each tap sees`(convolution: ConvolutionCase) {
    let g = geometry(convolution)
    let x = noise(g.channels * g.height * g.width)
    for isa in everyTier {
      for rows in [0..<g.outHeight, g.outHeight / 2..<g.outHeight, 0..<1] {
        for channels in [0..<g.channels, g.channels - 1..<g.channels] {
          let columns = rows.count * g.outWidth
          let stride = columns + 3
          var got = Guarded(count: channels.count * g.size * g.size * stride - 3, offset: 1)
          got.withPointer {
            Kernels(upTo: isa).im2col(
              g, x, channels: channels, rows: rows, into: $0, rowStride: stride)
          }
          var isEqual = true
          for (row, tap) in taps(channels, g).enumerated() {
            for i in 0..<columns {
              let y = (rows.lowerBound + i / g.outWidth) * g.strideY + tap.y
              let x = cell(x, g, tap.c, y, i % g.outWidth * g.strideX + tap.x)
              isEqual = isEqual && got.values[row * stride + i] == x
            }
          }
          #expect(isEqual, "\(isa), rows \(rows), channels \(channels)")
          #expect(got.isIntact)
        }
      }
    }
  }

  @Test(arguments: cases, [1, 2])
  func `convolves depthwise like the reference`(convolution: ConvolutionCase, multiplier: Int) {
    var g = geometry(convolution)
    g.groups = g.channels
    g.filters = g.channels * multiplier
    let x = noise(g.channels * g.height * g.width)
    let weights = noise(g.filters * g.size * g.size, seed: 2)
    let plane = g.outHeight * g.outWidth
    var expected = [Float](repeating: .nan, count: g.filters * plane)
    Reference.convolution(g, x, weights: weights, into: &expected, filters: 0..<g.filters)
    for isa in everyTier {
      var got = Guarded(count: expected.count, offset: 3)
      got.withPointer { y in
        for filter in 0..<g.filters {
          Kernels(upTo: isa).depthwise(
            g, x, weights: weights, into: y, filters: filter..<filter + 1)
        }
      }
      #expect(excess(got.values, expected, absolute: 1e-5) == 0, "\(isa)")
      #expect(got.isIntact)
    }
  }

  @Test(arguments: [(1, 3000, 3, 1), (40, 300, 3, 64), (40, 40, 33, 1), (3, 9000, 5, 1)])
  func `convolves depthwise where rows exceed the strip`(
    height: Int, width: Int, size: Int, dilation: Int
  ) {
    let padding = size / 2 * dilation
    var g = geometry(((1, height, width), size, 1, 1, padding, dilation))
    g.groups = 1
    g.filters = 1
    let x = noise(height * width)
    let weights = noise(size * size, seed: 2)
    var expected = [Float](repeating: .nan, count: g.outHeight * g.outWidth)
    Reference.convolution(g, x, weights: weights, into: &expected, filters: 0..<1)
    for isa in everyTier {
      var got = Guarded(count: expected.count)
      got.withPointer {
        Kernels(upTo: isa).depthwise(g, x, weights: weights, into: $0, filters: 0..<1)
      }
      #expect(excess(got.values, expected, absolute: 1e-4) == 0, "\(isa)")
      #expect(got.isIntact)
    }
  }

  /// The reference against the definition, cell by cell.
  @Test(arguments: cases, [1, 2])
  func `sums the products of weights and cells`(convolution: ConvolutionCase, groups: Int) {
    var g = geometry(convolution)
    g.channels *= groups
    g.groups = groups
    g.filters = 3 * groups
    let depth = g.channels / groups
    let x = noise(g.channels * g.height * g.width)
    let weights = noise(g.filters * depth * g.size * g.size, seed: 2)
    var got = Guarded(count: g.filters * g.outHeight * g.outWidth)
    got.withPointer {
      Reference.convolution(g, x, weights: weights, into: $0, filters: 0..<2)
      Reference.convolution(g, x, weights: weights, into: $0, filters: 2..<g.filters)
    }
    let expected = (0..<got.count).map { i -> Float in
      let (f, oy, ox) = (
        i / (g.outHeight * g.outWidth), i / g.outWidth % g.outHeight, i % g.outWidth
      )
      let first = f / 3 * depth
      let sum = taps(first..<first + depth, g).enumerated().reduce(0.0) { sum, tap in
        let x = cell(
          x, g, tap.element.c, oy * g.strideY + tap.element.y, ox * g.strideX + tap.element.x)
        return sum + Double(x) * Double(weights[f * depth * g.size * g.size + tap.offset])
      }
      return Float(sum)
    }
    #expect(excess(got.values, expected, absolute: 1e-6) == 0)
    #expect(got.isIntact)
  }

  @Test func `multiplies a matrix and a vector`() {
    let x: [Float] = [1, -2, 3]
    let weights: [Float] = [1, 0, 0, 1, 1, 1, 0.5, 0.25, -1]
    var y: [Float] = [9, 9, 9]
    Reference.connected(x, weights: weights, into: &y, inputs: 3, outputs: 1..<3)
    #expect(y == [9, 2, -3])
  }

  // MARK: Setup

  private func geometry(_ c: ConvolutionCase) -> ConvolutionGeometry {
    func extent(_ cells: Int, _ stride: Int) -> Int {
      (cells + 2 * c.padding - (c.size - 1) * c.dilation - 1) / stride + 1
    }
    return ConvolutionGeometry(
      channels: c.input.0, height: c.input.1, width: c.input.2, filters: 1,
      outHeight: extent(c.input.1, c.strideY), outWidth: extent(c.input.2, c.strideX),
      size: c.size, strideX: c.strideX, strideY: c.strideY, padding: c.padding,
      dilation: c.dilation, groups: 1)
  }

  /// The channel of each tap and its distance from the window's origin, in weight order.
  private func taps(
    _ channels: Range<Int>, _ g: ConvolutionGeometry
  ) -> [(c: Int, y: Int, x: Int)] {
    channels.flatMap { c in
      (0..<g.size * g.size).map {
        (c, $0 / g.size * g.dilation - g.padding, $0 % g.size * g.dilation - g.padding)
      }
    }
  }

  private func cell(
    _ values: [Float], _ g: ConvolutionGeometry, _ c: Int, _ y: Int, _ x: Int
  ) -> Float {
    guard (0..<g.height).contains(y), (0..<g.width).contains(x) else { return 0 }
    return values[(c * g.height + y) * g.width + x]
  }
}
