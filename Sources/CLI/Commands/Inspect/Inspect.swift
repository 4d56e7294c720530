import ArgumentParser
import PenumbraCfg
import PenumbraEngine

/// `penumbra inspect`: Darknet's layer table, and what the network takes as a whole.
struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists a network's layers with their shapes, parameters and cost.",
    discussion: """
      Needs no weights. Shapes are width x height x channels. 'reads' names the layers read where it \
      is not simply the one before; 'input' is the network's. BFLOPs are Darknet's: two operations \
      for each multiply-add of a convolution, one for each comparison of a pool or addition of a \
      shortcut, none elsewhere.

      --json prints one object: cfg, input [channels, height, width], batch, backend, layers[] \
      (index, section, inputs[], input, output, parameters, bflops, multiply_adds, and filters, \
      groups, size, stride_x, stride_y, dilation, note where the layer has them), parameters, \
      bflops, multiply_adds, weights_bytes, memory (steps, arena_bytes, unshared_bytes, \
      copied_bytes).

      EXAMPLE
        penumbra inspect yolov4.cfg --width 512 --height 512
      """)

  @Argument(help: "The cfg file.") var cfg: String
  @OptionGroup(title: "Input") var input: SizeOptions
  @Option(help: "Images of one run.") var batch = 1
  @Option(help: "Whose plan the memory is stated for: blas, reference or blocked.")
  var backend = "blas"
  @Flag(help: "Print the result as JSON.") var json = false

  func validate() throws {
    try checkBackend(backend)
    guard (1...65536).contains(batch) else {
      throw ValidationError("--batch is \(batch), expected 1 to 65536")
    }
  }

  func run() throws {
    let graph = try Graph(CfgFile(contentsOf: cfg), size: input.size)
    let options = PlanOptions(
      backend: Backends.named(backend) ?? Backends.standard, batch: batch)
    let inspection = Inspection(
      graph, table: LayerTable(graph), memory: MemoryEstimate(graph, options: options), options)
    if json {
      Output.line(try Output.json(inspection))
    } else {
      inspection.lines.forEach(Output.line)
    }
  }
}

/// - Throws: a usage error that lists the backends there are.
func checkBackend(_ name: String) throws {
  guard Backends.named(name) == nil else { return }
  let names = Backends.all.map(\.name).joined(separator: ", ")
  throw ValidationError("there is no backend '\(name)'; there are \(names)")
}
