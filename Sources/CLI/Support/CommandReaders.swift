import ArgumentParser
import PenumbraData
package import PenumbraEngine

/// The readers that only the command has, one by one: for the fuzzer, which feeds them bytes.
package enum CommandReaders {
  /// Parses a command line and runs nothing.
  package static func parse(_ arguments: [String]) throws {
    _ = try Entry.parseAsRoot(ArgumentCheck.prepared(arguments, for: Entry.self))
  }

  /// The paths of the pictures that arguments mean, standard input left out.
  package static func pictures(_ arguments: [String]) throws -> [String] {
    try InputList(arguments).knownPaths
  }

  package static func classNames(_ file: String, classes: Int) throws -> [String] {
    let names = try ClassNames(file: file, classes: classes)
    return (0..<classes).map { names[$0] }
  }

  package static func dataFile(_ path: String) throws {
    _ = try DataSetFile(path).requiredFile("names")
  }

  package static func compareTraces(_ expected: String, _ got: String) throws {
    let (expected, got) = (try TraceFolder(expected), try TraceFolder(got))
    var values: (got: [Float], expected: [Float])?
    if let mine = try got.outputs(), let theirs = try expected.outputs() { values = (mine, theirs) }
    _ = Comparison(got.trace, against: expected.trace, values: values, tolerance: Tolerance())
  }

  package static func calibration(_ path: String) throws -> Calibration {
    try Calibration(contentsOf: path)
  }

  package static func earlierBenchmark(_ path: String) throws {
    _ = try? EarlierResult<KernelBenchmark>(path, madeBy: "penumbra bench")
    _ = try EarlierResult<Benchmark>(path, madeBy: "penumbra bench")
  }
}
