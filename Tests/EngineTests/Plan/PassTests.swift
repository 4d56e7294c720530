import Penumbra
import PenumbraEngine
import TestSupport
import Testing

/// What each pass does to a program; that outputs stay the same, random networks show.
struct PassTests {
  private func steps(_ sections: String, _ passes: [any Pass], keepsAllOutputs: Bool = false)
    throws -> [String]
  {
    let graph = try Graph(CfgFile(text: cfg(Shape(4, 6, 6), sections), name: "test.cfg"))
    let options = PlanOptions(
      backend: PassSubset(passes: passes), keepsAllOutputs: keepsAllOutputs)
    return Plan.program(graph, options).steps.map(\.operation.name)
  }

  private static let block = """
    [convolutional]
    filters=4
    batch_normalize=1
    activation=leaky
    """

  @Test func `batch normalisation and activation become part of the convolution`() throws {
    #expect(try steps(Self.block, []) == ["convolution", "normalize", "activate"])
    #expect(try steps(Self.block, [FoldBatchNormalization()]) == ["convolution", "activate"])
    #expect(
      try steps(Self.block, [FoldBatchNormalization(), FuseActivation()]) == ["convolution"])
  }

  @Test func `an activation stays a step when somebody reads what it reads`() throws {
    let sections = """
      [convolutional]
      filters=4
      activation=linear
      [activation]
      activation=leaky
      [shortcut]
      from=0
      """
    #expect(try steps(sections, [FuseActivation()]) == ["convolution", "activate", "add"])
    #expect(
      try steps(
        "[convolutional]\nactivation=linear\n[activation]\nactivation=relu", [FuseActivation()])
        == ["convolution"])
    #expect(
      try steps(
        "[convolutional]\nactivation=linear\n[activation]\nactivation=relu", [FuseActivation()],
        keepsAllOutputs: true) == ["convolution", "activate"])
  }

  @Test func `what no result needs is not computed`() throws {
    let sections = """
      [convolutional]
      activation=linear
      [activation]
      activation=relu
      [route]
      layers=0
      [maxpool]
      size=2
      """
    let graph = try Graph(CfgFile(text: cfg(Shape(4, 6, 6), sections), name: "test.cfg"))
    for (results, names) in [
      (nil, ["convolution", "max-pool"]), ([3], ["convolution", "max-pool"]),
      ([1], ["convolution", "activate"]), ([2, 1], ["convolution", "activate"]),
      ([], []), ([3, 1], ["convolution", "activate", "max-pool"]),
    ] as [([Int]?, [String])] {
      let options = PlanOptions(backend: PassSubset(passes: []), results: results)
      #expect(Plan.program(graph, options).steps.map(\.operation.name) == names)
    }
    for backend in Backends.all {
      let network = TestNetwork(graph: graph, weights: try Weights(seed: 1, for: graph))
      let input = network.input()
      let all = try network.outputs(input)
      let found = try network.run([input], PlanOptions(backend: backend, results: [1, 2]))[0]
      #expect(found.keys.sorted() == [0, 1, 2])
      for (layer, values) in found { #expect(worstError(values, all[layer]) <= 1) }
    }
  }

  @Test func `a concatenation of what convolutions make is no step`() throws {
    let sections = "\(Self.block)\n[route]\nlayers=-1\n\(Self.block)\n[route]\nlayers=-1,0"
    let fused: [any Pass] = [FoldBatchNormalization(), FuseActivation()]
    #expect(try steps(sections, fused) == ["convolution", "convolution", "concatenate"])
    #expect(try steps(sections, fused + [JoinInPlace()]) == ["convolution", "convolution"])
  }

  @Test(arguments: [
    ("[shortcut]\nfrom=0", true),  // the second convolution's output is read here alone
    ("[shortcut]\nfrom=0\n[route]\nlayers=-2,-1", false),
    ("[dropout]\n[shortcut]\nfrom=0", true),  // an alias is the same value
  ])
  func `an addition writes over its input when nobody reads it again`(
    sections: String, overwrites: Bool
  ) throws {
    let graph = try Graph(
      CfgFile(
        text: cfg(Shape(4, 6, 6), "\(Self.block)\n\(Self.block)\n\(sections)"), name: "test.cfg"))
    let program = Plan.program(
      graph, PlanOptions(backend: PassSubset(passes: [OverwriteInputs()])))
    let add = try #require(program.steps.first { $0.operation.name == "add" })
    #expect(
      (program.root(of: add.output).parent == program.root(of: add.inputs[0]).parent)
        == overwrites)
  }

  @Test func `the network's input and results are never written over`() throws {
    let graph = try Graph(
      CfgFile(text: cfg(Shape(4, 2, 2), "[activation]\nactivation=relu"), name: "test.cfg"))
    for keeps in [true, false] {
      let program = Plan.program(
        graph,
        PlanOptions(backend: PassSubset(passes: [OverwriteInputs()]), keepsAllOutputs: keeps))
      #expect(program.root(of: program.steps[0].output).parent == program.steps[0].output)
    }
  }
}
