package import PenumbraCfg

/// Keys that every layer section takes.
///
/// Source: Darknet `parser.c` (`parse_network_cfg_custom`).
public struct LayerOptions: Hashable, Sendable {
  static let dontLoad = Key(
    "dontload", default: false,
    "The weights file holds nothing for this layer; it keeps its initial values.")
  static let dontLoadScales = Key(
    "dontloadscales", default: false,
    "The weights file holds no batch-norm scales, means and variances for this layer.")

  package static let keys: [any KeyDescription] = [dontLoad, dontLoadScales] + TrainingKeys.layer

  public let skipsLoading: Bool
  public let skipsLoadingScales: Bool

  init(_ section: inout SectionReader) {
    skipsLoading = section.read(Self.dontLoad)
    skipsLoadingScales = section.read(Self.dontLoadScales)
  }
}
