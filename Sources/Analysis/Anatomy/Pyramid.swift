import PenumbraEngine

/// How a detector brings the backbone's levels together and predicts from them.
public struct Pyramid: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, Codable {
    /// Heads without fusion of levels.
    case plain
    /// YOLOv2: a finer map rearranged and joined before the only head.
    case passthrough
    /// Top-down joins.
    case fpn = "FPN"
    /// Top-down partial residual sums.
    case prn = "PRN"
    /// Top-down, then bottom-up.
    case panet = "PANet"
    /// All levels in one map by concatenation, from which all outputs derive.
    case gfm = "GFM"
    /// Two levels and a global vector in one sum (ThunderNet).
    case cem = "CEM"
    /// Each level with both of its neighbours.
    case efm = "EFM"
  }

  public let kind: Kind
  /// In file order.
  public let fusions: [Fusion]
  /// In file order.
  public let heads: [Head]

  /// A place where maps of different origin meet.
  public struct Fusion: Hashable, Sendable {
    public enum Means: String, Hashable, Sendable, Codable { case join, sum, partialSum }

    /// The layer that holds the result.
    public let layer: Int
    public let stride: Int
    public let means: Means
    /// In ascending order.
    public let sources: [Source]
    /// Whether a head predicts from it before anything else is fused.
    public internal(set) var isOutput: Bool
  }

  /// Where a map that is fused comes from.
  public enum Source: Hashable, Sendable {
    /// A layer of the backbone.
    case tap(layer: Int, stride: Int)
    /// The mean over a layer of the backbone.
    case global(stride: Int)
    /// An earlier fusion, by its index in `fusions`.
    case fusion(Int)
    /// What no layer computes: the picture itself, or constants.
    case other
  }

  /// Boxes of one stride.
  public struct Head: Hashable, Sendable {
    public let layer: Int
    public let stride: Int
    public let anchors: Int
    public let classes: Int
    /// What it predicts from.
    public let source: Source
    /// The strides that meet where it predicts from: of the backbone's maps, directly.
    public let directStrides: [Int]
    /// All strides of the backbone that reach it.
    public let strides: [Int]
  }
}

extension Pyramid {
  /// "fused 16", or "output 8" where a head predicts from it.
  public func name(of source: Source) -> String {
    switch source {
    case .tap(_, let stride): "\(stride)"
    case .global(let stride): "global \(stride)"
    case .other: "constants"
    case .fusion(let index):
      (fusions[index].isOutput ? "output " : "fused ") + "\(fusions[index].stride)"
    }
  }

  /// "output 16 = fused 16 + output 8", one for each fusion.
  public var equations: [String] {
    fusions.indices.map { index in
      let sources = fusions[index].sources
      let taps = sources.filter { if case .fusion = $0 { false } else { true } }.map(name(of:))
      let fused = sources.filter { if case .fusion = $0 { true } else { false } }.map(name(of:))
      let levels = taps.isEmpty ? [] : ["{" + taps.joined(separator: ", ") + "}"]
      return name(of: .fusion(index)) + " = " + (levels + fused).joined(separator: " + ")
    }
  }
}
