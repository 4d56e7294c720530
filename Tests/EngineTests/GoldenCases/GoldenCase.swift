import Foundation
import Penumbra
import TestSupport
import Testing

/// A folder with a network, its input and what another program computed for it.
struct GoldenCase: Sendable, CustomTestStringConvertible {
  let folder: String

  var name: String { folder.split(separator: "/").last.map(String.init) ?? folder }
  var testDescription: String { name }

  /// How a case is computed.
  struct Run: Sendable, CustomTestStringConvertible {
    let backend: any Backend
    /// The best kernels that may be used; nil where the backend has none of its own.
    let instructionSet: String?

    var testDescription: String {
      [backend.name, instructionSet].compactMap(\.self).joined(separator: "/")
    }

    /// Every backend, the vectorised ones with every instruction set of this machine.
    static let all =
      KernelChoice.sets.flatMap { set in
        [BlasBackend(), BlockedBackend()].map { (backend: any Backend) in
          Run(backend: backend, instructionSet: set)
        }
      }
      + [Run(backend: ReferenceBackend(), instructionSet: nil)]
  }

  func expected() throws -> Expectation {
    let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/expected.json"))
    return try JSONDecoder().decode(Expectation.self, from: data)
  }

  func floats(_ file: String) throws -> [Float] {
    try Data(contentsOf: URL(fileURLWithPath: folder + "/" + file)).withUnsafeBytes {
      Array($0.bindMemory(to: Float.self))
    }
  }
}

/// `expected.json`: a trace, and where weights and input come from.
struct Expectation: Decodable {
  let trace: Trace
  let weightsSeed: UInt64
  let inputSeed: UInt64

  enum CodingKeys: String, CodingKey {
    case weightsSeed = "weights_seed"
    case inputSeed = "input_seed"
  }

  init(from decoder: any Decoder) throws {
    trace = try Trace(from: decoder)
    let container = try decoder.container(keyedBy: CodingKeys.self)
    weightsSeed = try container.decodeIfPresent(UInt64.self, forKey: .weightsSeed) ?? 1
    inputSeed = try container.decodeIfPresent(UInt64.self, forKey: .inputSeed) ?? 7920
  }
}

// MARK: Where the cases are

extension GoldenCase {
  /// The cases of this package.
  static let layers = subfolders(of: Bundle.module.bundlePath + "/Golden/layers")
  static let zoo = subfolders(of: shared + "/zoo")
  static let real = subfolders(of: shared + "/real").flatMap { subfolders(of: $0.folder) }
  static let photographs = shared + "/images"

  /// The cases that are others' work.
  private static let shared =
    Shared.item("golden", for: "published networks against Darknet")?.path ?? "absent"

  private static func subfolders(of folder: String) -> [GoldenCase] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().map { GoldenCase(folder: folder + "/" + $0) }
      .filter {
        FileManager.default.fileExists(atPath: $0.folder + "/expected.json") || $0.isFamily
      }
  }

  /// Whether this is a trained network with cases below it.
  private var isFamily: Bool {
    FileManager.default.fileExists(atPath: folder + "/\(name).weights")
  }

  /// The trained network a photograph's case belongs to.
  var family: GoldenCase {
    GoldenCase(folder: String(folder[..<(folder.lastIndex(of: "/") ?? folder.endIndex)]))
  }
}

// MARK: Comparison

extension GoldenCase {
  /// Runs the network and compares every layer, and the boxes where there are any.
  func compare(
    _ graph: Graph, _ weights: Weights, _ run: Run, _ expected: Trace, values: [Float]? = nil,
    load: (inout Session) throws -> ImageFit
  ) throws {
    let options = PlanOptions(backend: run.backend, keepsAllOutputs: true)
    let plan = try Plan(graph, weights: weights, options: options)
    var session = try Session(plan)
    let fit = try load(&session)
    session.run()
    var trace = Trace(session, cfg: "net.cfg")
    if let boxes = expected.detections {
      let options = DetectionOptions(threshold: boxes.thresh, overlap: boxes.nms)
      trace.record(
        try session.detections(fit: fit, options: options), fit: fit, options: options,
        isLetterboxed: boxes.letterbox == 1)
    }
    var got: [Float] = []
    if values != nil {
      for layer in graph.nodes.indices { session.withOutput(layer: layer) { got += $0 } }
      #expect(got.count == values?.count)
    }
    let comparison = Comparison(trace, against: expected, values: values.map { (got, $0) })
    #expect(comparison.differences == [])
  }

  /// Runs `body` with the kernels that `run` asks for.
  func with(_ run: Run, _ body: () throws -> Void) rethrows {
    guard let set = run.instructionSet else { return try body() }
    try KernelChoice.limited(to: set, body)
  }
}
