import PenumbraAnalysis
import Testing

struct PyramidTests {
  private func pyramid(_ body: (inout Sketch, [Int]) -> Void) throws -> Pyramid {
    var sketch = Sketch(side: 128)
    let taps = sketch.backbone(8, 16, 32, 32, 32)
    // Strides 4, 8, 16 and 32.
    body(&sketch, Array(taps.dropFirst()))
    return try #require(Anatomy(sketch.graph()).pyramid)
  }

  @Test func `top-down joins are an FPN`() throws {
    let pyramid = try pyramid { sketch, taps in
      let p32 = sketch.conv(taps[3], 16)
      sketch.head(sketch.conv(p32, 32, size: 3))
      let p16 = sketch.conv(sketch.join(sketch.up(sketch.conv(p32, 8)), taps[2]), 16)
      sketch.head(sketch.conv(p16, 32, size: 3))
      sketch.head(sketch.join(sketch.up(sketch.conv(p16, 8)), taps[1]))
    }
    #expect(pyramid.kind == .fpn)
    #expect(pyramid.equations == ["output 16 = {16, 32}", "output 8 = {8} + output 16"])
    #expect(pyramid.heads.map(\.stride) == [32, 16, 8])
    #expect(pyramid.heads.map(\.strides) == [[32], [16, 32], [8, 16, 32]])
    #expect(pyramid.heads.map(\.directStrides) == [[32], [16, 32], [8]])
  }

  @Test func `top-down sums of some channels are a PRN`() throws {
    let pyramid = try pyramid { sketch, taps in
      let a = sketch.conv(taps[3], 16)
      let h = sketch.add(sketch.conv(a, 16, size: 3), a)
      sketch.head(h)
      let v = sketch.add(sketch.up(sketch.conv(h, 8)), taps[2])
      let w = sketch.add(sketch.conv(v, 8, size: 3), v)
      sketch.head(sketch.add(w, taps[2]))
    }
    #expect(pyramid.kind == .prn)
    #expect(pyramid.equations == ["output 16 = {16, 32}"])
    #expect(pyramid.fusions.map(\.means) == [.partialSum])
  }

