import PenumbraCfg
import PenumbraData
import PenumbraEngine
import PenumbraSupport

/// What a command reads and what it will write, checked before the work begins: no result takes the
/// place of an input, and one that cannot be written is refused at once.
struct OutputPlan {
  private var inputs = ProtectedInputs()
  /// Data sets whose files nobody has collected yet.
  private var dataSets: [String] = []
  /// Cfgs whose trees and maps nobody has collected yet.
  private var cfgs: [(path: String, companions: CompanionAccess)] = []
  private var outputs: Set<OutputPlace> = []

  /// - Parameter role: what the file is to the command; nil paths are those that were not given.
  mutating func reads(_ path: String?, as role: String) {
    if let path { inputs.add(path, as: role) }
  }

  mutating func reads(_ paths: [String], as role: String) {
    for path in paths { inputs.add(path, as: role) }
  }

  /// A weights file, and where its packed weights are kept.
  mutating func reads(weights path: String?, _ packing: PackCacheOptions) {
    guard let path else { return }
    inputs.add(path, as: "the weights file")
    reads(packing.location?.path(for: path), as: "the file of packed weights")
  }

  /// A data set with all the lists, names, pictures and labels that belong to it.
  mutating func reads(dataSet path: String) {
    inputs.add(path, as: "the data set")
    dataSets.append(path)
  }

  /// A cfg with the tree and the map that it names.
  mutating func reads(cfg path: String, _ options: CfgOptions, as role: String = "the cfg file") {
    reads(cfg: path, options.companions, as: role)
  }

  mutating func reads(
    cfg path: String, _ companions: CompanionAccess, as role: String = "the cfg file"
  ) {
    inputs.add(path, as: role)
    cfgs.append((path, companions))
  }

  mutating func readsStandardInput() { inputs.add("/dev/stdin", as: "standard input") }

  /// - Throws: `WriteError` where what is printed would go into an input.
  mutating func prints() throws(WriteError) {
    guard FileStatus(descriptor: 1)?.kind == .regular else { return }
    do throws(WriteError) { try protects("/dev/stdout") } catch {
      throw WriteError(StandardOutput.name, error.reason)
    }
  }

  /// - Throws: `WriteError` where the path is an input, or cannot be written.
  mutating func writes(_ path: String?) throws(WriteError) {
    guard let path else { return }
    try protects(path)
    try AtomicFile.check(path)
    try claims(path)
  }

  /// Whether one of the results already has this name.
  func isClaimed(_ path: String) -> Bool { OutputPlace(path).map(outputs.contains) ?? false }

  /// - Throws: `WriteError` where another result has this name.
  mutating func claims(_ path: String) throws(WriteError) {
    if let place = OutputPlace(path), !outputs.insert(place).inserted {
      throw WriteError(path, .taken)
    }
  }

  /// - Throws: `WriteError` where the path is an input.
  mutating func protects(_ path: String) throws(WriteError) {
    // What inputs name is there, so that it matters to nothing but a file that is.
    if FileStatus(path) != nil { collect() }
    try inputs.check(path)
  }

  private mutating func collect() {
    for path in dataSets {
      for (file, role) in dataSetFiles(of: path) { inputs.add(file, as: role) }
    }
    // A pipe can be read once, and is for whoever runs the network.
    for (path, companions) in cfgs where FileStatus(path)?.kind == .regular {
      guard let file = try? CfgFile(contentsOf: path, companions: companions) else { continue }
      for (file, role) in file.companionFiles { inputs.add(file, as: role.name + " of the cfg") }
    }
    (dataSets, cfgs) = ([], [])
  }
}
