import PenumbraAnalysis

/// `docs/zoo.md`.
extension PaperReport {
  public var markdown: String {
    ([Self.introduction, summary + ".", ""] + bySource.flatMap { section($0, $1) } + zooSection)
      .joined(separator: "\n") + "\n"
  }

  private static let introduction = """
    # The zoo, and what was printed about it

    `make docs` writes this page with `penumbra paper --markdown`; `penumbra paper` alone prints the same
    on a terminal and ends with status 1 when a published or recovered network does not have what was
    printed. The networks are in `cfg/`, each with a header that says where it comes from.

    | status | what it means |
    |---|---|
    | published | the authors published the cfg, and this one has its layers |
    | recovered | no cfg was published, but what was printed determines the layers; all totals agree |
    | reconstructed | made to approach what was printed; some choice is free. The difference is the residual |
    | own | nobody printed anything about it |

    "M weights" are millions of convolution weights, the paper's parameters of classifiers and of most
    detectors; "M numbers" are all numbers of the weights file. BFLOPs are those of 2019, at the input
    stated, else the cfg's own. [costs.md](costs.md) has the rules. A number agrees when it is the printed
    one after rounding to as many decimals, or after cutting the others off.

    """

  private func section(_ source: Source, _ findings: [Finding]) -> [String] {
    let rows = findings.map { finding in
      let cfgs = finding.figure.measure.cfgs.map { Self.link($0) }
      return [
        finding.figure.subject, cfgs.joined(separator: ", "), finding.status?.rawValue ?? "",
        finding.figure.measure.unit, finding.figure.printed, finding.computedText ?? "",
        finding.differenceText ?? "", finding.verdictText,
      ]
    }
    let misprints = findings.filter { $0.verdict != .agrees }.compactMap { finding in
      finding.figure.misprint.map {
        "- \(finding.figure.subject), \(finding.figure.printed) \(finding.figure.measure.unit): \($0)."
      }
    }
    let remarks = misprints.isEmpty ? [] : [""] + misprints
    return ["## \(source.name)", ""]
      + Self.table(
        ["network", "cfg", "status", "unit", "printed", "computed", "difference", "verdict"],
        right: 4...6, rows) + remarks + [""]
  }

  private var zooSection: [String] {
    let rows = networks.map { network in
      [
        Self.link(network.name), network.status?.rawValue ?? "", network.input,
        "\(network.weights)", "\(network.numbers)", network.bflops.rounded(to: 3), network.summary,
      ]
    }
    return ["## All networks", ""]
      + Self.table(
        ["cfg", "status", "input", "weights", "numbers", "BFLOPs", "what it is"], right: 3...5, rows
      )
  }

  private static func link(_ cfg: String) -> String { "[\(cfg)](../cfg/\(cfg).cfg)" }

  private static func table(
    _ headings: [String], right: ClosedRange<Int>, _ rows: [[String]]
  ) -> [String] {
    let rule = headings.indices.map { right.contains($0) ? "---:" : "---" }
    return ([headings, rule] + rows).map { row in
      let cells = row.map { $0.replacing("|", with: "\\|") }
      return "| " + cells.joined(separator: " | ") + " |"
    }
  }
}
