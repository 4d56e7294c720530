import PenumbraZoo

/// The table of a check: a line for each network.
struct ZooTable {
  let lines: [String]

  init(_ report: ZooReport) {
    var table = TextTable([
      ("network", .left), ("input", .left), ("run at", .left), ("layers", .right),
      ("parameters", .right), ("BFLOPs", .right), ("lint", .left), ("worst error", .right),
      ("speed", .right), ("result", .left),
    ])
    for network in report.networks { table.append(Self.row(network)) }
    lines = table.lines
  }

  private static func row(_ network: NetworkReport) -> [String] {
    let isRead = network.layers > 0
    let lint = [(network.warnings, "warning"), (network.notes, "note")]
      .filter { $0.0 > 0 }.map { counted($0.0, $0.1) }.joined(separator: ", ")
    let worst = network.outputs.map(\.worstError).max()
    return [
      network.name, network.input, network.run, isRead ? "\(network.layers)" : "",
      isRead ? "\(network.parameters)" : "", isRead ? network.bflops.text(3) : "", lint,
      worst.map { $0.text(3) } ?? "",
      network.slowdown.map { "\($0 > 0 ? "+" : "")\((100 * $0).text(0))%" } ?? "",
      network.passes ? "as recorded" : counted(network.differences.count, "difference"),
    ]
  }
}
