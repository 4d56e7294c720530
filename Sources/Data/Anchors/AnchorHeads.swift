public import PenumbraCfg
public import PenumbraEngine

/// The anchors of a network, which of them each head uses, and where they stand in its cfg.
public struct AnchorHeads: Sendable {
  public struct Head: Hashable, Sendable, Codable {
    /// The layer's index.
    public let layer: Int
    /// Pixels of the input for a cell of the head's grid.
    public let stride: Int
    /// Which anchors the head uses.
    public let mask: [Int]
    /// Line of `anchors` in the cfg.
    public let line: Int
  }

  public let heads: [Head]
  /// In pixels of the input, in the order of the cfg.
  public let anchors: [Anchor]
  /// Pixels of one unit of the cfg: 1, or the stride of a `[region]` head, which counts in cells.
  public let unit: Double
  public let width, height: Int
  public let letterBox: Bool
  /// Of the cfg.
  public let name: String
  private let entries: [CfgFile.Entry]
  private let isWhole: Bool

  /// - Throws: `DataError.Reason.unusableAnchors` for heads that no one list of anchors fits.
  public init(_ graph: Graph) throws(DataError) {
    name = graph.name
    (width, height) = (graph.net.input.width, graph.net.input.height)
    letterBox = graph.net.letterBox
    var heads: [Head] = []
    var entries: [CfgFile.Entry] = []
    var lists: [[Anchor]] = []
    var region = false
    for (index, node) in graph.nodes.enumerated() {
      guard let keys = Self.keys(node.layer) else { continue }
      guard let entry = node.section.entry("anchors") else {
        throw Self.error("the head of line \(node.section.location.line) has no 'anchors'", name)
      }
      heads.append(
        Head(
          layer: index, stride: width / max(node.layer.output.width, 1), mask: keys.mask,
          line: entry.valueLocation.line))
      entries.append(entry)
      lists.append(keys.anchors.map { Anchor(width: Self.number($0), height: Self.number($1)) })
      region = region || node.layer is Region
    }
    guard let list = lists.first else {
      throw Self.error("the network has no head with anchors", name)
    }
    guard Set(lists).count == 1 else {
      throw Self.error("the heads do not share one list of 'num' anchors", name)
    }
    guard list.allSatisfy({ $0.width > 0 && $0.height > 0 }) else {
      throw Self.error("anchors must be above 0", name)
    }
    guard !region || heads.count == 1 else {
      throw Self.error("a [region] head among others measures its anchors differently", name)
    }
    let unit = region ? Double(heads[0].stride) : 1
    self.unit = unit
    anchors = list.map { Anchor(width: $0.width * unit, height: $0.height * unit) }
    isWhole =
      !region && list.allSatisfy { [$0.width, $0.height].allSatisfy { $0 == $0.rounded() } }
    self.heads = heads
    self.entries = entries
  }

  private static func error(_ text: String, _ file: String) -> DataError {
    DataError(.unusableAnchors(text), file: file)
  }

  /// All anchors that a head knows, and which of them it uses; nil for other layers.
  private static func keys(
    _ layer: any Layer
  ) -> (anchors: [(width: Float, height: Float)], mask: [Int])? {
    switch layer {
    case let head as Yolo: (head.keys.allAnchors, head.keys.mask)
    case let head as GaussianYolo: (head.keys.allAnchors, head.keys.mask)
    case let head as Region: (head.anchors, Array(head.anchors.indices))
    default: nil
    }
  }

  /// The number as the cfg has it, which single precision may have no place for.
  private static func number(_ value: Float) -> Double { Double("\(value)") ?? Double(value) }

  // MARK: New anchors

  /// Anchors from the smallest to the largest in the order in which the cfg should list them: the
  /// heads keep their masks, and those with smaller strides get smaller anchors.
  ///
  /// - Precondition: as many as there are.
  public func ordered(_ sorted: [Anchor]) -> [Anchor] {
    precondition(sorted.count == anchors.count, "another number of anchors")
    var places: [Int] = []
    for head in heads.sorted(by: { ($0.stride, $0.layer) < ($1.stride, $1.layer) }) {
      for place in head.mask.sorted() where anchors.indices.contains(place) {
        if !places.contains(place) { places.append(place) }
      }
    }
    // In a list that ascends with the strides anyway, places that no head uses keep theirs.
    if places == places.sorted() {
      places = Array(anchors.indices)
    } else {
      places += anchors.indices.filter { !places.contains($0) }
    }
    var ordered = sorted
    for (rank, place) in places.enumerated() { ordered[place] = sorted[rank] }
    return ordered
  }

  /// As the cfg would say them: whole pixels where it has whole pixels now, else a few decimals.
  public func rounded(_ anchors: [Anchor]) -> [Anchor] {
    func rounded(_ value: Double) -> Double {
      isWhole ? max(value.rounded(), 1) : max((value / unit).rounded(decimals: 4), 1e-4) * unit
    }
    return anchors.map { Anchor(width: rounded($0.width), height: rounded($0.height)) }
  }

  /// The lines of the cfg that change, all else as it stands.
  public func edits(_ anchors: [Anchor]) -> CfgEdits {
    let list = anchors.map { anchor in
      [anchor.width, anchor.height].map { ($0 / unit).shortText(4) }.joined(separator: ",")
    }.joined(separator: ", ")
    var edits = CfgEdits()
    for entry in entries {
      let line = entry.sourceLine
      guard let equals = line.firstIndex(of: "=") else { continue }
      let rest = line[line.index(after: equals)...]
      let blanks = rest.prefix { $0 == " " || $0 == "\t" }
      edits[entry.valueLocation.line] = [line[...equals] + blanks + list]
    }
    return edits
  }
}
