import ArgumentParser
import Foundation
import PenumbraCfg
import PenumbraEngine

/// `penumbra compare`: two traces held against each other.
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compares two traces and names the first layer where they part.",
    discussion: """
      Each folder holds a trace.json (or a golden expected.json) and may hold outputs.f32; where
      both do, every value is compared, else the samples. A value agrees within
      absolute + relative x max(|expected|, rms of the layer).

      EXAMPLE
        penumbra compare reference-trace blas-trace
      """)

  @Argument(help: "The folder of the trace that is right.") var expected: String
  @Argument(help: "The folder of the trace that is checked.") var got: String
  @Option(help: "The absolute part of the tolerance.") var absolute = 1e-4
  @Option(help: "The relative part of the tolerance.") var relative = 1e-3
  @Flag(help: "Print the result as JSON.") var json = false

  func run() throws {
    let (right, checked) = (try TraceFolder(expected), try TraceFolder(got))
    var values: (got: [Float], expected: [Float])?
    if let mine = try checked.outputs(), let theirs = try right.outputs() {
      values = (mine, theirs)
    }
    let comparison = Comparison(
      checked.trace, against: right.trace, values: values,
      tolerance: Tolerance(absolute: absolute, relative: relative))
    if json {
      Output.line(try Output.json(comparison))
    } else {
      report(comparison)
    }
    guard comparison.agrees else { throw ExitCode(Failure.Status.thresholdMissed.rawValue) }
  }

  private func report(_ comparison: Comparison) {
    for difference in comparison.differences {
      let place =
        difference.layer.map { "layer \($0) [\(difference.section ?? "")]" } ?? "the whole"
      Output.line("\(place): \(difference.what)")
    }
    let worst = comparison.worstLayer.map {
      "; worst in layer \($0): \((comparison.worstError * 1000).rounded() / 1000) of the tolerance"
    }
    Output.line(
      "\(comparison.agrees ? "agree" : "differ"): \(comparison.layers) layers,"
        + " \(comparison.comparedValues) values compared\(worst ?? "")")
  }
}

/// A folder with a trace in it.
struct TraceFolder {
  let trace: PenumbraEngine.Trace
  private let path: String

  init(_ path: String) throws {
    self.path = path
    let names = ["trace.json", "expected.json"].map { path + "/" + $0 }
    guard let file = names.first(where: FileManager.default.fileExists(atPath:)) else {
      throw FileError(path + "/trace.json", .notFound)
    }
    do {
      trace = try JSONDecoder().decode(
        PenumbraEngine.Trace.self, from: Data(try readText(file, limit: 1 << 30)))
    } catch let error as DecodingError {
      throw InputError("\(file): not a trace: \(error)", help: "make it with 'penumbra trace'")
    }
  }

  /// Every layer's output, nil when the folder does not hold it.
  func outputs() throws -> [Float]? {
    let file = path + "/outputs.f32"
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    let bytes = try readText(file, limit: 1 << 32)
    return stride(from: 0, to: bytes.count / 4 * 4, by: 4).map { i in
      let bits = bytes[i..<i + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      return Float(bitPattern: bits)
    }
  }
}
