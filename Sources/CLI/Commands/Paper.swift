import ArgumentParser
import Foundation
import PenumbraCfg
import PenumbraPaper

/// `penumbra paper`: what the CSPNet paper printed, recomputed.
struct Paper: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Recomputes what the CSPNet paper and its repositories printed about the zoo's cfgs.",
    discussion: """
      Every printed number that a cfg determines: parameters, BFLOPs, CIO, the ceilings of Figure 7, \
      and what is claimed of one network beside another. Of reconstructed networks the residual is \
      stated; published and recovered ones must agree after rounding.

      --json prints one object: zoo, failures, figures[] of {source, subject, unit, printed, \
      computed, difference (a share; points of a percentage), verdict (agrees, cut-off, residual, \
      misprint, off, not-here), status, cfgs, remark}.

      EXAMPLE
        penumbra paper cfg

      EXIT STATUS
        0 all agree, 1 a published or recovered network does not, 65 a bad cfg, 66 no such folder.
      """)

  @Argument(help: "The zoo.", completion: .directory) var folder = "cfg"
  @Option(help: "Only rows whose network, cfg, source or verdict contains this.")
  var only: String?
  @Flag(help: "Print the page docs/zoo.md.") var markdown = false
  @Flag(help: "Print the result as JSON.") var json = false

  func validate() throws {
    guard !(json && markdown) else { throw ValidationError("give --json or --markdown, not both") }
    guard only == nil || !(json || markdown) else {
      throw ValidationError("--only is for the table")
    }
  }

  func run() throws {
    let zoo = try ZooFolder(folder, record: nil)
    guard !zoo.names.isEmpty else {
      throw InputError("there is no cfg below \(folder)", status: .notFound)
    }
    let report = try PaperReport(zoo: folder)
    if json {
      try Output.object(report)
    } else if markdown {
      try ResultStream().write(report.markdown)
    } else {
      try print(report)
    }
    for failure in report.failures { standardError("\(folder)/\(failure.failureText)") }
    standardError(report.summary)
    if !report.passes { throw ExitCode(Failure.Status.thresholdMissed.rawValue) }
  }

  private func print(_ report: PaperReport) throws {
    var isFirst = true
    for (source, findings) in report.bySource {
      let shown = findings.filter(isShown)
      guard !shown.isEmpty else { continue }
      if !isFirst { Output.line("") }
      isFirst = false
      Output.line(source.name)
      var table = TextTable([
        ("network", .left), ("status", .left), ("unit", .left), ("printed", .right),
        ("computed", .right), ("difference", .right), ("verdict", .left),
      ])
      for finding in shown {
        let remark = finding.verdict == .misprint || finding.verdict == .residual
        table.append([
          finding.figure.subject, finding.status?.rawValue ?? "", finding.figure.measure.unit,
          finding.figure.printed, finding.computedText ?? "", finding.differenceText ?? "",
          finding.verdictText + (remark ? finding.figure.misprint.map { ": \($0)" } ?? "" : ""),
        ])
      }
      for line in table.lines { Output.line(line) }
    }
    if isFirst { throw InputError("no row contains '\(only ?? "")'", status: .notFound) }
  }

  private func isShown(_ finding: Finding) -> Bool {
    guard let only else { return true }
    let texts =
      [finding.figure.subject, finding.figure.source.name, finding.verdictText]
      + finding.figure.measure.cfgs
    return texts.contains { $0.localizedCaseInsensitiveContains(only) }
  }
}
