import PenumbraSupport

/// A table for pull requests and job summaries.
extension ZooReport {
  public var markdown: String {
    var lines = ["### \(summary)", ""]
    if !passes {
      lines += networks.filter { !$0.passes }.flatMap { network in
        network.differences.map { difference in
          let line = difference.line.map { " line \($0)" } ?? ""
          return
            "- **\(network.name.markdownEscaped)**\(line): \(difference.description.markdownEscaped)"
        }
      }
      lines.append("")
    }
    lines += [
      "| network | input | run at | layers | parameters | BFLOPs | worst error | result |",
      "|---|---|---|---:|---:|---:|---:|---|",
    ]
    lines += networks.map { network in
      let worst = network.outputs.map(\.worstError).max()
      let cells = [
        network.name.markdownEscaped, network.input, network.run.markdownEscaped,
        "\(network.layers)", "\(network.parameters)",
        "\((network.bflops * 1000).rounded() / 1000)",
        worst.map { "\(($0 * 1000).rounded() / 1000)" } ?? "",
        network.passes ? "as recorded" : "**\(network.differences.count) differences**",
      ]
      return "| " + cells.joined(separator: " | ") + " |"
    }
    lines += ["", "The worst error is in units of the tolerance: 1 is the limit.", ""]
    return lines.joined(separator: "\n")
  }
}
