/// Where each tensor of a graph stands in a weights file.
public struct WeightsLayout: Sendable {
  public struct Entry: Hashable, Sendable {
    public let id: ParameterID
    public let section: String
    public let parameter: Parameter
    /// Floats from the end of the header; nil when the cfg says that the file holds none.
    public let offset: Int?
  }

  /// Every tensor in file order.
  public let entries: [Entry]
  /// Numbers in the file.
  public let count: Int
  /// The place of each layer's first entry.
  let firstEntry: [Int]

  public init(_ graph: Graph) {
    var (entries, firsts, offset): ([Entry], [Int], Int) = ([], [], 0)
    for (layer, node) in graph.nodes.enumerated() {
      firsts.append(entries.count)
      for (index, parameter) in node.layer.parameters.enumerated() {
        let isStored = node.options.stores(parameter)
        entries.append(
          Entry(
            id: ParameterID(layer: layer, index: index), section: node.name, parameter: parameter,
            offset: isStored ? offset : nil))
        if isStored {
          let (sum, overflow) = offset.addingReportingOverflow(parameter.count)
          offset = overflow ? .max / 8 : min(sum, .max / 8)
        }
      }
    }
    self.entries = entries
    count = offset
    firstEntry = firsts
  }

  public subscript(id: ParameterID) -> Entry { entries[firstEntry[id.layer] + id.index] }

  /// Bytes of a file with the given header.
  public func byteCount(_ header: WeightsHeader) -> Int { header.byteCount + 4 * count }

  /// How many layers a file of `floats` numbers holds whole; nil when it ends inside a layer.
  func wholeLayers(floats: Int) -> Int? {
    let stored = entries.compactMap { entry in entry.offset.map { (entry, $0) } }
    guard let next = stored.first(where: { $0.1 >= floats }) else { return nil }
    guard next.1 == floats, next.0.id.index == 0 || stored.first?.1 == floats else { return nil }
    return next.0.id.layer
  }
}

extension LayerOptions {
  func stores(_ parameter: Parameter) -> Bool {
    guard !skipsLoading else { return false }
    switch parameter.role {
    case .scales, .rollingMean, .rollingVariance: return !skipsLoadingScales
    case .biases, .weights, .mixingWeights, .constants: return true
    }
  }
}
