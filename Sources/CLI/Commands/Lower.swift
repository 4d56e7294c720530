import ArgumentParser
import Foundation
import PenumbraCfg
import PenumbraEngine
import PenumbraSupport

/// `penumbra lower`: a cfg for Darknet itself.
struct Lower: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a cfg without Penumbra's own sections, so that Darknet runs it.",
    discussion: """
      [partial] becomes [route] with groups (several, joined, where the ratio is no equal part), \
      [maxout] becomes [maxpool] with maxpool_depth. References are renumbered; comments and all \
      other lines keep their bytes. The same weights file fits, and every layer computes the same \
      to the bit: --verify runs both cfgs and says so.

      The result needs a Darknet that knows these keys: AlexeyAB's and what came after it, not the \
      original one. What cannot be said there exactly is an error that names the section.

      EXAMPLE
        penumbra lower cfg/detect/csp-efm.cfg --verify --output plain.cfg

      EXIT STATUS
        0 written, 1 --verify found a difference, 65 a bad cfg or a section that has no equivalent.
      """)

  @Argument(
    help: "The cfg file, or - for standard input.", completion: .file(extensions: ["cfg"]))
  var cfg: String
  @Option(name: .shortAndLong, help: "The file to write; standard output by default.")
  var output: String?
  @Flag(help: "Run both cfgs with the same made-up weights and compare every layer bit by bit.")
  var verify = false
  @Option(help: "What --verify computes with; may be repeated. Default: reference and blocked.")
  var backend: [String] = []
  @OptionGroup var cfgs: CfgOptions
  @Option(help: "Width of the network's input for --verify, in place of the cfg's.")
  var width: Int?
  @Option(help: "Height of the network's input for --verify, in place of the cfg's.")
  var height: Int?

  func validate() throws {
    guard (width == nil) == (height == nil) else {
      throw ValidationError("give both --width and --height, or neither")
    }
    for (name, value) in [("--width", width), ("--height", height)] {
      if let value, !(1...65536).contains(value) {
        throw ValidationError("\(name) is \(value), expected 1 to 65536")
      }
    }
    guard verify || (backend.isEmpty && width == nil) else {
      throw ValidationError("--backend, --width and --height need --verify")
    }
    for name in backend where Backends.named(name) == nil {
      let names = Backends.all.map(\.name).joined(separator: ", ")
      throw ValidationError("there is no backend '\(name)'; there are \(names)")
    }
  }

  func run() throws {
    var files = OutputPlan()
    if cfg == "-" { files.readsStandardInput() } else { files.reads(cfg: cfg, cfgs) }
    try files.writes(output)
    if output == nil { try files.prints() }
    let bytes = try CfgSources.bytes(cfg)
    let file = cfgs.file(bytes: bytes, name: cfg == "-" ? "<stdin>" : cfg)
    let plain = try PlainDarknet(file, Graph(file))
    let text = plain.edits.applied(to: bytes)
    let agrees = try !verify || compare(file, plain, text)
    if let output {
      try AtomicFile.write(text, to: output)
    } else {
      try StandardOutput.write(
        StandardOutput.isTerminal
          ? Array(String(decoding: text, as: UTF8.self).printableLines.utf8) : text)
    }
    standardError(summary(plain))
    if !agrees { throw ExitCode(Failure.Status.thresholdMissed.rawValue) }
  }

  private func summary(_ plain: PlainDarknet) -> String {
    guard !plain.replaced.isEmpty else { return "nothing to lower: the cfg is plain Darknet" }
    let counts = plain.replaced.sorted { $0.key < $1.key }.map { "\($0.value) [\($0.key)]" }
    return "lowered \(counts.joined(separator: " and ")): \(counted(plain.layers.count, "layer"))"
      + " became \(plain.layerCount)"
  }

  private func compare(_ file: CfgFile, _ plain: PlainDarknet, _ text: [UInt8]) throws -> Bool {
    let size = width.flatMap { width in height.map { (width: width, height: $0) } }
    let name = output ?? "<lowered \(file.name)>"
    let equivalence = try PlainDarknet.Equivalence(
      Graph(file, size: size), Graph(cfgs.file(bytes: text, name: name), size: size), plain)
    var agrees = true
    for backend in backends {
      let differing = try equivalence.firstDifference(on: backend)
      if let differing {
        agrees = false
        standardError("\(backend.name): \(differing)")
      } else {
        standardError(
          "\(backend.name): \(counted(plain.layers.count, "layer")) compared, all the same to the bit"
            + " (weights seed \(PlainDarknet.Equivalence.weightsSeed))")
      }
    }
    return agrees
  }

  private var backends: [any Backend] {
    backend.isEmpty
      ? [ReferenceBackend(), Backends.standard] : backend.compactMap { Backends.named($0) }
  }
}
