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
  /// The place of each layer's first entry, one a layer.
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

  private init() { (entries, count, firstEntry) = ([], 0, []) }
  /// Of a network without parameters.
  static let none = WeightsLayout()

  public subscript(id: ParameterID) -> Entry { entries[firstEntry[id.layer] + id.index] }

  /// The most bytes worth reading of a pipe: beyond twice what the network needs, nothing more is
  /// learnt of why they do not fit.
  var largestStream: Int {
    saturatingSum(saturatingProduct(8, count), 1 << 20)
  }

  /// Bytes of a file with the given header.
  public func byteCount(_ header: WeightsHeader) -> Int { header.byteCount + 4 * count }

  /// Numbers that the first `layers` layers take.
  public func count(upTo layers: Int) -> Int {
    let next = entries.first { $0.id.layer >= layers && $0.offset != nil }
    return next?.offset ?? count
  }

  /// After how many layers a file of `floats` numbers was cut off; nil when it ends inside a layer.
  ///
  /// Several answers are right where layers without weights stand at the cut. The smallest is the
  /// one in the names of published files (`darknet53.conv.74`).
  func cutOff(floats: Int) -> ClosedRange<Int>? {
    let stored = entries.filter { $0.offset != nil }
    let held = stored.prefix { $0.offset! < floats }.last
    let next = stored.first { $0.offset! >= floats }
    guard next?.offset ?? count == floats, next == nil || next?.id.layer != held?.id.layer else {
      return nil
    }
    let least = held.map { $0.id.layer + 1 } ?? 0
    return least...(next?.id.layer ?? firstEntry.count)
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
