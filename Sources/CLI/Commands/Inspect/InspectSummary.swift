import PenumbraAnalysis
import PenumbraEngine

/// What `inspect` says of one network as a whole.
struct InspectSummary {
  private let report: NetworkReport

  init(_ report: NetworkReport) { self.report = report }

  var lines: [String] { totals + [""] + structure }

  private var totals: [String] {
    let (total, memory) = (report.cost.total, report.memory)
    let images = report.batch == 1 ? "" : " for \(report.batch) images at once"
    return [
      "layers       \(report.cost.layers.count), in \(counted(memory.steps, "step")) of the"
        + " \(report.backend) backend"
        + (report.precision == .fp32 ? "" : ", \(report.precision.rawValue)"),
      "parameters   \(total.parameters) in the weights file, \(total.weights) of them weights",
      "cost         \(total.darknetBFLOPs.text(3)) BFLOPs an image;"
        + " \(total.paperBFLOPs.text(3)) as the CSPNet paper counts;"
        + " \((1e-9 * Double(total.multiplyAdds)).text(3)) billion multiply-adds",
      "bottleneck   " + bottleneck,
      "traffic      CIO \(millions(total.convolutionalIO)), MAC \(millions(total.memoryAccess));"
        + " \(bytesText(total.bytesRead)) read and \(bytesText(total.bytesWritten)) written,"
        + " layer by layer" + (total.intensity.map { ", \($0.text(1)) operations a byte" } ?? ""),
      "weights      \(amount(report.weightsBytes))",
      "activations  \(amount(memory.arenaBytes))\(images);"
        + " \(bytesText(memory.unsharedBytes)) if no two layers shared memory",
      "copied       \(amount(memory.copiedBytes)) an image to join layers or change their layout",
    ] + memory.copies.map { "  layer \($0.layer): \(amount($0.bytes)), because \($0.reason)" }
      + (memory.winograd.map { ["winograd     \(kept($0))"] } ?? [])
  }

  private func kept(_ winograd: WinogradMemory) -> String {
    let used = "\(amount(winograd.usedBytes)) of transformed weights beyond the weights"
    return winograd.budgetBytes == .max
      ? used : used + ", of \(bytesText(winograd.budgetBytes)) allowed"
  }

  private var bottleneck: String {
    let heaviest = report.cost.heaviest(5)
    guard let first = heaviest.first else { return "no layer has operations that are counted" }
    let share = (100 * report.cost.share(of: first)).text(1)
    let together = heaviest.reduce(0) { $0 + report.cost.share(of: $1) }
    let largest = "layer \(first.index), \(first.tally.paperBFLOPs.text(3)) BFLOPs (\(share) %)"
    guard heaviest.count > 1 else { return largest }
    let rest = heaviest.dropFirst().map { "\($0.index)" }.joined(separator: ", ")
    return largest + "; then \(rest): \((100 * together).text(1)) % together"
  }

  private var structure: [String] {
    let lines = report.anatomy.lines
    let width = max(12, lines.map(\.name.count).max() ?? 0) + 1
    return lines.map { line in
      line.name + String(repeating: " ", count: width - line.name.count) + line.text
    }
  }

  private func millions(_ count: Int) -> String { (Double(count) / 1e6).text(2) + "M" }

  private func amount(_ bytes: Int) -> String {
    bytes < 1024 ? "\(bytes) bytes" : "\(bytes) bytes (\(bytesText(bytes)))"
  }
}

/// Several networks side by side; drops are relative to the first.
struct InspectComparison {
  let lines: [String]

  init(_ reports: [NetworkReport]) {
    var text = TextTable([
      ("network", .left), ("input", .left), ("parameters", .right), ("weights", .right),
      ("BFLOPs", .right), ("", .right), ("CIO", .right), ("", .right), ("ceiling", .right),
      ("", .right), ("layer", .right), ("activations", .right),
    ])
    for report in reports {
      let (total, first) = (report.cost.total, reports[0].cost)
      let ceiling = report.cost.bottleneck
      text.append([
        report.shortName, "\(report.input)", Self.millions(total.parameters),
        Self.millions(total.weights), total.paperBFLOPs.text(3),
        Self.change(total.paperOperations, first.total.paperOperations),
        Self.millions(total.convolutionalIO),
        Self.change(total.convolutionalIO, first.total.convolutionalIO),
        (ceiling?.tally.paperBFLOPs ?? 0).text(3),
        Self.change(
          ceiling?.tally.paperOperations ?? 0, first.bottleneck?.tally.paperOperations ?? 0),
        ceiling.map { "\($0.index)" } ?? "", bytesText(report.memory.arenaBytes),
      ])
    }
    lines = text.lines
  }

  private static func millions(_ count: Int) -> String { (Double(count) / 1e6).text(3) + "M" }

  /// `-44 %`; empty where there is no difference.
  private static func change(_ count: Int, _ base: Int) -> String {
    guard base > 0, count != base else { return "" }
    let percent = 100 * (Double(count) / Double(base) - 1)
    return (percent > 0 ? "+" : "") + percent.text(0) + " %"
  }
}
