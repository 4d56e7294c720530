import PenumbraSupport

/// What a check of a folder found.
public struct ZooReport: Sendable, Encodable {
  public let folder: String
  public let networks: [NetworkReport]
  public let seconds: Double

  public init(folder: String, networks: [NetworkReport], seconds: Double) {
    self.folder = folder
    self.networks = networks
    self.seconds = seconds
  }

  public var differences: Int { networks.reduce(0) { $0 + $1.differences.count } }
  public var passes: Bool { differences == 0 }

  /// `cfg/a.cfg:34: error: layer 4 [convolutional]: filters is 48, the record has 64`, the form that
  /// editors and CI logs link.
  public var differenceLines: [String] {
    networks.flatMap { network in
      network.differences.map { difference in
        let line = difference.line.map { ":\($0)" } ?? ""
        return
          "\(folder.printable)/\(network.name.printable)\(line): error: \(difference.description)"
      }
    }
  }

  public var summary: String {
    let off = networks.count { !$0.passes }
    let time = "\((seconds * 10).rounded() / 10) s"
    let what = "\(networks.count) network\(networks.count == 1 ? "" : "s")"
    guard off > 0 else { return "\(what), all as recorded, \(time)" }
    return "\(what), \(off) not as recorded, \(time)"
  }

  enum CodingKeys: String, CodingKey { case folder, networks, seconds, differences }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(folder, forKey: .folder)
    try container.encode(networks, forKey: .networks)
    try container.encode(seconds, forKey: .seconds)
    try container.encode(differences, forKey: .differences)
  }
}
