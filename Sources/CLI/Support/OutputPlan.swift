import PenumbraData
import PenumbraSupport

/// What a command reads and what it will write, checked before the work begins: no result takes the
/// place of an input, and one that cannot be written is refused at once.
struct OutputPlan {
  private var inputs = ProtectedInputs()
  /// Data sets whose files nobody has collected yet.
  private var dataSets: [String] = []
  private var outputs: Set<OutputPlace> = []

  /// - Parameter role: what the file is to the command; nil paths are those that were not given.
  mutating func reads(_ path: String?, as role: String) {
    if let path { inputs.add(path, as: role) }
  }

  mutating func reads(_ paths: [String], as role: String) {
    for path in paths { inputs.add(path, as: role) }
  }

  /// A data set with all the lists, names, pictures and labels that belong to it.
  mutating func reads(dataSet path: String) {
    inputs.add(path, as: "the data set")
    dataSets.append(path)
  }

  /// - Throws: `WriteError` where the path is an input, or cannot be written.
  mutating func writes(_ path: String?) throws(WriteError) {
    guard let path else { return }
    try protects(path)
    try AtomicFile.check(path)
    if let place = OutputPlace(path), !outputs.insert(place).inserted {
      throw WriteError(path, .taken)
    }
  }

  /// - Throws: `WriteError` where the path is an input.
  mutating func protects(_ path: String) throws(WriteError) {
    // The files of a data set are there, so that they matter to nothing but a file that is.
    if !dataSets.isEmpty, FileStatus(path) != nil {
      for path in dataSets {
        for (file, role) in dataSetFiles(of: path) { inputs.add(file, as: role) }
      }
      dataSets = []
    }
    try inputs.check(path)
  }
}
