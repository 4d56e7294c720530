import PenumbraAnalysis

extension Finding {
  /// With one digit more than was printed.
  public var computedText: String? {
    computed.map { $0.rounded(to: figure.decimals + (figure.measure.isCount ? 0 : 1)) }
  }

  /// `+0.3 %`, or `-1.2 points` of a percentage.
  public var differenceText: String? {
    guard let difference else { return nil }
    let number = figure.isPercentage ? difference : 100 * difference
    let text = number.rounded(to: 1)
    let sign = number > 0 && text != "0.0" ? "+" : ""
    return sign + text + (figure.isPercentage ? " points" : " %")
  }

  public var verdictText: String {
    switch verdict {
    case .agrees: "agrees"
    case .cutOff: "agrees, cut off"
    case .residual: "residual"
    case .misprint: "misprint"
    case .off: "OFF"
    case .notHere: "not in the zoo"
    }
  }

  /// `classify/peleenet.cfg 2.79 M weights: 2.8137, +0.9 %`.
  public var failureText: String {
    let cfgs = figure.measure.cfgs.map { $0 + ".cfg" }.joined(separator: ", ")
    return "\(cfgs): \(figure.subject): \(computedText ?? "") \(figure.measure.unit), printed"
      + " \(figure.printed) (\(figure.source.name)), \(differenceText ?? "")"
  }
}

extension Measure {
  /// Whether it is a whole number.
  var isCount: Bool {
    if case .layersAtCeiling = self { true } else { false }
  }
}

extension PaperReport {
  /// `112 numbers: 80 agree, 3 agree cut off, …`.
  public var summary: String {
    let parts: [(Finding.Verdict, String)] = [
      (.agrees, "agree"), (.cutOff, "agree when cut off in place of rounded"),
      (.residual, "are approached by reconstructions"),
      (.misprint, "contradict what else is published"),
      (.off, "should agree and do not"), (.notHere, "are of networks that the zoo does not have"),
    ]
    let counts = parts.filter { count($0.0) > 0 }.map { "\(count($0.0)) \($0.1)" }
    return "\(findings.count) printed numbers: " + counts.joined(separator: ", ")
  }
}
