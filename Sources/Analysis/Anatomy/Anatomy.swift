public import PenumbraEngine

/// What a network is made of, as one who knows the CSPNet paper would describe it: stages, blocks,
/// CSP stages with their split and fusion, pyramid and heads.
///
/// Recognition looks at the wiring alone: names, comments and the order in the file do not matter
/// to it, apart from the order of layers that the backbone's end is found by.
public struct Anatomy: Sendable {
  /// The backbone's stages; the stem is number 0.
  public let stages: [Stage]
  /// All blocks, those inside CSP stages too, in file order.
  public let blocks: [Block]
  /// All CSP stages, those of a neck too, in file order.
  public let crossStages: [CrossStage]
  public let modules: [Module]
  /// Nil for classifiers.
  public let pyramid: Pyramid?
  /// Nil where no maxout compresses a pyramid.
  public let compression: Compression?
  /// Where the backbone ends: the first layer of neck, heads or classifier.
  public let backboneEnd: Int
  /// What each layer belongs to.
  public let parts: [Part]

  /// Where a layer stands in a network.
  public enum Part: Hashable, Sendable {
    /// By the number of the stage; 0 is the stem.
    case stage(Int)
    case neck
    /// By the index in `pyramid.heads`: what leads to this head alone.
    case head(Int)
    /// From the mean over the map to the scores.
    case classifier
  }

  /// What a network may have that is taken apart: layers, and references to layers, together. The
  /// search compares joins with all that leads to them, which takes too long for far more.
  public static let maxSize = 4096

  /// Layers, and references to layers, of a network that is too large to be taken apart.
  public let excess: Int?

  public init(_ graph: Graph) {
    let size = Self.size(of: graph)
    if size > Self.maxSize { self.init(excess: size, graph) } else { self.init(Wiring(graph)) }
  }

  /// Layers and references to layers.
  public static func size(of graph: Graph) -> Int {
    graph.nodes.reduce(graph.nodes.count) { $0 + max(0, $1.layer.inputs.count - 1) }
  }

  /// Of a network that is not taken apart: all of it is one part.
  private init(excess: Int, _ graph: Graph) {
    self.excess = excess
    (stages, blocks, crossStages, modules) = ([], [], [], [])
    (pyramid, compression, backboneEnd) = (nil, nil, graph.nodes.count)
    let part: Part = graph.heads.isEmpty ? .classifier : .neck
    parts = Array(repeating: part, count: graph.nodes.count)
  }

  package init(_ wiring: Wiring) {
    let residual = wiring.residualBlocks()
    let dense = wiring.denseLayers()
    let blocks = (residual + dense).sorted {
      ($0.output, $0.layers.count) < ($1.output, $1.layers.count)
    }
    let crossStages = wiring.crossStages(blocks)
    let structures =
      crossStages.compactMap { stage in stage.layers.first.map { $0...stage.output } }
      + blocks.compactMap { block in block.layers.first.map { $0...block.output } }
    let modules = wiring.modules()
    let outline = wiring.outline(structures, modules)
    let stages = wiring.stages(before: outline.backboneEnd, blocks, crossStages)
    let pyramid = PyramidSearch.pyramid(wiring, outline)
    excess = nil
    self.stages = stages
    self.blocks = blocks
    self.crossStages = crossStages
    self.pyramid = pyramid
    self.modules = modules
    compression = pyramid.flatMap { wiring.compression(outline, $0) }
    backboneEnd = outline.backboneEnd
    parts = wiring.parts(outline, stages)
  }

  /// A CSP stage of the backbone by number, from 1.
  public func number(of crossStage: CrossStage) -> Int? {
    let backbone = crossStages.filter { $0.output < backboneEnd }
    return backbone.firstIndex(of: crossStage).map { $0 + 1 }
  }

  /// The layers of a part, in file order.
  public func layers(of part: Part) -> [Int] { parts.indices.filter { parts[$0] == part } }
}

extension Wiring {
  fileprivate func parts(_ outline: Outline, _ stages: [Stage]) -> [Anatomy.Part] {
    let rest: Anatomy.Part = outline.heads.isEmpty ? .classifier : .neck
    var parts = Array(repeating: rest, count: kinds.count)
    for stage in stages {
      for layer in stage.layers { parts[layer] = .stage(stage.number) }
    }
    for (index, head) in outline.heads.enumerated() {
      var layer = head
      parts[head] = .head(index)
      // The convolutions that nobody but this head reads.
      while let input = inputs[layer].first, input >= outline.backboneEnd, inputs[layer].count == 1,
        isConvolution(input), readers[input].count == 1
      {
        parts[input] = .head(index)
        layer = input
      }
    }
    return parts
  }
}
