import Penumbra
import PenumbraEngine
import TestSupport
import Testing

/// The plan's own wall: no step may touch more than its tensors, whatever made the program.
struct ShapeContractTests {
  /// Operations of programs for inference, by backend, and of those that are trained.
  private func programs(_ sample: Sample, seed: UInt64) throws -> [(Graph, Program)] {
    let network = try sample.network(seed: seed)
    var programs = everyBackend.map {
      (network.graph, Plan.program(network.graph, PlanOptions(backend: $0)))
    }
    let trained = try sample.trainableNetwork(seed: seed).graph
    for backend in everyBackend {
      let options = TrainingOptions(
        backend: backend, batch: 2, threads: 1, lossLayers: [trained.nodes.count - 1])
      guard let plan = try? TrainingPlan(trained, options: options) else { continue }
      programs.append((trained, plan.program))
    }
    return programs
  }

  /// A sum that a convolution takes over.
  private static let residual = Sample("shortcut", "after a convolution") { shape in
    """
    [convolutional]
    filters=\(shape.channels)
    size=3
    pad=1
    activation=leaky
    [shortcut]
    from=-2
    activation=linear
    """
  }

  /// Outputs that an operation may not have.
  private func wrongOutputs(_ name: String, _ output: Shape) -> [Shape] {
    switch name {
    // What is joined may be a part of more, and zeros are as many as are asked for.
    case "concatenate", "zeros": []
    // The output says how many channels compete, and how many rows are cut out.
    case "maxout": [output.larger.1]
    case "crop": [output.larger.0]
    default: [output.larger.0, output.larger.1]
    }
  }

  /// A last input that an operation may not have; nil where any has a meaning, as in sums.
  private func wrongInput(_ name: String, _ input: Shape, _ output: Shape) -> Shape? {
    switch name {
    case "add": nil
    // Of parts that are in place already the step knows nothing.
    case "concatenate": output.larger.0
    case "maxout": input.larger.1
    default: input.larger.0
    }
  }

  @Test func `every operation refuses an input or an output of another shape`() throws {
    var seen: Set<String> = []
    for (index, sample) in (Sample.all + [Self.residual]).enumerated() {
      for (graph, program) in try programs(sample, seed: UInt64(index)) {
        let check = ProgramCheck(program, of: graph)
        for step in program.steps {
          let (name, operation) = (step.operation.name, step.operation)
          let inputs = step.inputs.map { program[$0].shape }
          let output = program[step.output].shape
          seen.insert(name)
          #expect(check.violation(of: operation, inputs: inputs, output: output) == nil)
          for wrong in wrongOutputs(name, output) {
            #expect(
              check.violation(of: operation, inputs: inputs, output: wrong) != nil,
              "\(name) accepts \(wrong) for \(output): \(sample.testDescription)")
          }
          guard let last = inputs.last else { continue }
          #expect(
            check.violation(
              of: operation, inputs: inputs.dropLast() + [last, last], output: output) != nil,
            "\(name) accepts an input too many")
          guard let wrong = wrongInput(name, last, output) else { continue }
          #expect(
            check.violation(of: operation, inputs: inputs.dropLast() + [wrong], output: output)
              != nil, "\(name) accepts \(wrong) for \(last): \(sample.testDescription)")
        }
      }
    }
    let expected: Set = [
      "add", "activate", "average-pool", "concatenate", "connected", "constant", "convolution",
      "convolution-and-add", "crop", "detection", "downsample", "global-average", "head", "local",
      "lrn", "max-pool", "maxout", "multiply", "normalize", "normalize-batch", "region", "reorg",
      "scale-and-shift", "scale-channels", "scale-pixels", "softmax", "upsample",
    ]
    #expect(expected.subtracting(seen).isEmpty)
  }

  /// Lets a step read the network's input instead of its own.
  private struct Misread: Pass {
    let step: Int

    func apply(to program: inout Program) {
      guard let input = program.steps[step].inputs.indices.last else { return }
      program.steps[step].inputs[input] = program.input
    }
  }

  private static let sections = """
    [convolutional]
    filters=8
    activation=linear
    [maxpool]
    size=2
    stride=2
    [convolutional]
    filters=5
    size=1
    activation=leaky
    [route]
    layers=-1,-2
    [connected]
    output=3
    activation=linear
    [cost]
    """

  @Test(arguments: 1..<5)
  func `a pass that lets a step read another tensor is refused`(step: Int) throws {
    let network = try TestNetwork(cfg(Shape(3, 8, 8), Self.sections))
    let options = PlanOptions(backend: PassSubset(passes: [Misread(step: step)]))
    let error = #expect(throws: PlanError.self) {
      try Plan(network.graph, weights: network.weights, options: options)
    }
    guard case .broken(let layer, _, _) = error else {
      Issue.record("expected a broken plan, found \(String(describing: error))")
      return
    }
    #expect(layer != nil)
    #expect(error?.description.contains("layer \(layer ?? -1), '") == true)
    #expect(error?.description.contains("a mistake of Penumbra") == true)
  }

  @Test(arguments: 0..<60)
  func `no plan of a random network is refused`(seed: Int) throws {
    let random = RandomNetwork(seed: UInt64(31_000 + seed), filters: [2, 8, 16, 24])
    let network = try TestNetwork(random.cfg, seed: 1)
    for backend in everyBackend {
      for (batch, keepsAll) in [(1, false), (3, false), (2, true)] {
        let options = PlanOptions(
          backend: backend, batch: batch, threads: 1, keepsAllOutputs: keepsAll)
        _ = try Plan(network.graph, weights: network.weights, options: options)
      }
      let losses = [network.graph.nodes.count - 1]
      let options = TrainingOptions(backend: backend, batch: 2, threads: 1, lossLayers: losses)
      do throws(PlanError) { _ = try TrainingPlan(network.graph, options: options) } catch {
        if case .broken = error { Issue.record("\(error)\n\(random.cfg)") }
      }
    }
  }
}

extension Shape {
  /// One channel more, and one row.
  fileprivate var larger: (Shape, Shape) {
    (Shape(channels + 1, height, width), Shape(channels, height + 1, width))
  }
}
