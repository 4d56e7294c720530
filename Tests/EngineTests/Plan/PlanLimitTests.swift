import Penumbra
import PenumbraEngine
import TestSupport
import Testing

/// Memory is known, and refused, before it is asked for.
struct PlanLimitTests {
  private static let sections = "[convolutional]\nfilters=16\nsize=3\npad=1\nactivation=linear"

  private static let bytes = 19 * 64 * 64 * 4 + 4 * (16 + 16 * 3 * 9)

  @Test func `a plan above the limit is refused with both sizes`() throws {
    let network = try TestNetwork(cfg(Shape(3, 64, 64), Self.sections))
    let options = PlanOptions(backend: ReferenceBackend(), threads: 1, memoryLimit: 200_000)
    let error = #expect(throws: PlanError.self) {
      try Plan(network.graph, weights: network.weights, options: options)
    }
    // 3 + 16 maps of 64 x 64 floats, and the weights.
    #expect(error == .overLimit(needed: Self.bytes, limit: 200_000))
    #expect(
      error?.description == """
        error: the network needs 305.8 KiB for weights, activations and scratch; the limit is 195.3 KiB
        help: raise the limit, or use a smaller width, height or batch
        """)
  }

  @Test func `a plan at the limit is accepted`() throws {
    let network = try TestNetwork(cfg(Shape(3, 64, 64), Self.sections))
    let options = PlanOptions(
      backend: ReferenceBackend(), threads: 1, memoryLimit: Self.bytes)
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

  @Test(arguments: [
    "[connected]\noutput=60000\nactivation=linear",
    "[convolutional]\nfilters=1048576\nsize=63\npad=1\nactivation=linear",
    "[local]\nfilters=1000\nsize=7\nactivation=linear",
  ])
  func `weights that no machine holds are refused before they are made`(sections: String) throws {
    let graph = try Graph(CfgFile(text: cfg(Shape(16, 256, 256), sections), name: "test.cfg"))
    #expect(4 * graph.parameterCount > 1 << 36)
    for limit in [nil, 1 << 30] {
      let error = #expect(throws: PlanError.self) {
        try Plan.checkWeights(of: graph, PlanOptions(memoryLimit: limit))
      }
      switch error {
      case .overLimit(let needed, 1 << 30) where limit != nil:
        #expect(needed == 4 * graph.parameterCount)
      case .noMemory(let needed, _) where limit == nil:
        #expect(needed == 4 * graph.parameterCount)
      default: Issue.record("found \(String(describing: error))")
      }
    }
  }

  @Test func `a limit that activations alone would keep counts weights too`() throws {
    let network = try TestNetwork(
      cfg(Shape(1, 8, 8), "[connected]\noutput=20000\nactivation=linear"))
    let weights = 4 * network.graph.parameterCount
    let error = #expect(throws: PlanError.self) {
      try Plan(
        network.graph, weights: network.weights, options: PlanOptions(memoryLimit: weights))
    }
    guard case .overLimit(let needed, weights) = error else {
      Issue.record("found \(String(describing: error))")
      return
    }
    #expect(needed > weights)
  }
}
