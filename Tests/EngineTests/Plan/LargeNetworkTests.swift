import Penumbra
import PenumbraCfg
import PenumbraEngine
import TestSupport
import Testing

/// Networks far larger than any published one are planned in time that grows with them, and compute
/// what they should.
struct LargeNetworkTests {
  private static let seed = "[convolutional]\nfilters=2\nsize=1\nactivation=linear\n"

  private static func doubled(_ times: Int) -> String {
    seed + String(repeating: "[route]\nlayers=-1,-1\n", count: times)
  }

  @Test(.timeLimit(.minutes(1)))
  func `channels that a route doubles over and over are repeated`() throws {
    // Beyond what the joining pass follows piece by piece.
    let network = try TestNetwork(cfg(Shape(1, 2, 2), Self.doubled(13)))
    let (image, last) = (network.input(), network.graph.outputLayer)
    let first = try network.outputs(image)[0]
    for backend in everyBackend {
      let options = PlanOptions(backend: backend, results: [last])
      let found = try #require(network.run([image], options)[0][last])
      #expect(found.count == 8 << 13)
      #expect(worstError(Array(found.prefix(8)), first) <= 1, "\(backend.name)")
      #expect(found.indices.allSatisfy { found[$0] == found[$0 % 8] }, "\(backend.name)")
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `doubled channels that no machine holds are refused with a message`() throws {
    let text = cfg(Shape(1, 1, 1), Self.doubled(40))
    let check = Graph.check(CfgFile(text: text, name: "test.cfg"))
    #expect(check.graph == nil)
    #expect(check.diagnostics.contains { $0.problem.code == .tooLarge })

    let network = try TestNetwork(cfg(Shape(1, 1, 1), Self.doubled(33)))
    for backend in everyBackend {
      let plan = try Plan(
        network.graph, weights: network.weights,
        options: PlanOptions(backend: backend, memoryLimit: nil))
      #expect(plan.arenaBytes >= 4 << 34)
      let limited = PlanOptions(backend: backend, memoryLimit: 1 << 30)
      #expect(throws: PlanError.self) {
        try Plan(network.graph, weights: network.weights, options: limited)
      }
    }
  }

  /// More steps in one tensor than are looked at when something else is to be placed there.
  @Test(.timeLimit(.minutes(1)))
  func `thousands of blocks in one another's memory compute the same as without`() throws {
    let block = """
      [route]
      layers=-1
      groups=2
      group_id=1
      [convolutional]
      filters=8
      size=1
      activation=leaky
      [route]
      layers=-1,-2

      """
    let stem = "[convolutional]\nfilters=16\nsize=1\nactivation=linear\n"
    let network = try TestNetwork(
      cfg(Shape(3, 2, 2), stem + String(repeating: block, count: 1000)))
    let (image, last) = (network.input(), network.graph.outputLayer)
    let passes: [any Pass] = [FoldBatchNormalization(), FuseActivation()]
    let expected = try network.run([image], PlanOptions(backend: PassSubset(passes: passes)))[0]
    for backend in [PassSubset(passes: passes + [JoinInPlace()]), BlockedBackend()] as [any Backend]
    {
      let found = try network.run([image], PlanOptions(backend: backend))[0]
      #expect(worstError(found[last] ?? [], expected[last] ?? []) <= 1, "\(backend.name)")
    }
  }

  @Test(.timeLimit(.minutes(1)))
  func `twenty thousand layers are planned`() throws {
    let sections = String(
      repeating: "[maxpool]\nsize=3\nstride=1\n[route]\nlayers=-1,-2\n[maxout]\ngroups=2\n",
      count: 6667)
    let text = cfg(Shape(8, 2, 2), "[maxpool]\nsize=1\nstride=1\n\(sections)")
    let graph = try Graph(CfgFile(text: text, name: "test.cfg"))
    #expect(graph.nodes.count == 20_002)
    for backend in everyBackend {
      let program = Plan.program(graph, PlanOptions(backend: backend))
      #expect(program.steps.count >= 2 * 6667)
    }
  }
}
