import PenumbraEngine

/// What `weights` prints of a file that fits, or of a cfg alone.
struct WeightsReport: Encodable {
  private let cfg: String
  private let file: String?
  private let header: Header?
  private let expectedBytes: Int
  private let foundBytes: Int?
  private let fits: Bool?
  private let floats: Int
  private let layersHeld: Int?
  private let tensors: [Tensor]

  struct Header: Encodable {
    let major, minor, revision: Int32
    let seen: UInt64
    /// Training steps: images seen by the images of a step.
    let iteration: UInt64
    let bytes: Int
    let transposed: Bool
  }

  struct Tensor: Encodable {
    let layer: Int
    let section: String
    let tensor: String
    /// Bytes from the start of the file; nil, as the statistics, where the file does not hold it.
    let offset: Int?
    let count: Int
    let statistics: TensorStatistics?
  }

  enum CodingKeys: String, CodingKey {
    case cfg, file, header, fits, floats, tensors
    case expectedBytes = "expected_bytes"
    case foundBytes = "found_bytes"
    case layersHeld = "layers_held"
  }

  init(_ graph: Graph, _ weights: Weights?) {
    let layout = weights?.layout ?? WeightsLayout(graph)
    let stored = weights?.header ?? WeightsHeader()
    let held = weights?.loadedLayers ?? graph.nodes.count
    let expected = layout.byteCount(stored)
    let found = weights.map { _ in stored.byteCount + 4 * layout.count(upTo: held) }
    let statistics = weights?.statistics()
    cfg = graph.name
    file = weights?.origin
    header = weights.map { _ in Header(stored, graph.net) }
    (expectedBytes, foundBytes) = (expected, found)
    fits = found.map { $0 == expected }
    floats = layout.count
    layersHeld = weights?.loadedLayers
    tensors = layout.entries.enumerated().map { index, entry in
      let offset = entry.id.layer < held ? entry.offset : nil
      return Tensor(
        layer: entry.id.layer, section: entry.section, tensor: entry.parameter.role.rawValue,
        offset: offset.map { stored.byteCount + 4 * $0 }, count: entry.parameter.count,
        statistics: offset == nil ? nil : statistics?[index])
    }
  }

  /// Whether the network cannot compute with these numbers.
  var isBroken: Bool { tensors.contains { $0.statistics?.isBroken == true } }

  // MARK: Text

  var lines: [String] {
    var text = TextTable([
      ("layer", .right), ("section", .left), ("tensor", .left), ("offset", .right),
      ("count", .right), ("mean", .right), ("rms", .right), ("min", .right), ("max", .right),
      ("", .left),
    ])
    for tensor in tensors { text.append(tensor.cells) }
    return text.lines + [""] + totals
  }

  private var totals: [String] {
    var lines: [String] = []
    if let file, let header {
      lines.append("file    \(file)")
      lines.append(
        "header  version \(header.major).\(header.minor).\(header.revision), \(header.bytes) bytes;"
          + " seen \(counted(Int(clamping: header.seen), "image")), iteration \(header.iteration)"
          + (header.transposed ? "; connected layers transposed" : ""))
    }
    lines.append("floats  \(floats)")
    lines.append("bytes   \(sizes)")
    return lines + findings
  }

  private var sizes: String {
    guard let foundBytes else { return "\(expectedBytes) expected" }
    if foundBytes == expectedBytes { return "\(expectedBytes) expected and found: the file fits" }
    let layers = layersHeld ?? 0
    return "\(expectedBytes) expected, \(foundBytes) found: the first \(counted(layers, "layer"))"
      + " (.conv.\(layers)); the rest has its initial values"
  }

  private var findings: [String] {
    guard foundBytes != nil else { return [] }
    let statistics = tensors.compactMap(\.statistics)
    let counts = [
      (statistics.reduce(0) { $0 + $1.nans }, "NaN", "NaNs"),
      (statistics.reduce(0) { $0 + $1.infinities }, "infinity", "infinities"),
      (
        statistics.reduce(0) { $0 + $1.negativeVariances }, "negative variance",
        "negative variances"
      ),
      (statistics.reduce(0) { $0 + $1.zeroFilters.count }, "filter of zeros", "filters of zeros"),
    ].filter { $0.0 > 0 }.map { counted($0.0, $0.1, plural: $0.2) }
    return ["flags   " + (counts.isEmpty ? "none" : counts.joined(separator: ", "))]
  }
}

extension WeightsReport.Header {
  init(_ header: WeightsHeader, _ net: NetSection) {
    (major, minor, revision) = (header.major, header.minor, header.revision)
    seen = header.seen
    // Darknet divides in this order, and rounds down each time.
    let perStep = max(1, net.batch / net.subdivisions) * net.subdivisions
    iteration = header.seen / UInt64(perStep)
    bytes = header.byteCount
    transposed = header.isTransposed
  }
}

extension WeightsReport.Tensor {
  enum CodingKeys: String, CodingKey { case layer, section, tensor, offset, count }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(layer, forKey: .layer)
    try container.encode(section, forKey: .section)
    try container.encode(tensor, forKey: .tensor)
    try container.encode(offset, forKey: .offset)
    try container.encode(count, forKey: .count)
    try statistics?.encode(to: encoder)
  }

  fileprivate var cells: [String] {
    func number(_ value: Double?) -> String { value?.text(5) ?? (statistics == nil ? "" : "-") }
    return [
      "\(layer)", section, tensor, offset.map(String.init) ?? "none", "\(count)",
      number(statistics?.mean), number(statistics?.rms), number(statistics?.min.map(Double.init)),
      number(statistics?.max.map(Double.init)), flags,
    ]
  }

  /// How many filters are listed by number.
  private static let listLimit = 8

  private var flags: String {
    guard let statistics else { return "" }
    var flags: [String] = []
    if statistics.nans > 0 { flags.append("\(statistics.nans) NaN") }
    if statistics.infinities > 0 {
      flags.append(counted(statistics.infinities, "infinity", plural: "infinities"))
    }
    if statistics.negativeVariances > 0 {
      flags.append(counted(statistics.negativeVariances, "negative variance"))
    }
    let zeros = statistics.zeroFilters
    if !zeros.isEmpty {
      let list = zeros.prefix(Self.listLimit).map(String.init).joined(separator: ", ")
      let more = zeros.count > Self.listLimit ? ", ..." : ""
      flags.append("\(counted(zeros.count, "zero filter")): \(list)\(more)")
    }
    return flags.joined(separator: "; ")
  }
}

/// What `weights --json` prints of a file that does not fit.
struct WeightsMisfit: Encodable {
  private let cfg: String
  private let file: String
  private let fits = false
  private let expectedBytes: Int
  private let foundBytes: Int
  private let error: String
  private let help: String?

  enum CodingKeys: String, CodingKey {
    case cfg, file, fits, error, help
    case expectedBytes = "expected_bytes"
    case foundBytes = "found_bytes"
  }

  /// Nil for errors that are not about the file's size.
  init?(_ error: WeightsError, cfg: String) {
    switch error.reason {
    case .tooShort(_, _, _, _, let expected, let found, _), .tooLong(let expected, let found, _):
      (expectedBytes, foundBytes) = (expected, found)
    default: return nil
    }
    self.cfg = cfg
    file = error.file
    self.error = error.problem
    help = error.remedy
  }
}
