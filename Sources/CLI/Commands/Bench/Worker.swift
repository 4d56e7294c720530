import ArgumentParser
import Foundation
import PenumbraCfg
import PenumbraEngine
import PenumbraSupport

/// `penumbra bench --worker`: forward passes on request, for programs that time several side by side.
///
/// Says `ready` on stdout, then answers each line of stdin with one line: `run N` with N times in
/// milliseconds, `dump FOLDER` with `ok` once each asked layer's output is in `head_<layer>.f32`
/// there. `quit`, or the end of stdin, ends it.
struct Worker: ~Copyable {
  private var session: Session
  private let layers: [Int]
  private let input: [Float]
  /// What the worker reads.
  private var files: OutputPlan

  init(_ plan: Plan, layers: [Int], input: [Float], files: OutputPlan) throws {
    session = try Session(plan)
    self.layers = layers
    self.input = input
    self.files = files
  }

  mutating func serve() throws {
    FilesRead.note(STDIN_FILENO, "standard input")
    try answer("ready")
    while let line = readLine() {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      switch (words.first, words.dropFirst().first) {
      case (nil, _): continue
      case ("quit", nil): return
      case ("run", let count?):
        guard let count = Int(count), (1...1_000_000).contains(count) else {
          throw InputError("run \(count): expected a number from 1 to 1000000")
        }
        try answer((0..<count).map { _ in try run().text(4) }.joined(separator: " "))
      case ("dump", let folder?):
        try dump(into: folder)
        try answer("ok")
      default:
        throw InputError(
          "'\(line)' is no request", help: "send 'run N', 'dump FOLDER' or 'quit'")
      }
    }
  }

  /// Milliseconds of one forward pass.
  private mutating func run() throws(WeightsError) -> Double {
    // A run may overwrite its input.
    unsafe session.withInput { unsafe _ = $0.update(fromContentsOf: input) }
    let start = ContinuousClock.now
    session.run()
    let time = (ContinuousClock.now - start) / .milliseconds(1)
    try session.plan.checkFilesUnchanged()
    return time
  }

  private mutating func dump(into folder: String) throws {
    let paths = layers.map { "\(folder)/head_\($0).f32" }
    for path in paths { try files.protects(path) }
    _ = try run()
    for (layer, path) in zip(layers, paths) {
      let data = unsafe session.withOutput(layer: layer) { unsafe Data(buffer: $0) }
      try AtomicFile.write(data, to: path)
    }
  }

  /// The other side waits for the line.
  private func answer(_ line: String) throws(WriteError) {
    try StandardOutput.write(line + "\n")
  }
}

/// `CFG WEIGHTS INPUT HEADS THREADS`, what a worker is started with.
struct WorkerArguments {
  let cfg: String
  let weights: String
  let input: String
  let layers: [Int]
  let threads: Int

  init(_ arguments: [String]) throws(ValidationError) {
    guard arguments.count == 5 else {
      throw ValidationError(
        "--worker takes CFG WEIGHTS INPUT HEADS THREADS, found \(arguments.count) arguments")
    }
    (cfg, weights, input) = (arguments[0], arguments[1], arguments[2])
    let layers = arguments[3].split(separator: ",", omittingEmptySubsequences: false)
    self.layers = layers.compactMap { Int($0) }
    guard self.layers.count == layers.count else {
      throw ValidationError("HEADS is '\(arguments[3])', expected layers such as 16,23")
    }
    guard let threads = Int(arguments[4]), (1...256).contains(threads) else {
      throw ValidationError("THREADS is '\(arguments[4])', expected 1 to 256")
    }
    self.threads = threads
  }

  func check(_ graph: Graph) throws {
    if let layer = layers.first(where: { !graph.nodes.indices.contains($0) }) {
      throw InputError(
        "HEADS names layer \(layer); \(cfg) has layers 0 to \(graph.nodes.count - 1)")
    }
  }

  /// The numbers of one image: channels, height, width.
  func image(for graph: Graph) throws -> [Float] {
    let bytes = try readFile(input, limit: 1 << 32)
    let count = graph.net.input.count
    guard bytes.count == 4 * count else {
      throw InputError(
        "\(input): \(bytes.count) bytes, expected \(4 * count) for the network's input",
        help: "write channels x height x width little-endian 32-bit floats")
    }
    return (0..<count).map { index in
      let word = bytes[4 * index..<4 * index + 4].reversed().reduce(UInt32(0)) {
        $0 << 8 | UInt32($1)
      }
      return Float(bitPattern: word)
    }
  }
}
