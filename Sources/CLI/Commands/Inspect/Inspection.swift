import PenumbraEngine

/// What `inspect` prints.
struct Inspection: Encodable {
  private let cfg: String
  private let input: [Int]
  private let batch: Int
  private let backend: String
  private let table: LayerTable
  private let memory: MemoryEstimate

  init(_ graph: Graph, table: LayerTable, memory: MemoryEstimate, _ options: PlanOptions) {
    cfg = graph.name
    input = graph.net.input.extents
    batch = options.batch
    backend = options.backend.name
    self.table = table
    self.memory = memory
  }

  enum CodingKeys: String, CodingKey { case cfg, input, batch, backend, memory }

  func encode(to encoder: any Encoder) throws {
    try table.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(cfg, forKey: .cfg)
    try container.encode(input, forKey: .input)
    try container.encode(batch, forKey: .batch)
    try container.encode(backend, forKey: .backend)
    try container.encode(memory, forKey: .memory)
  }

  // MARK: Text

  var lines: [String] {
    var text = TextTable([
      ("layer", .right), ("section", .left), ("filters", .right), ("groups", .right),
      ("size/stride", .left), ("reads", .left), ("input", .left), ("output", .left),
      ("parameters", .right), ("BFLOPs", .right), ("", .left),
    ])
    for row in table.rows { text.append(cells(row)) }
    return text.lines + [""] + totals
  }

  private func cells(_ row: LayerTable.Row) -> [String] {
    let details = row.details
    let groups = details.groups ?? 1
    return [
      "\(row.index)", row.section, details.filters.map(String.init) ?? "",
      groups > 1 ? "\(groups)" : "", window(details), reads(row),
      row.inputs.count == 1 ? "\(row.inputs[0].shape)" : "", "\(row.output)",
      row.parameters > 0 ? "\(row.parameters)" : "",
      row.cost.operations > 0 ? row.cost.bflops.text(3) : "", details.note ?? "",
    ]
  }

  private func reads(_ row: LayerTable.Row) -> String {
    guard row.details.namesInputs || !row.readsPrevious else { return "" }
    return row.inputs.map { $0.layer < 0 ? "input" : "\($0.layer)" }.joined(separator: ",")
  }

  /// `3x3/2`, `3x3/1 dil 2`, `3x3/2x1` where the strides differ.
  private func window(_ details: LayerDetails) -> String {
    guard let x = details.strideX, let y = details.strideY else { return "" }
    let size = details.size.map { "\($0)x\($0)" } ?? ""
    let dilation = details.dilation ?? 1
    return size + "/\(x)" + (x == y ? "" : "x\(y)") + (dilation > 1 ? " dil \(dilation)" : "")
  }

  private var totals: [String] {
    let images = batch == 1 ? "" : " for \(batch) images at once"
    return [
      "layers       \(table.rows.count), in \(counted(memory.steps, "step")) of the \(backend) backend",
      "parameters   \(table.parameters)",
      "cost         \(table.bflops.text(3)) BFLOPs an image,"
        + " \((2e-9 * Double(table.multiplyAdds)).text(3)) of them multiply-adds x 2",
      "weights      \(amount(table.weightsBytes))",
      "activations  \(amount(memory.arenaBytes))\(images);"
        + " \(bytesText(memory.unsharedBytes)) if no two layers shared memory",
      "copied       \(amount(memory.copiedBytes)) an image to join layers or change their layout",
    ] + memory.copies.map { "  layer \($0.layer): \(amount($0.bytes)), because \($0.reason)" }
  }

  private func amount(_ bytes: Int) -> String {
    bytes < 1024 ? "\(bytes) bytes" : "\(bytes) bytes (\(bytesText(bytes)))"
  }
}
