import PenumbraCfg

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
  private var payloadBytes: Int { fileBytes - header.byteCount }

  /// Nil when the file fits.
  func problem(_ graph: Graph, allowsPartial: Bool) -> WeightsError.Reason? {
    guard layout.count < GraphBuilder.largestTensor else { return .tooLarge(bytes: expected) }
    if fileBytes == expected { return nil }
    guard fileBytes < expected else {
      return .tooLong(expected: expected, found: fileBytes, fits: suggestion(graph))
    }
    if allowsPartial, cutOff != nil, mixedHeader == nil { return nil }
    let floats = payloadBytes / 4
    let end = layout.entries.last { ($0.offset ?? .max) <= floats } ?? layout.entries[0]
    return .tooShort(
      layer: end.id.layer, section: end.section, tensor: end.parameter.role.rawValue,
      offset: header.byteCount + 4 * (end.offset ?? 0), expected: expected, found: fileBytes,
      fits: suggestion(graph))
  }

  private func suggestion(_ graph: Graph) -> WeightsError.Suggestion? {
    if let mixedHeader { return mixedHeader }
    if let fitting = fittingClasses(graph) ?? fittingLastLayer(graph) { return fitting }
    guard let layers = cutOff?.lowerBound, layers > 0 else { return nil }
    return .backbone(layers: layers)
  }

  /// The other header, where the file fits with it to the byte: some programs write the 16 bytes of old
  /// versions, or the 20 of new ones, whatever version they state.
  private var mixedHeader: WeightsError.Suggestion? {
    let other = header.byteCount == 20 ? 16 : 20
    guard fileBytes == expected - header.byteCount + other, header.major == 0,
      header.minor <= 2
    else { return nil }
    return .header(bytes: other, version: header)
  }

  /// After how many layers the file ends.
  private var cutOff: ClosedRange<Int>? {
    guard payloadBytes < 4 * layout.count, payloadBytes % 4 == 0 else { return nil }
    return layout.cutOff(floats: payloadBytes / 4)
  }

  // MARK: Other sizes of the same network

  /// The number of classes with which the layers before the heads would need exactly this file.
  private func fittingClasses(_ graph: Graph) -> WeightsError.Suggestion? {
    guard let classes = graph.heads.first?.head.classes else { return nil }
    var (floats, filters): (Int, [(now: Int, perClass: Int)]) = (0, [])
    for (_, head) in graph.heads {
      guard let layer = head.inputs.first?.layer, layer >= 0, let width = floatsPerChannel(layer)
      else { return nil }
      floats += width * head.channelsPerClass
      filters.append((graph.nodes[layer].layer.output.channels, head.channelsPerClass))
    }
    guard let more = surplus(of: floats), classes + more > 0 else { return nil }
    return .classes(
      classes + more, filters: Set(filters.map { $0.now + $0.perClass * more }).sorted())
  }

  /// The same for a classifier: the width of its last layer with weights.
  private func fittingLastLayer(_ graph: Graph) -> WeightsError.Suggestion? {
    guard graph.heads.isEmpty, let last = layout.entries.last?.id.layer,
      let key = ["filters", "output"].first(where: {
        graph.nodes[last].section.entry($0) != nil
      }),
      let floats = floatsPerChannel(last), let more = surplus(of: floats)
    else { return nil }
    let count = graph.nodes[last].layer.output.channels + more
    guard count > 0 else { return nil }
    return .lastLayer(last, section: graph.nodes[last].name, key: key, count: count)
  }

  /// Numbers in the file for each output channel of a layer.
  private func floatsPerChannel(_ layer: Int) -> Int? {
    let stored = layout.entries.filter { $0.id.layer == layer && $0.offset != nil }
    guard let weights = stored.first(where: { $0.parameter.role == .weights })?.parameter else {
      return nil
    }
    let channels = weights.count / max(1, weights.fanIn)
    let floats = stored.reduce(0) { $0 + $1.parameter.count }
    return floats % channels == 0 ? floats / channels : nil
  }

  /// How many times `floats` numbers the file is too long, below 0 when it is too short.
  private func surplus(of floats: Int) -> Int? {
    let bytes = fileBytes - expected
    guard floats > 0, bytes % (4 * floats) == 0 else { return nil }
    return bytes / (4 * floats)
  }
}
