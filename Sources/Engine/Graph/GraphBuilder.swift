public import PenumbraCfg

extension Graph {
  /// The outcome of reading a cfg: all that is wrong, and the graph when nothing forbids it.
  public struct Check: Sendable {
    public let graph: Graph?
    public let diagnostics: [Diagnostic]
  }

  /// Reads every section and reports every mistake of the file in line order.
  public static func check(
    _ file: CfgFile, registry: LayerRegistry = .builtin, size: (width: Int, height: Int)? = nil
  ) -> Check {
    var builder = GraphBuilder(file, registry: registry)
    let graph = builder.build(size: size)
    let diagnostics = builder.diagnostics.inLineOrder()
    let isSound = !diagnostics.contains { $0.severity == .error }
    return Check(graph: isSound ? graph : nil, diagnostics: diagnostics)
  }
}

extension [Diagnostic] {
  /// By place; what stands at the same place keeps its order.
  fileprivate func inLineOrder() -> [Diagnostic] {
    enumerated().sorted { a, b in
      let left = (a.element.location.line, a.element.location.column, a.offset)
      return left < (b.element.location.line, b.element.location.column, b.offset)
    }.map(\.element)
  }
}

/// Turns sections into layers, one after another, and goes on after a mistake.
struct GraphBuilder {
  private let file: CfgFile
  private let registry: LayerRegistry
  private(set) var diagnostics: [Diagnostic]
  private var nodes: [Graph.Node] = []
  /// Layers whose shape is a guess because they, or a layer they read, could not be understood.
  private var guessed: Set<Int> = []
  private var isInputGuessed = false

  /// More elements than this in one tensor (256 GB) are a slip, not a network.
  static let largestTensor = 1 << 36
  /// Mistakes that may follow from another one further up, and say nothing new then.
  private static let consequences: Set<Problem.Code> = [
    .notAnImage, .windowTooLarge, .shapesDiffer, .notDivisible, .headSize, .tooLarge,
    .surplusIgnored, .roundedShare, .inputNotMultipleOfStride, .badReference,
  ]

  init(_ file: CfgFile, registry: LayerRegistry) {
    self.file = file
    self.registry = registry
    diagnostics = file.diagnostics
  }

  mutating func build(size: (width: Int, height: Int)?) -> Graph? {
    guard let first = file.sections.first else { return nil }
    guard NetSection.spec.names.contains(first.name) else {
      report(.firstSectionNotNet(first.name), first)
      return nil
    }
    var reader = SectionReader(first, spec: NetSection.spec)
    let net = NetSection(&reader, size: size)
    TrainingKeys.checkSchedule(&reader)
    reader.finish()
    isInputGuessed = reader.diagnostics.contains { $0.severity == .error }
    diagnostics += reader.diagnostics

    for section in file.sections.dropFirst() { read(section, net) }
    guard !nodes.isEmpty else {
      report(.noLayers, first)
      return nil
    }
    let graph = Graph(net: net, nodes: nodes, name: file.name)
    if guessed.isEmpty, !isInputGuessed { diagnostics += GraphChecks(graph, net: first).run() }
    return graph
  }

  private mutating func read(_ section: CfgFile.Section, _ net: NetSection) {
    let upstream = Upstream(index: nodes.count, net: net, nodes: nodes)
    guard let type = layerType(section) else {
      guessed.insert(nodes.count)
      let node = Unreadable(output: upstream.previous.shape)
      nodes.append(Graph.Node(layer: node, options: LayerOptions(), section: section))
      return
    }
    var reader = SectionReader(section, spec: type.spec)
    var found: [Diagnostic] = []
    let options = LayerOptions(&reader)
    var layer: any Layer
    do throws(CfgError) {
      layer = try type.init(&reader, upstream: upstream)
      found += sizeProblems(layer, section)
      // A size beyond all bounds must not grow further from layer to layer.
      if !found.isEmpty { layer = Unreadable(output: upstream.previous.shape) }
    } catch {
      found += error.diagnostics
      layer = Unreadable(output: upstream.previous.shape)
    }
    reader.finish(genericKeys: LayerOptions.keys)
    found += reader.diagnostics

    let inputs = layer is Unreadable ? [nodes.count - 1] : layer.inputs.map(\.layer)
    let standsOnGuess = inputs.contains { $0 < 0 ? isInputGuessed : guessed.contains($0) }
    if standsOnGuess { found.removeAll { Self.consequences.contains($0.problem.code) } }
    if standsOnGuess || layer is Unreadable || found.contains(where: { $0.severity == .error }) {
      guessed.insert(nodes.count)
    }
    diagnostics += found
    nodes.append(Graph.Node(layer: layer, options: options, section: section))
  }

  private mutating func layerType(_ section: CfgFile.Section) -> (any Layer.Type)? {
    if let type = registry[section.name] { return type }
    if let reason = UnsupportedSections.reason(for: section.name) {
      report(.unsupportedSection(section.name, because: reason), section)
    } else if NetSection.spec.names.contains(section.name) {
      report(.secondNet, section)
    } else {
      report(
        .unknownSection(section.name, nearest: nearestName(to: section.name, in: registry.names)),
        section)
    }
    return nil
  }

  private func sizeProblems(_ layer: any Layer, _ section: CfgFile.Section) -> [Diagnostic] {
    let weights = layer.parameters.map(\.count).max() ?? 0
    let sizes = [("the output of this layer", layer.output.count), ("its weights", weights)]
    return sizes.filter { $0.1 > Self.largestTensor }.map { what, count in
      Diagnostic(
        .tooLarge(what, count: count, limit: Self.largestTensor), at: section.location,
        sourceLine: section.sourceLine)
    }
  }

  private mutating func report(_ problem: Problem, _ section: CfgFile.Section) {
    diagnostics.append(
      Diagnostic(problem, at: section.location, sourceLine: section.sourceLine))
  }
}

/// Stands in for a section that could not be understood, so that the rest is still read.
private struct Unreadable: Layer {
  static let spec = SectionSpec("unreadable", "", keys: [])
  let inputs: [Input] = []
  let output: Shape

  init(output: Shape) { self.output = output }
  init(_ section: inout SectionReader, upstream: Upstream) { output = upstream.previous.shape }

  func lower(_ inputs: [ValueID], into program: inout ProgramBuilder) -> ValueID {
    preconditionFailure("a graph with an unreadable layer is never lowered")
  }
}

extension LayerOptions {
  fileprivate init() {
    skipsLoading = false
    skipsLoadingScales = false
  }
}
