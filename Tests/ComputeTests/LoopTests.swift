import PenumbraCompute
import Testing

struct LoopTests {
  // MARK: Elementwise

  @Test(arguments: 0...70)
  func `adds, multiplies and scales any number of values`(count: Int) {
    let x = noise(count, seed: 1)
    let y = noise(count, seed: 2)
    for isa in everyTier {
      let kernels = Kernels(upTo: isa)
      var z = Guarded(count: count, offset: count % 4)
      z.withPointer { kernels.add(x, y, into: $0, count: count) }
      #expect(z.values == zip(x, y).map(+) && z.isIntact, "\(isa) add")
      z.withPointer { kernels.multiply(x, y, into: $0, count: count) }
      #expect(z.values == zip(x, y).map(*) && z.isIntact, "\(isa) multiply")
      z = Guarded(y, offset: count % 3)
      z.withPointer { kernels.add($0, x, into: $0, count: count) }
      #expect(z.values == zip(x, y).map(+) && z.isIntact, "\(isa) add in place")
      z = Guarded(y, offset: count % 3)
      z.withPointer { kernels.add(x, times: 0.5, to: $0, count: count) }
      #expect(z.values == zip(x, y).map { $0 * 0.5 + $1 } && z.isIntact, "\(isa) add scaled")
    }
  }

  @Test(arguments: [1, 5, 16, 67])
  func `scales and averages each channel`(count: Int) {
    let x = noise(3 * count)
    let scale: [Float] = [2, -1, 0.5]
    for isa in everyTier {
      var y = Guarded(count: 3 * count)
      var means = Guarded(count: 3)
      y.withPointer {
        Kernels(upTo: isa).scaleChannels(x, by: scale, into: $0, channels: 3, count: count)
      }
      means.withPointer { Kernels(upTo: isa).channelMeans(x, into: $0, channels: 3, count: count) }
      #expect(y.values == x.indices.map { x[$0] * scale[$0 / count] } && y.isIntact, "\(isa)")
      let expected = (0..<3).map { c in
        x[c * count..<(c + 1) * count].reduce(0, +) / Float(count)
      }
      #expect(excess(means.values, expected, absolute: 1e-6) == 0 && means.isIntact, "\(isa)")
    }
  }

  // MARK: Pools

  /// Height, width; size, stride x, stride y, top, left; output height, width.
  typealias PoolCase = (
    input: (Int, Int), size: Int, strides: (Int, Int), offsets: (Int, Int), output: (Int, Int)
  )
  private static let pools: [PoolCase] = [
    ((8, 8), 2, (2, 2), (0, 0), (4, 4)),
    ((13, 13), 2, (1, 1), (0, 0), (13, 13)),  // stride 1 keeps the size: windows end outside
    ((13, 13), 5, (1, 1), (2, 2), (13, 13)), ((13, 13), 13, (1, 1), (6, 6), (13, 13)),
    ((7, 9), 3, (3, 2), (1, 0), (4, 3)), ((1, 1), 1, (1, 1), (0, 0), (1, 1)),
    ((5, 70), 3, (2, 1), (1, 1), (5, 35)), ((4, 4), 2, (5, 5), (7, 7), (4, 4)),
    ((3, 5000), 40, (7, 1), (3, 1), (3, 700)), ((2, 2), 2100, (1, 1), (2099, 0), (3, 3)),
  ]

  @Test(arguments: pools)
  func `finds the largest cell of each window`(pool: PoolCase) {
    let x = noise(2 * pool.input.0 * pool.input.1)
    let expected = naive(pool, x) { $0.max() ?? -.greatestFiniteMagnitude }
    #expect(run(pool) { Reference.maxPool($0, x, into: $1, channels: $2) } == expected)
    for isa in everyTier {
      let got = run(pool) { Kernels(upTo: isa).maxPool($0, x, into: $1, channels: $2) }
      #expect(got == expected, "\(isa)")
    }
  }

  @Test(arguments: pools)
  func `averages the cells that each window has`(pool: PoolCase) {
    let x = noise(2 * pool.input.0 * pool.input.1)
    let expected = naive(pool, x) { cells in
      cells.isEmpty ? 0 : Float(cells.reduce(0) { $0 + Double($1) } / Double(cells.count))
    }
    let reference = run(pool) { Reference.averagePool($0, x, into: $1, channels: $2) }
    #expect(excess(reference, expected, absolute: 1e-7) == 0)
    for isa in everyTier {
      let got = run(pool) { Kernels(upTo: isa).averagePool($0, x, into: $1, channels: $2) }
      #expect(excess(got, expected, absolute: 1e-6) == 0, "\(isa)")
    }
  }

  // MARK: Resampling and channels

  @Test(arguments: 1...4, [1, 3, 17])
  func `repeats each cell when upsampling`(stride: Int, width: Int) {
    let height = 3
    let x = noise(2 * height * width)
    let expected = (0..<x.count * stride * stride).map { i -> Float in
      let (row, column) = (i / (width * stride), i % (width * stride))
      return x[row / stride * width + column / stride] * 0.5
    }
    for isa in everyTier {
      var y = Guarded(count: expected.count)
      y.withPointer {
        Kernels(upTo: isa).upsample(
          x, into: $0, channels: 2, height: height, width: width, stride: stride, scale: 0.5)
      }
      #expect(y.values == expected && y.isIntact, "\(isa)")
    }
  }

  @Test(arguments: [(6, 2), (7, 3), (3, 3), (4, 1)], [1, 37])
  func `takes the maximum of channels that are apart by the number of outputs`(
    channels: (all: Int, out: Int), count: Int
  ) {
    let x = noise(channels.all * count)
    let expected = (0..<channels.out * count).map { i in
      stride(from: i / count, to: channels.all, by: channels.out)
        .map { x[$0 * count + i % count] }.max()!
    }
    for isa in everyTier {
      var y = Guarded(count: expected.count)
      y.withPointer {
        Kernels(upTo: isa).maxout(
          x, into: $0, channels: channels.all, outChannels: channels.out, count: count)
      }
      #expect(y.values == expected && y.isIntact, "\(isa)")
    }
  }

  // MARK: Setup

  /// Both channels of a pool, one at a time.
  private func run(
    _ pool: PoolCase, _ body: (PoolWindow, UnsafeMutablePointer<Float>, Range<Int>) -> Void
  ) -> [Float] {
    let window = PoolWindow(
      channels: 2, height: pool.input.0, width: pool.input.1,
      outHeight: pool.output.0, outWidth: pool.output.1, size: pool.size,
      strideX: pool.strides.0, strideY: pool.strides.1, top: pool.offsets.0, left: pool.offsets.1)
    var y = Guarded(count: 2 * pool.output.0 * pool.output.1, offset: 1)
    y.withPointer {
      body(window, $0, 0..<1)
      body(window, $0, 1..<2)
    }
    #expect(y.isIntact)
    return y.values
  }

  private func naive(_ pool: PoolCase, _ x: [Float], _ summary: ([Float]) -> Float) -> [Float] {
    let (height, width) = pool.input
    return (0..<2 * pool.output.0 * pool.output.1).map { i in
      let c = i / (pool.output.0 * pool.output.1)
      let top = i / pool.output.1 % pool.output.0 * pool.strides.1 - pool.offsets.0
      let left = i % pool.output.1 * pool.strides.0 - pool.offsets.1
      let rows = (top..<top + pool.size).clamped(to: 0..<height)
      let columns = (left..<left + pool.size).clamped(to: 0..<width)
      return summary(rows.flatMap { y in columns.map { x[(c * height + y) * width + $0] } })
    }
  }
}
