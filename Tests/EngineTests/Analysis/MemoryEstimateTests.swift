import PenumbraEngine
import Testing

struct MemoryEstimateTests {
  private static let sections = """
    [convolutional]
    filters=32
    size=3
    stride=2
    pad=1
    groups=1
    batch_normalize=1
    activation=leaky
    [convolutional]
    filters=32
    size=3
    pad=1
    groups=4
    dilation=2
    activation=linear
    [route]
    layers=-1,-2
    [route]
    layers=-1
    groups=2
    group_id=1
    [shortcut]
    from=-4
    [partial]
    ratio=0.25
    take=block
    [maxpool]
    size=2
    stride_x=2
    stride_y=1
    [upsample]
    [connected]
    output=10
    activation=linear
    """

  @Test func `memory shrinks where layers share it`() throws {
    let graph = try graph(Self.sections, net: "width=32\nheight=32\nchannels=3")
    let one = MemoryEstimate(graph)
    #expect(one.arenaBytes < one.unsharedBytes)
    let four = MemoryEstimate(graph, options: PlanOptions(batch: 4))
    // Images pass one after another: only input and results are held four times.
    #expect(four.arenaBytes > one.arenaBytes)
    #expect(four.arenaBytes < 4 * one.arenaBytes)
    let plan = try Plan(graph, weights: Weights(seed: 1, for: graph))
    #expect(one.arenaBytes == plan.arenaBytes)
    #expect(one.copiedBytes == plan.copiedBytes)
  }
}
