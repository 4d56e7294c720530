/// A printed number and how it is computed from the zoo.
public struct Figure: Hashable, Sendable {
  public let source: Source
  /// The network, or what is claimed of it.
  public let subject: String
  /// As printed, with its decimals: they say how far it was rounded.
  public let printed: String
  public let measure: Measure
  /// Why the number cannot be met, where that is known.
  public var misprint: String?
}

/// What is measured, and of which cfg of the zoo.
public indirect enum Measure: Hashable, Sendable {
  /// Millions of convolution weights: no biases, no normalisation.
  case weights(String)
  /// Millions of numbers in the weights file.
  case numbers(String)
  /// Billions of operations by the paper's convention, at a width and height.
  case bflops(String, side: Int?)
  /// The same of the most expensive layer: the dashed line of Figure 7.
  case ceiling(String, side: Int?)
  /// Millions of elements in and out of convolutions and pools.
  case cio(String, side: Int?)
  /// How many layers cost what the most expensive one does, to a thousandth.
  case layersAtCeiling(String, side: Int?)
  /// By how many percent the second is above the first.
  case change(Measure, Measure)
  /// Percent of each map's memory that maxout saves while a pyramid is built.
  case maxoutSaving(String, side: Int?)
  /// Nobody's cfg is here; the unit alone is known.
  case unknown(unit: String)

  /// The cfgs it needs, as paths below the zoo.
  public var cfgs: [String] {
    switch self {
    case .weights(let cfg), .numbers(let cfg), .bflops(let cfg, _), .ceiling(let cfg, _),
      .cio(let cfg, _), .layersAtCeiling(let cfg, _), .maxoutSaving(let cfg, _):
      [cfg]
    case .change(let from, let to): from.cfgs + to.cfgs
    case .unknown: []
    }
  }

  public var unit: String {
    switch self {
    case .weights: "M weights"
    case .numbers: "M numbers"
    case .bflops, .ceiling: "BFLOPs"
    case .cio: "M elements"
    case .layersAtCeiling: "layers"
    case .change, .maxoutSaving: "%"
    case .unknown(let unit): unit
    }
  }

  /// The side of the input at which it is measured, where it is not the cfg's own.
  public var side: Int? {
    switch self {
    case .bflops(_, let side), .ceiling(_, let side), .cio(_, let side),
      .layersAtCeiling(_, let side), .maxoutSaving(_, let side):
      side
    default: nil
    }
  }
}
