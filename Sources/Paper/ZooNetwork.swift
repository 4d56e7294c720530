import Foundation
import PenumbraAnalysis
import PenumbraCfg
import PenumbraEngine
import PenumbraSupport

/// A cfg of the zoo and what it takes at its own size.
public struct ZooNetwork: Sendable {
  /// The path below the zoo, without the suffix.
  public let name: String
  public let status: Status?
  public let input: String
  public let weights: Int
  public let numbers: Int
  /// By the paper's convention.
  public let bflops: Double
  /// The first words of its header.
  public let summary: String

  /// All cfgs of a folder, by path.
  ///
  /// - Throws: `CfgError` or `FileError` for the first that cannot be read.
  public static func all(in folder: String) throws -> [ZooNetwork] {
    let found = ContainedFiles(below: folder, suffix: ".cfg")
    if let refused = found.refused.first { throw refused }
    if let link = found.outside.paths.first { throw FileError(link, .outsideFolder) }
    return try found.names.map { path in
      let file = try CfgFile(contentsOf: folder + "/" + path, from: .found)
      let graph = try Graph(file)
      let (cost, header) = (NetworkCost(graph).total, CfgHeader(file))
      return ZooNetwork(
        name: String(path.dropLast(4)), status: header.status, input: "\(graph.net.input)",
        weights: cost.weights, numbers: cost.parameters, bflops: cost.paperBFLOPs,
        summary: header.summary.split(separator: ". ").first.map(String.init) ?? "")
    }
  }
}
