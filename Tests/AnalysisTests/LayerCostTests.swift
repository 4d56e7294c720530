import PenumbraAnalysis
import PenumbraEngine
import Testing

struct LayerCostTests {
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

  @Test func `says what each layer reads and how`() throws {
    let rows = try NetworkCost(graph(Self.sections)).layers
    #expect(rows.map(\.readsPrevious) == [true, true, false, true, false, true, true, true, true])
    #expect(rows[2].inputs.map(\.layer) == [1, 0])
    #expect(rows[3].details.note == "part 2 of 2")
    #expect(rows[4].inputs.map(\.layer) == [3, 0])
    #expect(rows[5].details.note == "channels 8 to 31 of 32")
    #expect(rows[1].details.groups == 4)
    #expect(rows[1].details.dilation == 2)
    #expect([rows[6].details.strideX, rows[6].details.strideY] == [2, 1])
  }
}
