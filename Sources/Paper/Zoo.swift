import PenumbraAnalysis
import PenumbraCfg
import PenumbraEngine
import PenumbraSupport

/// The cfgs of a folder, read when they are asked for.
struct Zoo {
  private let folder: String
  private var graphs: [Place: Graph?] = [:]
  private var headers: [String: CfgHeader?] = [:]

  private struct Place: Hashable {
    let cfg: String
    let side: Int?
  }

  init(_ folder: String) { self.folder = folder }

  /// Nil where there is no such cfg.
  ///
  /// - Throws: `CfgError` for a cfg that cannot be run.
  mutating func graph(_ cfg: String, side: Int?) throws -> Graph? {
    let place = Place(cfg: cfg, side: side)
    if let known = graphs[place] { return known }
    let graph = try file(cfg).map { try Graph($0, size: side.map { ($0, $0) }) }
    graphs[place] = .some(graph)
    return graph
  }

  mutating func status(_ cfg: String) throws -> Status? {
    if let known = headers[cfg] { return known?.status }
    let header = try file(cfg).map { CfgHeader($0) }
    headers[cfg] = .some(header)
    return header?.status
  }

  private func file(_ cfg: String) throws -> CfgFile? {
    do throws(FileError) {
      return try CfgFile(contentsOf: "\(folder)/\(cfg).cfg")
    } catch {
      if error.reason == .notFound { return nil }
      throw error
    }
  }

  /// The value of a measure; nil where a cfg it needs is missing.
  mutating func value(_ measure: Measure) throws -> Double? {
    switch measure {
    case .weights(let cfg):
      return try cost(cfg, nil).map { Double($0.total.weights) / 1e6 }
    case .numbers(let cfg):
      return try cost(cfg, nil).map { Double($0.total.parameters) / 1e6 }
    case .bflops(let cfg, let side):
      return try cost(cfg, side)?.total.paperBFLOPs
    case .ceiling(let cfg, let side):
      return try cost(cfg, side)?.bottleneck?.tally.paperBFLOPs
    case .cio(let cfg, let side):
      return try cost(cfg, side).map { Double($0.total.convolutionalIO) / 1e6 }
    case .layersAtCeiling(let cfg, let side):
      guard let cost = try cost(cfg, side), let most = cost.bottleneck?.tally.paperOperations
      else { return nil }
      return Double(
        cost.layers.count { Double($0.tally.paperOperations) > 0.999 * Double(most) })
    case .change(let from, let to):
      guard let before = try value(from), let after = try value(to) else { return nil }
      return 100 * (after / before - 1)
    case .maxoutSaving(let cfg, let side):
      guard let graph = try graph(cfg, side: side),
        let way = Anatomy(graph).compression?.ways.first
      else { return nil }
      return 100 * way.saving
    case .unknown: return nil
    }
  }

  private mutating func cost(_ cfg: String, _ side: Int?) throws -> NetworkCost? {
    try graph(cfg, side: side).map { NetworkCost($0) }
  }
}
