public import ArgumentParser
import Foundation
import PenumbraCfg
public import PenumbraEngine
import PenumbraSupport

/// In what a network's convolutions multiply: shared by every command that runs one.
struct PrecisionOptions: ParsableArguments {
  @Option(
    help: "What convolutions multiply: fp32, bf16 or int8; the latter two with --backend blocked.")
  var precision = NumberFormat.fp32

  @Option(
    help: "For --precision int8: the file that 'penumbra calibrate' wrote.",
    completion: .file(extensions: ["json"]))
  var calibration: String?

  @Option(
    name: .customLong("fp32-layers"),
    help: """
      Layers in fp32 whatever the precision, such as 0,16, or none; by default the first \
      convolution and those that heads read.
      """)
  var fp32Layers: LayerList?

  func validate() throws {
    guard (precision == .int8) == (calibration != nil) else {
      throw ValidationError(
        precision == .int8
          ? "--precision int8 needs --calibration FILE; 'penumbra calibrate' makes one"
          : "--calibration is for --precision int8")
    }
  }

  /// - Throws: a usage error when the backend has no such kernels.
  func check(_ backend: any Backend) throws {
    guard !backend.formats.contains(precision) else { return }
    let able = Backends.all.filter { $0.formats.contains(precision) }.map(\.name)
    throw ValidationError(
      "--precision \(precision.rawValue) needs --backend \(able.joined(separator: " or "))")
  }

  /// Puts the precision into `options`, and says so on stderr where this machine lacks it.
  func apply(to options: inout PlanOptions) throws {
    options.precision = try loaded()
    options.fp32Layers = fp32Layers?.layers
  }

  func loaded() throws -> Precision {
    if !precision.isSupported {
      standardError(
        "note: these processors, or --isa, lack \(precision.instructions);"
          + " --precision \(precision.rawValue) is computed in fp32")
    }
    switch (precision, calibration) {
    case (.bf16, _): return .bf16
    case (.int8, let file?): return .int8(try Calibration(contentsOf: file))
    default: return .fp32
    }
  }
}

/// The same for `bench`, which measures several in turns.
struct PrecisionListOptions: ParsableArguments {
  @Option(help: "What convolutions multiply, or a list of it: fp32, bf16, int8 (backend blocked).")
  var precision = "fp32"

  @Option(
    help: "For int8: the file that 'penumbra calibrate' wrote.",
    completion: .file(extensions: ["json"]))
  var calibration: String?

  @Option(
    name: .customLong("fp32-layers"),
    help: "Layers in fp32 whatever the precision, such as 0,16, or none.")
  var fp32Layers: LayerList?

  var layers: [Int]? { fp32Layers?.layers }

  var formats: [NumberFormat] {
    get throws {
      try precision.split(separator: ",", omittingEmptySubsequences: false).map { word in
        guard let format = NumberFormat(rawValue: String(word)) else {
          throw ValidationError(
            "--precision is '\(precision)', expected a list of fp32, bf16, int8")
        }
        return format
      }
    }
  }

  func check(_ backends: [any Backend]) throws {
    guard (try formats.contains(.int8)) == (calibration != nil) else {
      throw ValidationError("--precision int8 and --calibration FILE go together")
    }
    for backend in backends { for format in try formats { try options(format).check(backend) } }
  }

  private func options(_ format: NumberFormat) -> PrecisionOptions {
    var options = PrecisionOptions()
    options.precision = format
    options.calibration = format == .int8 ? calibration : nil
    options.fp32Layers = fp32Layers
    return options
  }

  func loaded() throws -> [Precision] { try formats.map { try options($0).loaded() } }
}

extension NumberFormat: ExpressibleByArgument {}

/// Numbers of layers, or `none`.
struct LayerList: ExpressibleByArgument {
  let layers: [Int]

  init?(argument: String) {
    let words =
      argument == "none" ? [] : argument.split(separator: ",", omittingEmptySubsequences: false)
    layers = words.compactMap { Int($0) }
    guard layers.count == words.count, layers.allSatisfy({ $0 >= 0 }) else { return nil }
  }
}

extension Calibration {
  /// Reads what `penumbra calibrate` wrote.
  init(contentsOf file: String) throws {
    let text = Data(try readFile(file, limit: 1 << 26))
    do throws(JSONProblem) {
      self = try JSON.decode(Self.self, from: text)
    } catch {
      throw InputError(
        "\(file.shownPath): not a calibration: \(error.text)",
        help: "make it with 'penumbra calibrate'")
    }
    if let fault {
      throw InputError(
        "\(file.shownPath): not a calibration: \(fault)", help: "make it with 'penumbra calibrate'")
    }
  }
}
