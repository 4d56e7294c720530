import ArgumentParser
import Foundation
import PenumbraAnalysis
import PenumbraEngine
import PenumbraSupport

/// A file that `inspect` draws into; its suffix decides the format.
struct PictureFile: ExpressibleByArgument {
  let path: String
  let suffix: String

  init?(argument: String) {
    guard let dot = argument.lastIndex(of: "."), !argument.hasSuffix(".") else { return nil }
    path = argument
    suffix = argument[argument.index(after: dot)...].lowercased()
  }

  /// - Throws: a usage error that lists the suffixes there are.
  func check(_ option: String, _ suffixes: [String]) throws {
    guard !suffixes.contains(suffix) else { return }
    let names = suffixes.map { "." + $0 }.joined(separator: ", ")
    throw ValidationError("\(option) cannot write '.\(suffix)'; there are \(names)")
  }

  func write(_ text: String) throws { try AtomicFile.write(text, to: path) }

  func writeChart(_ reports: [NetworkReport]) throws {
    let chart = CostChart(reports)
    try write(suffix == "svg" ? chart.svg : chart.html)
  }

  func writeGraph(_ graph: Graph, _ report: NetworkReport) throws {
    switch suffix {
    case "dot", "gv": try write(DotGraph(graph, report).text)
    case "mmd", "mermaid": try write(MermaidGraph(graph, report).text)
    case "svg": try write(GraphPicture(graph, report).svg)
    default: try write(GraphPicture(graph, report).html)
    }
  }
}
