import Penumbra
import PenumbraEngine
import TestSupport
import Testing

/// Memory is known, and refused, before it is asked for.
struct PlanLimitTests {
  private static let sections = "[convolutional]\nfilters=16\nsize=3\npad=1\nactivation=linear"

  @Test func `a plan above the limit is refused with both sizes`() throws {
    let network = try TestNetwork(cfg(Shape(3, 64, 64), Self.sections))
    let options = PlanOptions(backend: ReferenceBackend(), threads: 1, memoryLimit: 200_000)
    let error = #expect(throws: PlanError.self) {
      try Plan(network.graph, weights: network.weights, options: options)
    }
    // 3 + 16 maps of 64 x 64 floats.
    #expect(error == .overLimit(needed: 19 * 64 * 64 * 4, limit: 200_000))
    #expect(
      error?.description == """
        error: the network needs 304.0 KiB for activations and scratch; the limit is 195.3 KiB
        help: raise the limit, or use a smaller width, height or batch
        """)
  }

  @Test func `a plan at the limit is accepted`() throws {
    let network = try TestNetwork(cfg(Shape(3, 64, 64), Self.sections))
    let options = PlanOptions(
      backend: ReferenceBackend(), threads: 1, memoryLimit: 19 * 64 * 64 * 4)
    let plan = try Plan(network.graph, weights: network.weights, options: options)
    #expect(plan.sessionBytes == 19 * 64 * 64 * 4)
  }

  @Test(arguments: [1 << 16, 1 << 27, 1 << 40, Int.max])
  func `terabytes are refused before they are asked for`(batch: Int) throws {
    let network = try TestNetwork(
      cfg(Shape(64, 4096, 4096), "[maxpool]\nsize=2\nstride=2\n[upsample]\nstride=2"),
      weights: [])
    for backend in everyBackend {
      let plan = try Plan(
        network.graph, weights: network.weights,
        options: PlanOptions(backend: backend, batch: batch))
      #expect(plan.sessionBytes > 1 << 40)
      let error = #expect(throws: PlanError.self) { _ = try Session(plan) }
      guard case .noMemory(let needed, _) = error else {
        Issue.record("expected noMemory, found \(String(describing: error))")
        continue
      }
      #expect(needed == plan.sessionBytes)
    }
  }

  @Test(arguments: [
    String(repeating: "[upsample]\nstride=64\n", count: 20),
    String(repeating: "[upsample]\nstride=64\n[reorg3d]\nstride=64\n", count: 20),
    "[connected]\noutput=16777216\n[connected]\noutput=16777216",
    "[implicit]\nfilters=1048576\natoms=1048576",
  ])
  func `maps that no machine holds are errors of the cfg`(sections: String) throws {
    let file = CfgFile(text: cfg(Shape(3, 65536, 65536), sections), name: "test.cfg")
    let check = Graph.check(file)
    #expect(check.graph == nil)
    #expect(check.diagnostics.contains { $0.problem.code == .tooLarge })
  }

  @Test(arguments: [Int.max, 1 << 40, 65537])
  func `an input size that overflows is an error of the cfg`(side: Int) {
    let file = CfgFile(text: cfg(Shape(3, 32, 32), Self.sections), name: "test.cfg")
    let check = Graph.check(file, size: (side, side))
    #expect(side < 1 << 20 || check.graph == nil)
  }
}
