import PenumbraAnalysis
public import PenumbraCfg
public import PenumbraEngine

/// One network of a record.
public struct NetworkRecord: Hashable, Sendable {
  /// The size at which the layers were run, in pixels; smaller than the cfg's, to save time.
  public var runWidth: Int
  public var runHeight: Int
  /// Numbers in the weights file, at the cfg's own size as all costs are.
  public var parameters: Int
  /// Billions of operations as Darknet counts them today.
  public var bflops: Double
  /// How many warnings and notes of each code lint has for the file.
  public var lint: [String: Int]
  public var net: SectionRecord
  public var layers: [LayerRecord]
  /// By backend: how long one image takes on one thread, in units of a matrix product of the same
  /// run.
  public var speed: [String: Double] = [:]

  public struct LayerRecord: Hashable, Sendable {
    public var section: SectionRecord
    /// Nil until the network was run.
    public var output: OutputRecord?
  }

  /// What a cfg says, before it is run.
  ///
  /// - Parameters:
  ///   - graph: the graph of `file` at its own size.
  ///   - small: the graph at the size at which it is run.
  public init(_ file: CfgFile, _ graph: Graph, small: Graph, lint diagnostics: [Diagnostic]) {
    (runWidth, runHeight) = (small.net.input.width, small.net.input.height)
    parameters = graph.parameterCount
    bflops = (graph.bflops * 1e9).rounded() / 1e9
    lint = Dictionary(
      diagnostics.map { ($0.problem.code.rawValue, 1) }, uniquingKeysWith: +)
    net = SectionRecord(file.sections[0], shape: small.net.input)
    layers = small.nodes.map { node in
      LayerRecord(section: SectionRecord(node.section, shape: node.layer.output), output: nil)
    }
  }

  init(
    run: (width: Int, height: Int), parameters: Int, bflops: Double, lint: [String: Int],
    net: SectionRecord, layers: [LayerRecord], speed: [String: Double]
  ) {
    (runWidth, runHeight) = run
    (self.parameters, self.bflops, self.lint) = (parameters, bflops, lint)
    (self.net, self.layers, self.speed) = (net, layers, speed)
  }

  /// One sample of layers in between, more of what the network is asked for. Layers that only point
  /// at others keep nothing: what they point at shows in whoever reads them.
  mutating func keep(_ trace: Trace, of graph: Graph) {
    let results = Set(graph.heads.map(\.layer) + [graph.outputLayer])
    for layer in trace.layers {
      let isResult = results.contains(layer.index)
      guard isResult || !LayerKind(graph.nodes[layer.index].layer).isView else { continue }
      layers[layer.index].output = OutputRecord(layer, samples: isResult ? 8 : 1)
    }
  }
}
