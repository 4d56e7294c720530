/// Every printed number that a cfg determines, beside what the zoo gives.
public struct PaperReport: Sendable {
  public let folder: String
  public let findings: [Finding]
  public let networks: [ZooNetwork]

  /// - Parameter folder: the zoo.
  /// - Throws: `CfgError`, `FileError` for a cfg that is there and cannot be read.
  public init(zoo folder: String) throws {
    var zoo = Zoo(folder)
    self.folder = folder
    networks = try ZooNetwork.all(in: folder)
    findings = try (Figure.networks + Figure.claims).map { figure in
      let computed = try zoo.value(figure.measure)
      let statuses = try figure.measure.cfgs.compactMap { try zoo.status($0) }
      return Finding(figure, computed: computed, status: statuses.max { $0.rank < $1.rank })
    }
  }

  /// Published and recovered networks that do not have what was printed.
  public var failures: [Finding] { findings.filter { $0.verdict == .off } }
  public var passes: Bool { failures.isEmpty }

  public func count(_ verdict: Finding.Verdict) -> Int {
    findings.count { $0.verdict == verdict }
  }

  /// The sources in order, each with its findings.
  public var bySource: [(source: Source, findings: [Finding])] {
    var sources: [Source] = []
    for finding in findings where !sources.contains(finding.figure.source) {
      sources.append(finding.figure.source)
    }
    return sources.map { source in (source, findings.filter { $0.figure.source == source }) }
  }
}

extension Status {
  /// The less is known, the higher.
  fileprivate var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

// MARK: JSON

extension PaperReport: Encodable {
  enum CodingKeys: String, CodingKey { case zoo, figures, failures }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(folder, forKey: .zoo)
    try container.encode(findings, forKey: .figures)
    try container.encode(failures.count, forKey: .failures)
  }
}

extension Finding: Encodable {
  enum CodingKeys: String, CodingKey {
    case source, subject, unit, printed, computed, difference, verdict, status, cfgs, remark
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(figure.source.name, forKey: .source)
    try container.encode(figure.subject, forKey: .subject)
    try container.encode(figure.measure.unit, forKey: .unit)
    try container.encode(figure.value, forKey: .printed)
    try container.encodeIfPresent(computed, forKey: .computed)
    try container.encodeIfPresent(difference, forKey: .difference)
    try container.encode(verdict, forKey: .verdict)
    try container.encodeIfPresent(status, forKey: .status)
    try container.encode(figure.measure.cfgs.map { $0 + ".cfg" }, forKey: .cfgs)
    try container.encodeIfPresent(figure.misprint, forKey: .remark)
  }
}
