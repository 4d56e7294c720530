/// A printed number beside the one that the zoo gives.
public struct Finding: Sendable {
  public enum Verdict: String, Sendable, Codable {
    /// The computed number, rounded as the printed one is, is the printed one.
    case agrees
    /// The same, when the decimals are cut off in place of rounded.
    case cutOff = "cut-off"
    /// A reconstructed network comes near; the difference is its residual.
    case residual
    /// The printed number contradicts what else is printed or published.
    case misprint
    /// A published or recovered network does not have the printed number.
    case off
    /// The zoo does not have the network.
    case notHere = "not-here"
  }

  public let figure: Figure
  /// Nil where the zoo does not have what it takes.
  public let computed: Double?
  /// The least that is known of the cfgs it needs; nil where there is none.
  public let status: Status?
  public let verdict: Verdict

  init(_ figure: Figure, computed: Double?, status: Status?) {
    self.figure = figure
    self.computed = computed
    self.status = status
    verdict = Self.verdict(figure, computed, status)
  }

  private static func verdict(
    _ figure: Figure, _ computed: Double?, _ status: Status?
  ) -> Verdict {
    guard let computed else { return .notHere }
    let scaled = computed.magnitude * figure.scale
    let printed = (figure.value.magnitude * figure.scale).rounded()
    if figure.value * computed >= 0 {
      // Halves fall either way: what was rounded may have been computed in other units.
      if abs(scaled - printed) <= 0.5 + 1e-6 { return .agrees }
      if (scaled + 1e-6).rounded(.down) == printed { return .cutOff }
    }
    if figure.misprint != nil { return .misprint }
    return status?.isBinding ?? true ? .off : .residual
  }

  /// By how much the computed number is above the printed one, as a share of that; for percentages
  /// the difference in points.
  public var difference: Double? {
    computed.map { figure.isPercentage ? $0 - figure.value : $0 / figure.value - 1 }
  }
}

extension Figure {
  /// The printed number.
  public var value: Double { Double(printed) ?? 0 }
  var isPercentage: Bool { measure.unit == "%" }
  /// Digits behind the point.
  public var decimals: Int { printed.split(separator: ".").dropFirst().first?.count ?? 0 }
  /// What makes the last digit a one's digit.
  fileprivate var scale: Double { (0..<decimals).reduce(1) { scale, _ in scale * 10 } }
}
