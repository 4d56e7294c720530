import PenumbraAnalysis
import PenumbraEngine
import TestSupport
import Testing

struct LayerCostTests {
  @Test func `says what each layer reads and how`() throws {
    let rows = try NetworkCost(graph(assortedLayers)).layers
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
