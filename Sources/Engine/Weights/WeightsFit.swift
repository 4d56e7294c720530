/// Whether a file's size fits a graph, and if not, what would.
struct WeightsFit {
  private let layout: WeightsLayout
  private let header: WeightsHeader
  private let fileBytes: Int

  init(_ layout: WeightsLayout, _ header: WeightsHeader, fileBytes: Int) {
    self.layout = layout
    self.header = header
    self.fileBytes = fileBytes
  }

  private var expected: Int { layout.byteCount(header) }

  /// Nil when the file fits.
  func problem(_ graph: Graph, allowsPartial: Bool) -> WeightsError.Reason? {
    guard layout.count < GraphBuilder.largestTensor else { return .tooLarge(bytes: expected) }
    if fileBytes == expected { return nil }
    let fits = suggestion(graph)
    guard fileBytes < expected else {
      return .tooLong(expected: expected, found: fileBytes, fits: fits)
    }
    let floats = (fileBytes - header.byteCount) / 4
    if allowsPartial, (fileBytes - header.byteCount) % 4 == 0,
      layout.wholeLayers(floats: floats) != nil
    {
      return nil
    }
    let end = layout.entries.last { ($0.offset ?? .max) <= floats } ?? layout.entries[0]
    return .tooShort(
      layer: end.id.layer, section: end.section, tensor: end.parameter.role.rawValue,
      offset: header.byteCount + 4 * (end.offset ?? 0), expected: expected, found: fileBytes,
      fits: fits)
  }

  private func suggestion(_ graph: Graph) -> String? {
    let surplus = fileBytes - expected
    if let classes = fittingClasses(graph) {
      let filters = graph.heads.map { head -> String in
        let old = graph.nodes[head.layer].layer.output.channels
        let anchors = anchorCount(graph, head.layer)
        return "filters=\(old + anchors * (classes - head.head.classes))"
      }
      let list = Set(filters).sorted().joined(separator: ", ")
      return "the file fits with classes=\(classes) (\(list) before each head)"
    }
    if surplus < 0, (fileBytes - header.byteCount) % 4 == 0,
      let layers = layout.wholeLayers(floats: (fileBytes - header.byteCount) / 4)
    {
      return
        "the file holds the first \(layers) layers (.conv.\(layers)); use --partial to start from it"
    }
    return nil
  }

  private func anchorCount(_ graph: Graph, _ layer: Int) -> Int {
    guard let head = graph.nodes[layer].layer as? any DetectionHead else { return 0 }
    let channels = graph.nodes[layer].layer.output.channels
    // Every anchor has the classes and 5 planes (9 with uncertainties).
    for planes in [5, 9] where channels % (head.classes + planes) == 0 {
      return channels / (head.classes + planes)
    }
    return 0
  }

  /// The number of classes with which the heads' last convolutions would need exactly this file.
  private func fittingClasses(_ graph: Graph) -> Int? {
    guard let classes = graph.heads.first?.head.classes else { return nil }
    var floatsPerClass = 0
    for (layer, _) in graph.heads {
      guard layer > 0, let last = graph.nodes[layer - 1].layer as? Convolutional else { return nil }
      let perFilter = last.parameters.reduce(0) { $0 + $1.count } / last.output.channels
      floatsPerClass += perFilter * anchorCount(graph, layer)
    }
    let surplus = fileBytes - expected
    guard floatsPerClass > 0, surplus % (4 * floatsPerClass) == 0 else { return nil }
    let fitting = classes + surplus / (4 * floatsPerClass)
    return fitting > 0 ? fitting : nil
  }
}
