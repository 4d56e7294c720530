import PenumbraCfg

/// What can be said only of a whole network.
struct GraphChecks {
  private let graph: Graph
  private let net: CfgFile.Section
  private var diagnostics: [Diagnostic] = []

  init(_ graph: Graph, net: CfgFile.Section) {
    self.graph = graph
    self.net = net
  }

  /// - Parameter isSound: whether every shape is known rather than guessed.
  func run(isSound: Bool) -> [Diagnostic] {
    var checks = self
    if isSound { checks.checkStride() }
    checks.checkClasses()
    return checks.diagnostics
  }

  /// An input that is not a multiple of the coarsest head's stride loses pixels at the right and
  /// bottom, and often makes a later `[route]` join unequal maps.
  private mutating func checkStride() {
    let input = graph.net.input
    guard let coarsest = graph.heads.map(\.head.output).min(by: { $0.width < $1.width }),
      input.isImage, coarsest.isImage, coarsest.width > 0, coarsest.height > 0
    else { return }
    let sides = [
      (key: "width", input: input.width, map: coarsest.width),
      (key: "height", input: input.height, map: coarsest.height),
    ]
    for side in sides {
      let stride = InputStride.stride(of: side.map, input: side.input)
      guard side.input % stride != 0 else { continue }
      report(.inputNotMultiple(side.key, of: stride, found: side.input), net, key: side.key)
    }
  }

  private mutating func checkClasses() {
    guard let first = graph.heads.first else { return }
    for (layer, head) in graph.heads.dropFirst() where head.classes != first.head.classes {
      report(
        .classesDiffer(head.classes, from: first.head.classes, layer: first.layer),
        graph.nodes[layer].section, key: "classes")
    }
  }

  private mutating func report(_ problem: Problem, _ section: CfgFile.Section, key: String) {
    let entry = section.entry(key)
    diagnostics.append(
      Diagnostic(
        problem, at: entry?.valueLocation ?? section.location,
        sourceLine: entry?.sourceLine ?? section.sourceLine))
  }
}
