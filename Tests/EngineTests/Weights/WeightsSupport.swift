import Foundation
import PenumbraCfg
import PenumbraEngine
import TestSupport

/// A graph of sections that stand below a small `[net]`.
func graph(
  _ sections: String, net: String = "width=8\nheight=8\nchannels=3"
) throws -> Graph {
  try Graph(CfgFile(text: "[net]\n\(net)\n\(sections)\n", name: "test.cfg"))
}

/// The bytes of a weights file whose numbers count up from 1.
func weightsFile(
  _ count: Int, header: WeightsHeader = WeightsHeader(seen: 64)
) -> [UInt8] {
  weightsFile((0..<count).map { Float($0 + 1) }, header: header)
}

func weightsFile(
  _ floats: [Float], header: WeightsHeader = WeightsHeader(seen: 64)
) -> [UInt8] {
  header.bytes
    + floats.flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
    }
}

/// Reads bytes as the weights of a graph.
func weights(
  _ bytes: [UInt8], for graph: Graph, allowsPartial: Bool = false
) throws -> Weights {
  let folder = try TemporaryFolder()
  let path = try folder.write(bytes, to: "net.weights")
  return try Weights(contentsOf: path, for: graph, allowsPartial: allowsPartial)
}

/// The bytes that weights are written as.
func written(_ weights: Weights, upTo layers: Int? = nil) throws -> [UInt8] {
  let folder = try TemporaryFolder()
  try weights.write(to: folder.file("out.weights"), upTo: layers)
  return try bytes(folder.file("out.weights"))
}

func bytes(_ path: String) throws -> [UInt8] {
  Array(try Data(contentsOf: URL(fileURLWithPath: path)))
}

extension Weights {
  /// The numbers of the first tensor of a layer with the given role.
  func numbers(_ layer: Int, _ role: Parameter.Role) -> [Float]? {
    layout.entries.first { $0.id.layer == layer && $0.parameter.role == role }
      .map { Array(values($0.id)) }
  }
}

/// The golden layer cases copied into the tests.
enum GoldenLayers {
  static let folder = Bundle.module.resourcePath! + "/Golden/layers"

  static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()

  static func graph(_ name: String) throws -> Graph {
    try Graph(CfgFile(contentsOf: "\(folder)/\(name)/net.cfg"))
  }

  static func weightsPath(_ name: String) -> String { "\(folder)/\(name)/net.weights" }

  static func seed(_ name: String) throws -> UInt64 {
    struct Case: Decodable {
      let seed: UInt64
      enum CodingKeys: String, CodingKey { case seed = "weights_seed" }
    }
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)/expected.json"))
    return try JSONDecoder().decode(Case.self, from: data).seed
  }
}
