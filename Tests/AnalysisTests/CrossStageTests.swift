import PenumbraAnalysis
import Testing

struct CrossStageTests {
  /// What is recognised in a classifier whose second stage `body` draws over 16 channels.
  private func stage(_ body: (inout Sketch, Int) -> Int) throws -> CrossStage {
    var sketch = Sketch()
    let base = sketch.conv(-1, 16, size: 3, stride: 2)
    let output = body(&sketch, base)
    sketch.classifier(sketch.conv(output, 24, size: 3, stride: 2))
    let stages = try Anatomy(sketch.graph()).crossStages
    try #require(stages.count == 1)
    return stages[0]
  }

  @Test(arguments: [
    (true, true, CrossStage.Fusion.both, "both transitions"),
    (false, true, .first, "fusion first"),
    (true, false, .last, "fusion last"),
    (false, false, .none, "no transition"),
  ])
  func `transitions tell the fusion`(
    first: Bool, second: Bool, fusion: CrossStage.Fusion, words: String
  ) throws {
    let stage = try stage { sketch, base in
      let bypass = sketch.conv(base, 8)
      var block = sketch.conv(base, 8)
      for _ in 0..<4 { block = sketch.twoWay(block) }
      if first { block = sketch.conv(block, 40) }
      let join = sketch.join(block, bypass)
      return second ? sketch.conv(join, 48) : join
    }
    #expect(stage.fusion == fusion)
    #expect(stage.description == "conv split, gamma 0.50, 4 two-way dense layers, \(words)")
  }

  @Test(arguments: [(12, 4, "0.75"), (8, 8, "0.50"), (4, 12, "0.25")])
  func `gamma is the share that goes round`(bypass: Int, block: Int, gamma: String) throws {
    let stage = try stage { sketch, base in
      let round = sketch.conv(base, bypass)
      let through = sketch.residual(sketch.conv(base, block), middle: block)
      return sketch.conv(sketch.join(sketch.conv(through, block), round), 16)
    }
    #expect(stage.bypassChannels == bypass && stage.blockChannels == block)
    #expect(stage.description.hasPrefix("conv split, gamma \(gamma), 1 residual block"))
  }

  @Test func `the second transition may stand after a pool`() throws {
    let stage = try stage { sketch, base in
      let round = sketch.conv(base, 8)
      let through = sketch.conv(sketch.twoWay(sketch.conv(base, 8)), 16)
      return sketch.conv(sketch.pool(sketch.join(through, round)), 24)
    }
    #expect(stage.fusion == .both)
    #expect(stage.layers.last == stage.secondTransition)
  }

  @Test func `a split of channels by [partial]`() throws {
    let stage = try stage { sketch, base in
      let block = sketch.partial(base, bypass: 4, "block")
      let through = sketch.conv(sketch.residual(block, middle: 6, groups: 3), 12)
      return sketch.conv(sketch.join(through, sketch.partial(base, bypass: 4, "bypass")), 16)
    }
    #expect(stage.split == .slices)
    #expect(
      stage.description
        == "channel split, gamma 0.25, 1 ResNeXt block of 3 groups, both transitions")
  }

  @Test func `YOLOv4-tiny's half through the block and everything round it`() throws {
    let stage = try stage { sketch, base in
      let first = sketch.conv(sketch.slice(base, 1, of: 2), 8, size: 3)
      let second = sketch.conv(first, 8, size: 3)
      return sketch.join(base, sketch.conv(sketch.join(second, first), 16))
    }
    #expect(stage.split == .slice)
    #expect(
      stage.description
        == "8 of 16 channels through, all round, 1 module of 2 layers joined once, fusion last")
  }

  @Test func `joins that divide nothing are no CSP stages`() throws {
    var sketch = Sketch()
    let taps = sketch.backbone(8, 16, 16)
    // FPN's lateral join: the other strand comes from a coarser map.
    let coarse = sketch.up(sketch.conv(taps[2], 8))
    let lateral = sketch.join(sketch.conv(taps[1], 8), coarse)
    sketch.head(lateral)
    // Spatial pyramid pooling.
    let pools = sketch.join(sketch.pool(taps[2], size: 5, stride: 1), taps[2])
    sketch.head(pools)
    // A dense layer alone.
    sketch.head(sketch.dense(taps[1]))
    #expect(try Anatomy(sketch.graph()).crossStages.isEmpty)
  }

  @Test func `stages are numbered from the first CSP stage on`() throws {
    var sketch = Sketch()
    var layer = sketch.conv(-1, 16, size: 3, stride: 2)
    for _ in 0..<3 {
      let round = sketch.conv(layer, 8)
      let through = sketch.conv(sketch.residual(sketch.conv(layer, 8), middle: 8), 8)
      layer = sketch.conv(sketch.conv(sketch.join(through, round), 16), 16, size: 3, stride: 2)
    }
    sketch.classifier(layer)
    let anatomy = try Anatomy(sketch.graph())
    #expect(anatomy.crossStages.map { anatomy.number(of: $0) } == [1, 2, 3])
    #expect(
      anatomy.lines.first?.text
        == "stride 2: CSP stage 1: conv split, gamma 0.50, 1 residual block, both transitions")
  }
}
