import PenumbraEngine
import TestSupport
import Testing

struct MemoryEstimateTests {
  @Test func `memory shrinks where layers share it`() throws {
    let graph = try graph(assortedLayers, net: "width=32\nheight=32\nchannels=3")
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
