import Penumbra
import PenumbraAnalysis
import PenumbraEngine
import PenumbraTraining

extension FuzzTarget {
  /// A cfg: read, checked, planned, and run where it is small.
  static let cfg = FuzzTarget(
    "cfg", dictionary: CfgSeeds.standard.dictionary, seeds: CfgSeeds.standard.bytes,
    mutate: changedCfg
  ) { bytes in
    var choices = Choices(of: bytes)
    let size: (Int, Int)? =
      choices.chance(0.1)
      ? (CfgMutation.extremes(&choices), CfgMutation.extremes(&choices)) : nil
    let check = Graph.check(CfgFile(bytes: bytes, name: "fuzz.cfg"), size: size)
    for diagnostic in check.diagnostics { _ = "\(diagnostic)" }
    guard let graph = check.graph else { return }
    try Trial(graph: graph).run(&choices)
  }

  /// A cfg: what `lint`, `inspect`, `lower` and the schedule of a training make of it.
  static let plainCfg = FuzzTarget(
    "lint", dictionary: CfgSeeds.standard.dictionary, seeds: CfgSeeds.standard.bytes,
    mutate: changedCfg
  ) { bytes in
    let file = CfgFile(bytes: bytes, name: "fuzz.cfg")
    if let net = file.sections.first { _ = try? Hyperparameters(net: net) }
    let check = Graph.check(file)
    let text = DiagnosticText(isColored: false)
    for diagnostic in check.diagnostics { _ = text.text(of: diagnostic) }
    guard let graph = check.graph, graph.nodes.count <= 200 else { return }
    _ = NetworkReport(graph)
    let lowered = try PlainDarknet(file, graph).edits.applied(to: bytes)
    _ = try Graph(CfgFile(bytes: lowered, name: "lowered.cfg"))
  }

  private static let changedCfg: @Sendable ([UInt8], inout Choices) -> [UInt8] = { bytes, choices in
    var lines = String(decoding: bytes, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline
    ).map(String.init)
    for _ in 0..<choices.int(1...4) {
      CfgMutation(seeds: .standard).apply(to: &lines, &choices)
    }
    return Array(lines.joined(separator: choices.pick(["\n", "\n", "\r\n", "\r"])).utf8)
  }
}
