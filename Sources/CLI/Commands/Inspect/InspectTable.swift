import ArgumentParser
import PenumbraAnalysis
import PenumbraEngine

/// Which table `inspect` prints of one network.
enum InspectTable: String, ExpressibleByArgument, CaseIterable {
  case layers, costs, parts, blocks, kernels, none

  func lines(_ report: NetworkReport) -> [String] {
    switch self {
    case .layers: LayerLines(report).lines
    case .costs: costLines(report)
    case .parts: partLines(report, withBlocks: false)
    case .blocks: partLines(report, withBlocks: true)
    case .kernels: kernelLines(report)
    case .none: []
    }
  }

  // MARK: Costs

  private func costLines(_ report: NetworkReport) -> [String] {
    var text = TextTable(
      [("layer", .right), ("section", .left), ("output", .left)] + TallyCells.columns + [
        ("sees", .right), ("stride", .right),
      ])
    for layer in report.cost.layers {
      text.append(
        ["\(layer.index)", layer.section, "\(layer.output)"]
          + TallyCells.cells(layer.tally, share: report.cost.share(of: layer)) + [
            sides(layer.field.width, layer.field.height),
            sides(layer.field.strideX, layer.field.strideY),
          ])
    }
    return text.lines
  }

  /// One number for a square.
  private func sides(_ x: Double, _ y: Double) -> String {
    func text(_ value: Double) -> String {
      value.text(value == value.rounded() || value > 100 ? 0 : 2)
    }
    return x == y ? text(x) : "\(text(x))x\(text(y))"
  }

  // MARK: Kernels

  private func kernelLines(_ report: NetworkReport) -> [String] {
    var text = TextTable([
      ("layer", .right), ("section", .left), ("output", .left), ("numbers", .left),
      ("copied", .right), ("kernel", .left),
    ])
    for kernel in report.kernels ?? [] {
      let layer = report.cost.layers[kernel.layer]
      text.append([
        "\(layer.index)", layer.section, "\(layer.output)", kernel.numbers.rawValue,
        kernel.copiedBytes > 0 ? bytesText(kernel.copiedBytes) : "", kernel.kernel,
      ])
    }
    return text.lines
  }

  // MARK: Parts

  private func partLines(_ report: NetworkReport, withBlocks: Bool) -> [String] {
    var text = TextTable(
      [("part", .left), ("layers", .left), ("output", .left)] + TallyCells.columns)
    for part in report.parts {
      text.append(
        [part.name, span(part.layers), "\(part.output)"]
          + TallyCells.cells(part.tally, share: report.share(of: part.tally)))
      guard withBlocks else { continue }
      let inside = Set(part.layers)
      for block in report.anatomy.blocks where inside.contains(block.output) {
        let tally = report.cost.total(of: block.layers)
        text.append(
          [
            "  " + block.kind.name, span(block.layers),
            "\(report.cost.layers[block.output].output)",
          ] + TallyCells.cells(tally, share: report.share(of: tally)))
      }
    }
    return text.lines
  }

  /// `12-19`, or a count where layers of other parts lie between.
  private func span(_ layers: [Int]) -> String {
    guard let first = layers.first, let last = layers.last else { return "" }
    if first == last { return "\(first)" }
    return "\(first)-\(last)" + (last - first + 1 == layers.count ? "" : " (\(layers.count))")
  }
}

/// The columns of a tally.
enum TallyCells {
  static let columns: [(heading: String, alignment: TextTable.Alignment)] = [
    ("parameters", .right), ("weights", .right), ("BFLOPs", .right), ("share", .right),
    ("multiply-adds", .right), ("CIO", .right), ("MAC", .right), ("KiB read", .right),
    ("written", .right), ("ops/byte", .right),
  ]

  /// What is zero stays empty.
  static func cells(_ tally: Tally, share: Double) -> [String] {
    func count(_ number: Int) -> String { number > 0 ? "\(number)" : "" }
    func kibibytes(_ bytes: Int) -> String {
      bytes > 0 ? (Double(bytes) / 1024).text(bytes < 102_400 ? 1 : 0) : ""
    }
    return [
      count(tally.parameters), count(tally.weights),
      tally.paperOperations > 0 ? tally.paperBFLOPs.text(4) : "",
      share > 0 ? (100 * share).text(1) + " %" : "", count(tally.multiplyAdds),
      count(tally.convolutionalIO), count(tally.memoryAccess), kibibytes(tally.bytesRead),
      kibibytes(tally.bytesWritten),
      tally.intensity.map { $0 > 0 ? $0.text(1) : "" } ?? "",
    ]
  }
}
