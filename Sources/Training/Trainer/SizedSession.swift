import PenumbraCfg
import PenumbraEngine

/// A network's training session at the size of the moment; parameters and their gradients are the
/// same at every size.
///
/// One session at a time is kept: a session of another size costs far less than the ten iterations
/// that a size lasts, and two would hold their tensors twice.
final class SizedSession {
  let file: CfgFile
  let parameters: ParameterBuffer
  let gradients: ParameterBuffer
  private let options: TrainingOptions
  private var current: TrainingSession?

  init(_ file: CfgFile, parameters: ParameterBuffer, options: TrainingOptions) throws {
    self.file = file
    self.parameters = parameters
    self.options = options
    gradients = try ParameterBuffer(parameters.layout)
  }

  /// The session for a size, with the parameters as they are.
  func session(width: Int, height: Int) throws -> TrainingSession {
    if let current, current.plan.graph.net.input.width == width,
      current.plan.graph.net.input.height == height
    {
      return current
    }
    // Its memory goes before the next one's comes.
    current = nil
    let graph = try Self.graph(file, width: width, height: height, like: parameters.layout)
    let session = try TrainingSession(
      TrainingPlan(graph, options: options), parameters: parameters, gradients: gradients)
    current = session
    return session
  }

  /// After an update.
  /// - Parameter everywhere: whether layers that do not learn have changed too.
  func parametersChanged(everywhere: Bool = false) throws {
    try current?.parametersChanged(everywhere: everywhere)
  }

  /// Bytes that a step with so many images takes at a size, the parameters not counted.
  static func stepBytes(
    _ graph: Graph, _ options: TrainingOptions, images: Int
  ) throws -> Int {
    var options = options
    options.batch = images
    return try TrainingPlan(graph, options: options).sessionBytes
  }

  /// The network at another size, which must have the same parameters.
  static func graph(
    _ file: CfgFile, width: Int, height: Int, like layout: WeightsLayout
  ) throws -> Graph {
    let graph = try Graph(file, size: (width, height))
    let found = WeightsLayout(graph)
    for (a, b) in zip(found.entries, layout.entries) where a.parameter.count != b.parameter.count {
      throw TrainingError.otherLayout(
        width: width, height: height, layer: a.id.layer, section: a.section)
    }
    return graph
  }
}
