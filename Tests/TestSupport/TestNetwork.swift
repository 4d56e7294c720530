import Foundation
import PenumbraCfg
package import PenumbraEngine

/// A small network for a test: its graph and weights, run in one call.
package struct TestNetwork {
  package let graph: Graph
  package let weights: Weights

  /// With weights made from a seed. Trees and maps may be anywhere.
  package init(_ cfg: String, seed: UInt64 = 1) throws {
    var file = CfgFile(text: cfg, name: "test.cfg")
    file.companions = .anywhere
    graph = try Graph(file)
    weights = try Weights(seed: seed, for: graph)
  }

  /// With the numbers that a weights file would hold, in its order.
  package init(_ cfg: String, weights values: [Float]) throws {
    graph = try Graph(CfgFile(text: cfg, name: "test.cfg"))
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("penumbra-\(UUID().uuidString).weights")
    var data = Data(WeightsHeader().bytes)
    values.withUnsafeBytes { data.append(contentsOf: $0) }
    try data.write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    weights = try Weights(contentsOf: file.path, for: graph)
  }

  package init(graph: Graph, weights: Weights) {
    self.graph = graph
    self.weights = weights
  }

  /// Numbers from 0 to 1 that fill the input of one image.
  package func input(seed: UInt64 = 7) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return generator.floats(graph.net.input.count).map { ($0 + 1) / 2 }
  }

  /// Every layer's output for one image.
  package func outputs(
    _ input: [Float], backend: any Backend = ReferenceBackend(), threads: Int = 1
  ) throws -> [[Float]] {
    let options = PlanOptions(backend: backend, threads: threads, keepsAllOutputs: true)
    let found = try run([input], options)[0]
    return graph.nodes.indices.map { found[$0] ?? [] }
  }

  /// What can be read of each image after a run: by layer.
  package func run(_ images: [[Float]], _ options: PlanOptions) throws -> [[Int: [Float]]] {
    var options = options
    options.batch = max(options.batch, images.count)
    let plan = try Plan(graph, weights: weights, options: options)
    var session = try Session(plan)
    for (index, image) in images.enumerated() {
      session.withInput(image: index) { _ = $0.update(fromContentsOf: image) }
    }
    session.run(images: images.count)
    return images.indices.map { session.readableOutputs(image: $0) }
  }

  /// The last layer's output for one image on every backend; they have to agree.
  package func result(
    _ input: [Float], backend: any Backend = ReferenceBackend()
  ) throws -> [Float] {
    try outputs(input, backend: backend).last ?? []
  }
}

extension Session {
  /// The outputs that the plan keeps, by layer.
  package borrowing func readableOutputs(image: Int = 0) -> [Int: [Float]] {
    let program = plan.program
    var found: [Int: [Float]] = [:]
    for (layer, value) in program.outputs.enumerated() where program.results.contains(value) {
      found[layer] = withOutput(layer: layer, image: image) { Array($0) }
    }
    return found
  }
}

/// The largest error in units of what is allowed; infinite where the counts or a NaN differ.
package func worstError(
  _ got: [Float], _ expected: [Float], absolute: Double = 1e-5, relative: Double = 1e-4
) -> Double {
  guard got.count == expected.count else { return .infinity }
  let squares = expected.reduce(0.0) { $0 + ($1.isFinite ? Double($1) * Double($1) : 0) }
  let rms = (squares / Double(max(1, expected.count))).squareRoot()
  return zip(got, expected).reduce(0.0) { worst, pair in
    let (a, b) = (Double(pair.0), Double(pair.1))
    if a == b || a.isNaN && b.isNaN { return worst }
    let error = abs(a - b) / (absolute + relative * max(abs(b), rms))
    return error.isNaN ? .infinity : max(worst, error)
  }
}
