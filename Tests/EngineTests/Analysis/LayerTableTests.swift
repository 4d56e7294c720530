import Foundation
import PenumbraCfg
import PenumbraEngine
import TestSupport
import Testing

struct LayerTableTests {
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

  private func table() throws -> LayerTable {
    LayerTable(try graph(Self.sections, net: "width=32\nheight=32\nchannels=3"))
  }

  @Test func `counts parameters and operations as Darknet does`() throws {
    let rows = try table().rows
    #expect(rows[0].parameters == 4 * 32 + 3 * 32 * 9)
    #expect(rows[0].cost.operations == 2 * 3 * 32 * 9 * 16 * 16)
    #expect(rows[1].cost.multiplyAdds == 8 * 32 * 9 * 16 * 16)
    #expect(rows[4].cost.operations == 32 * 16 * 16)
    // Darknet counts nothing for connected layers, the multiply-adds do.
    #expect(rows[8].cost.operations == 0)
    #expect(rows[8].cost.multiplyAdds == rows[7].output.count * 10)
  }

  @Test func `says what each layer reads and how`() throws {
    let rows = try table().rows
    #expect(rows.map(\.readsPrevious) == [true, true, false, true, false, true, true, true, true])
    #expect(rows[2].inputs.map(\.layer) == [1, 0])
    #expect(rows[3].details.note == "part 2 of 2")
    #expect(rows[4].inputs.map(\.layer) == [3, 0])
    #expect(rows[5].details.note == "channels 8 to 31 of 32")
    #expect(rows[1].details.groups == 4)
    #expect(rows[1].details.dilation == 2)
    #expect([rows[6].details.strideX, rows[6].details.strideY] == [2, 1])
  }

  @Test func `totals are those of the rows`() throws {
    let table = try table()
    #expect(table.parameters == table.rows.reduce(0) { $0 + $1.parameters })
    #expect(table.multiplyAdds == table.rows.reduce(0) { $0 + $1.cost.multiplyAdds })
    #expect(table.weightsBytes == 20 + 4 * table.parameters)
  }

  @Test func `memory shrinks where layers share it`() throws {
    let graph = try graph(Self.sections, net: "width=32\nheight=32\nchannels=3")
    let one = MemoryEstimate(graph)
    #expect(one.arenaBytes < one.unsharedBytes)
    let four = MemoryEstimate(graph, options: PlanOptions(batch: 4))
    #expect(four.arenaBytes == 4 * one.arenaBytes)
    let plan = try Plan(graph, weights: Weights(seed: 1, for: graph))
    #expect(one.arenaBytes == plan.arenaBytes)
    #expect(one.copiedBytes == plan.copiedBytes)
  }

  /// The table of the original program: `Total BFLOPS 128.459` at 608 x 608.
  @Test(arguments: [("yolov4", 608, 128.459), ("yolov4-tiny", 416, 6.910), ("yolov3", 416, 65.879)])
  func `published networks cost what Darknet prints`(name: String, side: Int, bflops: Double) throws
  {
    guard let shared = sharedFolder else { return }
    let graph = try Graph(
      CfgFile(contentsOf: "\(shared)/golden/zoo/\(name)/net.cfg"), size: (side, side))
    #expect(abs(LayerTable(graph).bflops - bflops) < 0.0006)
  }
}