  @Test func `down and up again is a PANet`() throws {
    let pyramid = try pyramid { sketch, taps in
      let p32 = sketch.conv(taps[3], 16)
      let t16 = sketch.conv(
        sketch.join(sketch.conv(taps[2], 8), sketch.up(sketch.conv(p32, 8))), 16)
      let p8 = sketch.conv(
        sketch.join(sketch.conv(taps[1], 8), sketch.up(sketch.conv(t16, 8))), 8)
      sketch.head(sketch.conv(p8, 16, size: 3))
      let p16 = sketch.conv(sketch.join(sketch.conv(p8, 16, size: 3, stride: 2), t16), 16)
      sketch.head(sketch.conv(p16, 16, size: 3))
      let o32 = sketch.join(sketch.conv(p16, 16, size: 3, stride: 2), p32)
      sketch.head(sketch.conv(o32, 16, size: 3))
    }
    #expect(pyramid.kind == .panet)
    #expect(
      pyramid.equations == [
        "fused 16 = {16, 32}", "output 8 = {8} + fused 16", "output 16 = output 8 + fused 16",
        "output 32 = {32} + output 16",
      ])
  }

  /// The paper's Figure 6(c): each level with both of its neighbours, then bottom-up.
  @Test func `neighbours on both sides are an EFM`() throws {
    var sketch = Sketch(side: 128)
    let taps = Array(sketch.backbone(8, 16, 32, 32, 32).dropFirst())
    let h32 = sketch.conv(taps[3], 16)
    let m16 = sketch.conv(sketch.join(sketch.maxout(taps[2], 8), sketch.up(h32)), 8)
    let d16 = sketch.conv(sketch.maxout(taps[1], 8), 8, size: 3, stride: 2)
    let f16 = sketch.join(m16, d16)
    let m8 = sketch.conv(sketch.join(sketch.maxout(taps[1], 8), sketch.up(sketch.conv(f16, 8))), 8)
    let d8 = sketch.conv(sketch.maxout(taps[0], 4), 8, size: 3, stride: 2)
    let p8 = sketch.conv(sketch.join(m8, d8), 8, size: 3)
    sketch.head(p8)
    let p16 = sketch.conv(sketch.join(sketch.conv(p8, 8, size: 3, stride: 2), f16), 16, size: 3)
    sketch.head(p16)
    sketch.head(sketch.add(sketch.conv(p16, 16, size: 3, stride: 2), h32))

    let anatomy = try Anatomy(sketch.graph())
    let pyramid = try #require(anatomy.pyramid)
    #expect(pyramid.kind == .efm)
    #expect(
      pyramid.equations == [
        "fused 16 = {8, 16, 32}", "output 8 = {4, 8} + fused 16",
        "output 16 = output 8 + fused 16", "output 32 = {32} + output 16",
      ])

    // Maps of 64x32², 64... the backbone gives 16 channels at 32x32 and 32 at 16x16 and 8x8.
    let compression = try #require(anatomy.compression)
    #expect(compression.maxouts.map(\.saving) == [0.75, 0.75, 0.75, 0.75])
    #expect(compression.reproduction?.name == "each map that the backbone gives, once")
    let once = compression.ways[0]
    #expect(once.before == 32 * 64 + 32 * 256 + 16 * 1024)
    #expect(once.after == once.before / 4)
    let read = compression.ways[1]
    #expect(read.before == 32 * 64 + 2 * 32 * 256 + 16 * 1024)
    // The joins: 8 + 16 channels would be 32 + 16 at stride 16, 8 + 8 would be 32 + 8 at stride 8.
    let joins = try #require(compression.ways.first { $0.name.contains("joins") })
    #expect(joins.after == (24 + 16 + 24) * 64 + (16 + 16) * 256)
    #expect(joins.before == (48 + 16 + 24) * 64 + (40 + 16) * 256)
  }

  @Test func `one map for all outputs is a GFM`() throws {
    let pyramid = try pyramid { sketch, taps in
      let all = sketch.join(
        sketch.up(sketch.conv(taps[3], 8)), sketch.conv(taps[2], 8),
        sketch.conv(taps[1], 8, size: 3, stride: 2))
      let p8 = sketch.conv(sketch.up(all), 8, size: 3)
      sketch.head(p8)
      sketch.head(sketch.join(sketch.conv(p8, 8, size: 3, stride: 2), all))
    }
    #expect(pyramid.kind == .gfm)
    #expect(pyramid.heads.map(\.strides) == [[8, 16, 32], [8, 16, 32]])
  }

  /// ThunderNet's context enhancement module.
  @Test func `two levels and a global vector in one sum are a CEM`() throws {
    let pyramid = try pyramid { sketch, taps in
      let fine = sketch.conv(taps[2], 16)
      let coarse = sketch.up(sketch.conv(taps[3], 16))
      let vector = sketch.spread(sketch.conv(sketch.mean(taps[3]), 16), 8)
      sketch.head(sketch.conv(sketch.add(sketch.add(vector, coarse), fine), 16, size: 3))
    }
    #expect(pyramid.kind == .cem)
    #expect(pyramid.equations == ["output 16 = {16, 32, global 32}"])
  }

  @Test func `one head, or heads without fusion, are plain`() throws {
    let one = try pyramid { sketch, taps in sketch.head(sketch.conv(taps[3], 16, size: 3)) }
    #expect(one.kind == .plain)
    let two = try pyramid { sketch, taps in
      sketch.head(sketch.conv(taps[3], 16, size: 3))
      sketch.head(sketch.conv(taps[2], 16, size: 3))
    }
    #expect(two.kind == .plain)
    #expect(two.fusions.isEmpty)
  }

  @Test func `the backbone ends where its last block does`() throws {
    var sketch = Sketch(side: 128)
    let taps = sketch.backbone(8, 16, 32)
    let neck = sketch.conv(taps[2], 16)
    sketch.head(sketch.conv(neck, 32, size: 3))
    let anatomy = try Anatomy(sketch.graph())
    #expect(anatomy.backboneEnd == neck)
    #expect(anatomy.parts.last == .head(0))
    #expect(anatomy.stages.map(\.stride) == [2, 4, 8])
    #expect(anatomy.layers(of: .stage(2)) == Array(5..<10))
  }
}
