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
    builder.explainGuesses()
    let diagnostics = builder.diagnostics.inLineOrder()
    let isSound = !diagnostics.contains { $0.severity == .error }
    return Check(graph: isSound ? graph : nil, diagnostics: diagnostics)
  }
}

extension [Diagnostic] {
  /// By place; what is at the same place keeps its order.
  package func inLineOrder() -> [Diagnostic] {
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
  private var stride = InputStride(input: Shape(0, 0, 0))
  /// Layers whose shape is a guess because they, or a layer they read, could not be understood.
  private var guessed: Set<Int> = []
  private var isInputGuessed = false
  /// Unknown section names met so far, and what is said of them.
  private var unknownSections: [String: Problem] = [:]

  /// More elements than this in one tensor (256 GB) are a slip, not a network.
  static let largestTensor = 1 << 36
  /// Unknown section names for which a similar one is searched; nobody misspells more.
  private static let maxSuggestions = 256
  /// Mistakes that may follow from another one further up, and say nothing new then.
  private static let consequences: Set<Problem.Code> = [
    .notAnImage, .windowTooLarge, .shapesDiffer, .notDivisible, .headSize, .tooLarge,
    .surplusIgnored, .roundedShare, .differsFromDarknet,
  ]

  init(_ file: CfgFile, registry: LayerRegistry) {
    self.file = file
    self.registry = registry
    diagnostics = file.diagnostics
  }

  mutating func build(size: (width: Int, height: Int)?) -> Graph? {
    guard let first = file.sections.first else { return nil }
    let netIndex = file.sections.firstIndex { NetSection.spec.names.contains($0.name) }
    let isMisspelt =
      netIndex == nil && registry[first.name] == nil
      && nearestName(to: first.name, in: NetSection.spec.names) != nil
    if netIndex != 0 {
      let line = netIndex.map { file.sections[$0].location.line }
      report(.firstSectionNotNet(first.name, netLine: line, isMisspelt: isMisspelt), first)
    }
    let netSection = isMisspelt ? first : netIndex.map { file.sections[$0] }
    let net = readNet(netSection, size)
    stride = InputStride(input: net.input)

    for (index, section) in file.sections.enumerated() {
      if index == netIndex ?? (isMisspelt ? 0 : -1) { continue }
      read(section, net)
    }
    guard !nodes.isEmpty else {
      if netIndex != nil { report(.noLayers, first) }
      return nil
    }
    let graph = Graph(net: net, nodes: nodes, name: file.name)
    let isSound = guessed.isEmpty && !isInputGuessed
    diagnostics += GraphChecks(graph, net: netSection ?? first).run(isSound: isSound)
    return graph
  }

  /// A network with a layer that could not be understood never runs, be it that nothing says why.
  fileprivate mutating func explainGuesses() {
    guard let first = guessed.min(), !diagnostics.contains(where: { $0.severity == .error }) else {
      return
    }
    report(.notUnderstood(nodes[first].section.name), nodes[first].section)
  }

  // MARK: [net]

  /// Reads `[net]`, or a stand-in where there is none.
  private mutating func readNet(
    _ section: CfgFile.Section?, _ size: (width: Int, height: Int)?
  ) -> NetSection {
    guard let section else {
      isInputGuessed = true
      let standIn = CfgFile(text: "[net]\nwidth=416\nheight=416\nchannels=3\n", name: file.name)
      var reader = SectionReader(standIn.sections[0], spec: NetSection.spec)
      return NetSection(&reader, size: nil)
    }
    var reader = SectionReader(section, spec: NetSection.spec)
    var net = NetSection(&reader, size: size)
    TrainingKeys.checkSchedule(&reader, batch: net.batch, subdivisions: net.subdivisions)
    if net.input.count > Self.largestTensor {
      reader.report(
        .tooLarge("the input", count: net.input.count, limit: Self.largestTensor),
        at: NetSection.width)
      net.guessInput()
    }
    reader.finish()
    isInputGuessed = reader.hasErrors
    diagnostics += reader.diagnostics
    return net
  }

  // MARK: Layers

  private mutating func read(_ section: CfgFile.Section, _ net: NetSection) {
    let index = nodes.count
    let node = node(section, net)
    if node.isGuess { guessed.insert(index) }
    stride.include(node.node.layer.output)
    nodes.append(node.node)
  }

  private mutating func node(_ section: CfgFile.Section, _ net: NetSection)
    -> (node: Graph.Node, isGuess: Bool)
  {
    let upstream = Upstream(
      index: nodes.count, net: net, nodes: nodes, stride: stride, companions: file.companions)
    guard let type = layerType(section) else {
      let layer = Unreadable(output: upstream.previous.shape)
      return (Graph.Node(layer: layer, options: LayerOptions(), section: section), true)
    }
    var reader = SectionReader(section, spec: type.spec)
    var found: [Diagnostic] = []
    let options = LayerOptions(&reader)
    var layer: any Layer
    do throws(CfgError) {
      layer = try type.init(&reader, upstream: upstream)
      found = sizeProblems(layer, section)
      // Shapes that are too large must not grow further.
      if !found.isEmpty { layer = Unreadable(output: upstream.previous.shape) }
    } catch {
      found = error.diagnostics
      layer = Unreadable(output: upstream.previous.shape)
    }
    reader.finish(genericKeys: LayerOptions.keys)
    found += reader.diagnostics

    let standsOnGuess = standsOnGuess(layer, section, type.spec)
    if standsOnGuess { found.removeAll { Self.consequences.contains($0.problem.code) } }
    let isGuess =
      standsOnGuess || layer is Unreadable || found.contains { $0.severity == .error }
    diagnostics += found
    return (Graph.Node(layer: layer, options: options, section: section), isGuess)
  }

  /// Whether a layer reads one whose shape is a guess; where the layer itself could not be
  /// understood, its keys tell what it would have read.
  private func standsOnGuess(
    _ layer: any Layer, _ section: CfgFile.Section, _ spec: SectionSpec
  ) -> Bool {
    var inputs = layer.inputs.map(\.layer)
    if layer is Unreadable {
      inputs = [nodes.count - 1]
      for key in spec.keys where key.namesLayers {
        let elements = section.entry(key.name)?.value.split(separator: ",") ?? []
        inputs += elements.compactMap { Int($0) }.map { $0 < 0 ? nodes.count + $0 : $0 }
      }
    }
    return inputs.contains { $0 < 0 ? isInputGuessed : guessed.contains($0) }
  }

  private mutating func layerType(_ section: CfgFile.Section) -> (any Layer.Type)? {
    let name = section.name
    if let type = registry[name] { return type }
    if let refusal = UnsupportedSections.refusal(of: name) {
      report(.unsupportedSection(name, because: refusal.reason, help: refusal.help), section)
    } else if NetSection.spec.names.contains(name) {
      report(.secondNet, section)
    } else if nodes.isEmpty, file.sections.first?.location == section.location {
      // That the first section is not [net] was said; its name may be a layer's all the same.
    } else {
      report(unknownSection(name), section)
    }
    return nil
  }

  private mutating func unknownSection(_ name: String) -> Problem {
    if let known = unknownSections[name] { return known }
    let isSearched = unknownSections.count < Self.maxSuggestions
    let problem = Problem.unknownSection(
      name, known: isSearched ? registry.names + UnsupportedSections.names : [])
    if isSearched { unknownSections[name] = problem }
    return problem
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
