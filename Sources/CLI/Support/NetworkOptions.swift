import ArgumentParser
import Penumbra
import PenumbraEngine

/// How a network is run: shared by every command that runs one.
struct RunOptions: ParsableArguments {
  @Option(help: "Width of the network's input, in place of the cfg's.")
  var width: Int?

  @Option(help: "Height of the network's input, in place of the cfg's.")
  var height: Int?

  @Option(help: "What computes: blocked, blas or reference.")
  var backend = Backends.standard.name

  @OptionGroup var numbers: PrecisionOptions

  @Option(help: "Threads; all processors by default.")
  var threads: Int?

  @Option(help: "The highest instruction set used: baseline, avx2, avx512 or neon.")
  var isa: InstructionSetName?

  @Option(
    name: .customLong("max-memory"),
    help: "Refuse a network that needs more than this for weights and activations, such as 2G.")
  var memoryLimit: ByteCount?

  @OptionGroup var winograd: WinogradOptions
  @OptionGroup var packing: PackCacheOptions
  @OptionGroup var cfgs: CfgOptions

  func validate() throws {
    guard (width == nil) == (height == nil) else {
      throw ValidationError("give both --width and --height, or neither")
    }
    for (name, value, most) in [
      ("--width", width, 65536), ("--height", height, 65536), ("--threads", threads, 256),
    ] {
      if let value, !(1...most).contains(value) {
        throw ValidationError("\(name) is \(value), expected 1 to \(most)")
      }
    }
    guard Backends.named(backend) != nil else {
      let names = Backends.all.map(\.name).joined(separator: ", ")
      throw ValidationError("there is no backend '\(backend)'; there are \(names)")
    }
    if let backend = Backends.named(backend) { try numbers.check(backend) }
    try winograd.validate(for: [backend])
  }

  var size: (width: Int, height: Int)? {
    guard let width, let height else { return nil }
    return (width, height)
  }

  /// - Parameter batch: images of one run.
  func planOptions(batch: Int = 1, keepsAllOutputs: Bool = false) throws -> PlanOptions {
    if let isa { isa.limit() }
    var options = PlanOptions(
      backend: winograd.backend(named: backend) ?? Backends.standard, batch: batch,
      threads: threads, keepsAllOutputs: keepsAllOutputs, memoryLimit: memoryLimit?.bytes,
      packCache: packing.location)
    try numbers.apply(to: &options)
    return options
  }
}

/// Where the numbers of a network come from.
struct WeightsOptions: ParsableArguments {
  @Option(name: .customLong("weights"), help: "The weights file.")
  var file: String?

  @Option(
    name: .customLong("weights-seed"),
    help: "Make up weights from this seed instead (0 to 2^64 - 1).")
  var seed: UInt64?

  @Flag(help: "Accept a weights file that ends early, such as yolov4.conv.137.")
  var partial = false

  func validate() throws {
    if file != nil, seed != nil {
      throw ValidationError("give --weights or --weights-seed, not both")
    }
  }

  /// The weights for a graph; seed 1 when neither is given.
  ///
  /// - Parameter options: of the plan that is made next; what it cannot hold is not read.
  func load(for graph: Graph, _ options: PlanOptions = PlanOptions()) throws -> Weights {
    try Plan.checkWeights(of: graph, options)
    if let file { return try Weights(contentsOf: file, for: graph, allowsPartial: partial) }
    return try Weights(seed: seed ?? 1, for: graph)
  }
}

/// A number of bytes such as 1048576, 512K, 300M or 2G (units of 1024).
struct ByteCount: ExpressibleByArgument {
  let bytes: Int

  init(bytes: Int) { self.bytes = bytes }

  var defaultValueDescription: String {
    bytes % (1 << 30) == 0 ? "\(bytes >> 30)G" : "\(bytes)"
  }

  init?(argument: String) {
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    let unit = argument.last.flatMap { units[Character($0.uppercased())] }
    guard let count = Int(unit == nil ? argument : String(argument.dropLast())), count >= 0 else {
      return nil
    }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: unit ?? 1)
    guard !overflow else { return nil }
    self.bytes = bytes
  }
}

/// A name that `--isa` takes.
struct InstructionSetName: ExpressibleByArgument {
  private let name: String

  init?(argument: String) {
    guard Runtime.instructionSets.contains(argument) else { return nil }
    name = argument
  }

  static var allValueStrings: [String] { Runtime.instructionSets }

  func limit() { Runtime.limitInstructionSet(to: name) }
}
