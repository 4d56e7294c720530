import ArgumentParser
import PenumbraAnalysis
import PenumbraCfg
import PenumbraEngine

/// `penumbra inspect`: what networks cost, layer by layer, and what they are made of.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says what networks cost and what they are made of.",
    discussion: """
      Needs no weights. Shapes are width x height x channels. Of one network it prints a table, the \
      totals and the structure that it recognises: stages, CSP stages with their split and \
      transitions, blocks, pyramid and heads. Several are compared with the first.

      --table layers is Darknet's table: 'reads' names the layers read where it is not simply the \
      one before, 'input' is the network's, BFLOPs are today's Darknet's. The tables costs, parts \
      and blocks count BFLOPs as the CSPNet paper does. docs/costs.md states every convention, and \
      the keys that --json prints. --table kernels names how each step of the plan is computed on \
      this machine, in which numbers, and what it copies (with --json: kernels); it packs made-up \
      weights to find out.

      EXAMPLES
        penumbra inspect yolov4.cfg --width 512 --height 512
        penumbra inspect yolov4.cfg --table parts
        penumbra inspect yolov4.cfg --precision bf16 --table kernels
        penumbra inspect peleenet-yolo.cfg peleenet-prn.cfg csppeleenet-efm.cfg --chart costs.svg
        penumbra inspect csppeleenet-efm.cfg --table none --graph efm.html
      """)

  @Argument(help: "The cfg files.") var cfgs: [String]
  @OptionGroup(title: "Input") var input: SizeOptions
  @Option(
    help: "Which table to print of a single network: layers, costs, parts, blocks, kernels or none."
  )
  var table = InspectTable.layers
  @Option(help: "Images of one run.") var batch = 1
  @Option(help: "Whose plan the memory is stated for: blocked, blas or reference.")
  var backend = Backends.standard.name
  @Option(
    help: "Draw the paper's Figures 7 and 8 into this file: .svg, or .html with hints.")
  var chart: PictureFile?
  @Option(
    help: "Draw the network into this file: .svg, .html with hints, .dot or .mmd (Mermaid).")
  var graph: PictureFile?
  @OptionGroup var numbers: PrecisionOptions
  @OptionGroup var winograd: WinogradOptions
  @OptionGroup var reading: CfgOptions
  @Flag(help: "Print the result as JSON: an object, or an array of them for several cfgs.")
  var json = false

  func validate() throws {
    if cfgs.isEmpty { throw ValidationError("name at least one cfg") }
    try chart?.check("--chart", ["svg", "html"])
    try graph?.check("--graph", ["svg", "html", "dot", "gv", "mmd", "mermaid"])
    if graph != nil, cfgs.count > 1 {
      throw ValidationError("--graph draws one network; \(cfgs.count) cfgs are given")
    }
    try checkBackend(backend)
    if let backend = Backends.named(backend) { try numbers.check(backend) }
    try winograd.validate(for: [backend])
    guard (1...65536).contains(batch) else {
      throw ValidationError("--batch is \(batch), expected 1 to 65536")
    }
  }

  func run() throws {
    var files = OutputPlan()
    for cfg in cfgs { files.reads(cfg: cfg, reading, as: "a cfg file") }
    files.reads(numbers.calibration, as: "the calibration file")
    try files.writes(chart?.path)
    try files.writes(graph?.path)
    try files.prints()
    var options = PlanOptions(
      backend: winograd.backend(named: backend) ?? Backends.standard, batch: batch)
    try numbers.apply(to: &options)
    let graphs = try cfgs.map { try Graph(reading.file($0), size: input.size) }
    let reports = try graphs.map { graph in
      try Plan.checkCalibration(graph, options)
      let kernels = table == .kernels ? try kernels(of: graph, options) : nil
      return NetworkReport(graph, options: options, kernels: kernels)
    }
    if graph != nil, let excess = reports[0].anatomy.excess {
      throw InputError(
        "\(reports[0].name): a picture of \(excess) layers and references to layers is too large;"
          + " at most \(Anatomy.maxSize) are drawn", help: "leave out --graph")
    }
    try chart?.writeChart(reports)
    try graph?.writeGraph(graphs[0], reports[0])
    if json {
      if reports.count == 1 {
        try Output.object(reports[0])
      } else {
        try Output.object(reports)
      }
    } else if reports.count == 1 {
      let lines = table.lines(reports[0])
      (lines + (lines.isEmpty ? [] : [""]) + InspectSummary(reports[0]).lines).forEach(Output.line)
    } else {
      InspectComparison(reports).lines.forEach(Output.line)
    }
  }
}

extension Inspect {
  private func kernels(of graph: Graph, _ options: PlanOptions) throws -> [StepKernel] {
    try Plan.checkWeights(of: graph, options)
    return try Plan(graph, weights: Weights(seed: 1, for: graph), options: options).stepKernels
  }
}

/// - Throws: a usage error that lists the backends there are.
func checkBackend(_ name: String) throws {
  guard Backends.named(name) == nil else { return }
  let names = Backends.all.map(\.name).joined(separator: ", ")
  throw ValidationError("there is no backend '\(name)'; there are \(names)")
}
