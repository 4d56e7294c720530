import PenumbraAnalysis
import Testing

struct BlockTests {
  private func blocks(_ body: (inout Sketch, Int) -> Int) throws -> [Block] {
    var sketch = Sketch()
    let base = sketch.conv(-1, 16, size: 3, stride: 2)
    sketch.classifier(body(&sketch, base))
    return try Anatomy(sketch.graph()).blocks
  }

  @Test func `residual blocks by their convolutions`() throws {
    let kinds = try blocks { sketch, base in
      let basic = sketch.add(sketch.conv(sketch.conv(base, 16, size: 3), 16, size: 3), base)
      let darknet = sketch.add(sketch.conv(sketch.conv(basic, 8), 16, size: 3), basic)
      let resnet = sketch.residual(darknet, middle: 4)
      let wide = sketch.residual(resnet, middle: 16)
      let resnext = sketch.residual(wide, middle: 16, groups: 4)
      let mobile = sketch.residual(resnext, middle: 32, groups: 32)
      return mobile
    }.map(\.kind)
    #expect(
      kinds == [
        .basic, .bottleneck, .bottleneck, .residual, .resNeXt(groups: 4), .inverted,
      ])
  }

  @Test func `a gate is no part of what a residual block computes`() throws {
    let blocks = try blocks { sketch, base in
      let computed = sketch.conv(sketch.conv(base, 16, size: 3), 16, size: 3)
      return sketch.add(sketch.squeeze(computed, to: 4), base)
    }
    #expect(blocks.map(\.kind) == [.basic])
    #expect(blocks[0].layers.count == 7)
  }

  @Test func `a sum over one convolution is no block`() throws {
    let blocks = try blocks { sketch, base in
      sketch.add(sketch.conv(base, 16, size: 3), base)
    }
    #expect(blocks.isEmpty)
  }

  @Test(arguments: [1, 2])
  func `dense layers by their branches`(ways: Int) throws {
    let blocks = try blocks { sketch, base in
      var layer = base
      for _ in 0..<3 { layer = ways == 1 ? sketch.dense(layer, 4) : sketch.twoWay(layer, 4) }
      return sketch.conv(layer, 32)
    }
    #expect(
      blocks.map(\.kind)
        == Array(
          repeating: .dense(growth: 4 * ways, ways: ways, isSparse: false, isGrouped: false),
          count: 3))
  }

  @Test func `dense layers that skip sources are sparse`() throws {
    let blocks = try blocks { sketch, base in
      // SparsePeleeNet: layer i reads s(i-1), s(i-2), s(i-4); the transition reads all.
      var sources = [base]
      for i in 1...4 {
        let read = [i - 1, i - 2, i - 4].filter { $0 >= 0 }.map { sources[$0] }
        let input =
          switch read.count {
          case 1: read[0]
          case 2: sketch.join(read[0], read[1])
          default: sketch.join(read[0], read[1], read[2])
          }
        let p = sketch.conv(sketch.conv(sketch.conv(input, 4), 4, size: 3), 4, size: 3)
        let q = sketch.conv(sketch.conv(input, 4), 4, size: 3)
        sources.append(sketch.join(p, q))
      }
      let all = sketch.join(sources[4], sources[3], sources[2], sources[1], sources[0])
      return sketch.conv(all, 32)
    }
    #expect(blocks.count == 4)
    #expect(
      blocks.allSatisfy { $0.kind == .dense(growth: 8, ways: 2, isSparse: true, isGrouped: false) })
  }

  @Test func `modules are named with what they read`() throws {
    var sketch = Sketch()
    let base = sketch.conv(-1, 16, size: 3, stride: 2)
    let pools = [5, 9, 13].map { sketch.pool(base, size: $0, stride: 1) }
    let pyramid = sketch.conv(sketch.join(pools[2], pools[1], pools[0], base), 16)
    // Pools of pools see as much.
    let first = sketch.pool(pyramid, size: 5, stride: 1)
    let second = sketch.pool(first, size: 5, stride: 1)
    let chained = sketch.conv(sketch.join(second, first, pyramid), 16)
    sketch.classifier(sketch.squeeze(sketch.attention(chained), to: 4))
    #expect(
      try Anatomy(sketch.graph()).modules.map(\.description) == [
        "SPP 5, 9, 13 over 32x32x16", "SPP 5, 9 over 32x32x16", "SAM over 32x32x16",
        "SE 16 to 4 over 32x32x16",
      ])
  }
}
