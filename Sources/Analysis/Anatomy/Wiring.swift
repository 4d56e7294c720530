package import PenumbraEngine

/// Who reads whom, seen through sections that only repeat an earlier layer: a `[route]` of one whole
/// layer, `[dropout]` and the like stand for what they read.
///
/// Layers are numbers; -1 is the network's input.
package struct Wiring: Sendable {
  package let graph: Graph
  package let kinds: [LayerKind]
  /// The layers each layer reads.
  package let inputs: [[Int]]
  /// The layers that read each layer.
  package let readers: [[Int]]
  /// The layers that compute what attention multiplies with.
  package private(set) var gates: Set<Int> = []
  private let originals: [Int]
  private let joined: [[Int]]
  private let strides: [Double]

  package init(_ graph: Graph) {
    self.graph = graph
    strides = ReceptiveField.fields(of: graph).map(\.strideX)
    kinds = graph.nodes.map { LayerKind($0.layer) }
    var originals: [Int] = []
    var inputs: [[Int]] = []
    var readers = Array(repeating: [Int](), count: graph.nodes.count)
    for (index, node) in graph.nodes.enumerated() {
      let read = node.layer.inputs.map { $0.layer < 0 ? -1 : originals[$0.layer] }
      let repeats = kinds[index].isView && Self.isWhole(node.layer)
      originals.append(repeats ? read[0] : index)
      inputs.append(read)
      guard !repeats else { continue }
      for layer in Set(read) where layer >= 0 { readers[layer].append(index) }
    }
    (self.originals, self.inputs, self.readers) = (originals, inputs, readers)
    joined = Self.strands(graph, kinds, inputs)
    for layer in kinds.indices {
      let (map, scales) =
        switch kinds[layer] {
        case .scaleChannels: (inputs[layer][0], inputs[layer][1])
        case .spatialAttention: (inputs[layer][1], inputs[layer][0])
        default: (-1, -1)
        }
      guard map < scales else { continue }
      gates.formUnion(region(from: [map], to: [scales]) ?? [])
    }
  }

  private static func isWhole(_ layer: any Layer) -> Bool {
    layer.inputs.count == 1 && layer.inputs[0].shape.count == layer.output.count
  }

  package var indices: Range<Int> { kinds.indices }

  /// What a layer stands for.
  package func original(_ layer: Int) -> Int { layer < 0 ? -1 : originals[layer] }

  package func shape(_ layer: Int) -> Shape {
    layer < 0 ? graph.net.input : graph.nodes[layer].layer.output
  }
  package func channels(_ layer: Int) -> Int { shape(layer).channels }

  /// The cumulative stride of a layer's output, in whole pixels of the network's input.
  package func stride(_ layer: Int) -> Int {
    guard layer >= 0 else { return 1 }
    return max(1, Int(min(strides[layer], 1e9).rounded()))
  }

  // MARK: Kinds

  /// Whole layers joined along the channels.
  package func isJoin(_ layer: Int) -> Bool {
    guard layer >= 0, kinds[layer] == .route, inputs[layer].count > 1 else { return false }
    return inputs[layer].reduce(0) { $0 + channels($1) } == channels(layer)
  }

  /// A share of a layer's channels.
  package func isSlice(_ layer: Int) -> Bool {
    guard layer >= 0 else { return false }
    return kinds[layer] == .partial
      || kinds[layer] == .route && original(layer) == layer && !isJoin(layer)
  }

  package func isConvolution(_ layer: Int) -> Bool { layer >= 0 && kinds[layer] == .convolution }

  package func details(_ layer: Int) -> LayerDetails {
    guard layer >= 0 else { return LayerDetails() }
    return (graph.nodes[layer].layer as? any DescribedLayer)?.details ?? LayerDetails()
  }

  /// A 1x1 convolution with stride 1 that reads all channels.
  package func isPoint(_ layer: Int) -> Bool {
    guard isConvolution(layer) else { return false }
    let details = details(layer)
    return details.size == 1 && details.strideX == 1 && details.strideY == 1
      && details.groups ?? 1 == 1
  }

  // MARK: Walks

  /// What a layer consists of: its own number, or what it joins, joins in joins opened, each once.
  package func strands(_ layer: Int) -> [Int] { layer < 0 ? [layer] : joined[layer] }

  /// One list for each layer; joins of very many strands stay closed, so that a long chain of them
  /// stays cheap.
  private static func strands(
    _ graph: Graph, _ kinds: [LayerKind], _ inputs: [[Int]]
  ) -> [[Int]] {
    var lists: [[Int]] = []
    for (index, node) in graph.nodes.enumerated() {
      let channels = node.layer.inputs.reduce(0) { saturatingSum($0, $1.shape.channels) }
      guard kinds[index] == .route, inputs[index].count > 1,
        channels == node.layer.output.channels
      else {
        lists.append([index])
        continue
      }
      var seen: Set<Int> = []
      let opened = inputs[index].flatMap { $0 < 0 ? [$0] : lists[$0] }
        .filter { seen.insert($0).inserted }
      lists.append(opened.count <= mostStrands ? opened : [index])
    }
    return lists
  }

  /// More than any published network joins.
  private static let mostStrands = 256

  /// The layers that compute `ends` from `base` alone, in file order; nil when something else takes
  /// part. `base` and views of it are left out.
  package func region(from base: [Int], to ends: [Int]) -> [Int]? {
    var seen: Set<Int> = []
    var waiting = ends
    let first = base.max() ?? -1
    while let layer = waiting.popLast() {
      if base.contains(layer) || seen.contains(layer) { continue }
      guard layer > first else { return nil }
      seen.insert(layer)
      if inputs[layer] != base { waiting += inputs[layer] }
    }
    return seen.sorted()
  }

  /// The last of the convolutions that follow one another from `layer` on, each the only reader of
  /// the one before, and all of them.
  package func chain(from layer: Int) -> [Int] {
    var chain = [layer]
    while let last = chain.last, readers[last].count == 1, isConvolution(readers[last][0]) {
      chain.append(readers[last][0])
    }
    return chain
  }
}
