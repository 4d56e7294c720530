public import PenumbraCfg

/// The comment at the top of a zoo's cfg: a sentence, then fields such as `# status  recovered: …`
/// that go on in lines indented further.
public struct CfgHeader: Hashable, Sendable {
  /// What the network is: the lines above the first field.
  public let summary: String
  private let fields: [String: String]

  public init(_ file: CfgFile) {
    var summary: [Substring] = []
    var fields: [String: String] = [:]
    var open: String?
    for line in file.lines.prefix(while: { $0.hasPrefix("#") }) {
      let text = line.dropFirst()
      let words = text.split(separator: " ", maxSplits: 1)
      let indent = text.prefix { $0 == " " }.count
      if words.isEmpty {
        open = nil
      } else if let name = open, indent > 4 {
        fields[name, default: ""] += " " + text.drop { $0 == " " }
      } else if indent == 1, words.count == 2, words[1].hasPrefix(" "),
        Self.names.contains(String(words[0]))
      {
        open = String(words[0])
        fields[String(words[0])] = String(words[1].drop { $0 == " " })
      } else if fields.isEmpty {
        summary.append(text.drop { $0 == " " })
      }
    }
    self.summary = summary.joined(separator: " ")
    self.fields = fields
  }

  private static let names = [
    "source", "status", "published", "residual", "parameters", "BFLOPs", "input", "training",
  ]

  public subscript(field: String) -> String? { fields[field] }

  /// How much is known of the network: the first word of `status`.
  public var status: Status? {
    self["status"].flatMap { Status(rawValue: String($0.prefix { $0.isLetter })) }
  }
}

/// How much is known of a network.
public enum Status: String, Hashable, Sendable, Codable, CaseIterable {
  /// Its authors published the cfg.
  case published
  /// No cfg was published, but what was printed determines the layers, and every total agrees.
  case recovered
  /// Made to approach what was printed; some choice is free.
  case reconstructed
  /// Nobody printed anything about it.
  case own

  /// Whether the network must have what was printed.
  var isBinding: Bool { self == .published || self == .recovered }
}
