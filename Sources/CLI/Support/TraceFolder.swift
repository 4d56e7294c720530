import Foundation
import PenumbraEngine
import PenumbraSupport

/// A folder with a trace in it: what every layer computed in `trace.json`, or a golden
/// `expected.json`, and perhaps all of its values in `outputs.f32`.
struct TraceFolder {
  let trace: PenumbraEngine.Trace
  let file: String
  private let outputsFile: String

  /// Whether this is a golden case, which another program wrote.
  var isGolden: Bool { file.hasSuffix("/expected.json") }

  private static let help = "make it again with 'penumbra trace'"

  init(_ path: String) throws {
    let names = ["trace.json", "expected.json"].map { path + "/" + $0 }
    guard let file = names.first(where: { fileStatus($0) != nil }) else {
      throw FileError(path + "/trace.json", .notFound)
    }
    self.file = file
    outputsFile = path + "/outputs.f32"
    let text = Data(try readFile(file, limit: 1 << 30, from: .found))
    do throws(JSONProblem) {
      trace = try JSON.decode(PenumbraEngine.Trace.self, from: text)
    } catch {
      throw InputError(
        "\(file.shownPath): not a trace: \(error.text)", help: Self.help)
    }
    if let fault = trace.fault {
      throw InputError("\(file.shownPath): not a trace: \(fault)", help: Self.help)
    }
  }

  /// Every layer's output, nil where the folder does not hold it.
  ///
  /// - Throws: where the file is not the one that belongs to the trace.
  func outputs() throws -> [Float]? {
    guard fileStatus(outputsFile) != nil else { return nil }
    let count = trace.outputCount ?? 0
    let bytes = try readFile(outputsFile, limit: max(4 * count, 1 << 20), from: .found)
    guard bytes.count == 4 * count else {
      throw InputError(
        "\(outputsFile.shownPath): \(bytes.count) bytes, but the layers of \(file.shownPath) have \(count) outputs, which"
          + " are \(4 * count) bytes", help: Self.help)
    }
    let values = try unsafe bytes.withUnsafeBytes { raw in
      if let stated = trace.outputsChecksum, unsafe stated != Self.checksum(raw) {
        throw InputError(
          "\(outputsFile.shownPath): not the outputs that \(file.shownPath) was written with",
          help: Self.help)
      }
      return (0..<count).map { index in
        let bits = unsafe raw.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
        return Float(bitPattern: UInt32(littleEndian: bits))
      }
    }
    try checkSamples(values)
    return values
  }

  private func checkSamples(_ values: [Float]) throws {
    var start = 0
    for layer in trace.layers {
      if let fault = layer.contradiction(values[start..<start + layer.outputs]) {
        throw InputError(
          "\(file.shownPath): not a trace: layers[\(layer.index)].\(fault)", help: Self.help)
      }
      start += layer.outputs
    }
  }

  /// What `outputs_checksum` holds for these bytes.
  private static func checksum(_ bytes: UnsafeRawBufferPointer) -> String {
    String(unsafe Checksum.of(bytes), radix: 16)
  }

  /// Writes both files as one: each is complete on the disk before the first is put in its place, and
  /// the trace names the outputs that belong to it, so that an old and a new file are never a pair.
  static func write(
    _ trace: PenumbraEngine.Trace, outputs: Data, to path: String
  ) throws {
    var trace = trace
    trace.outputsChecksum = unsafe outputs.withUnsafeBytes { unsafe checksum($0) }
    let contents = [
      (path + "/outputs.f32", outputs),
      (path + "/trace.json", Data(try Output.json(trace).utf8)),
    ]
    let files = try contents.map { path, data in
      let file = try AtomicFile(path)
      try unsafe data.withUnsafeBytes { unsafe try file.write($0) }
      return file
    }
    for file in files { try file.commit() }
  }
}
