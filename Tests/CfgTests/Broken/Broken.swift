import PenumbraCfg
import PenumbraEngine
import Testing

/// A cfg with mistakes, and all that is to be said of it.
struct Broken: Sendable, CustomTestStringConvertible {
  let name: String
  let cfg: String
  let findings: [Finding]

  /// A `[net]` of four lines; the layers behind it start in line 5.
  private static let net = "[net]\nwidth=32\nheight=32\nchannels=3\n"

  init(_ name: String, _ findings: [Finding], whole cfg: String) {
    self.name = name
    self.cfg = cfg
    self.findings = findings
  }

  /// Layers behind a sound `[net]`.
  init(_ name: String, _ findings: [Finding], onNet layers: String) {
    self.init(name, findings, whole: Self.net + layers)
  }

  var testDescription: String { name }

  static let all =
    text + sections + keys + training + shapes + joins + dialect + heads + anchors + several
}

/// One diagnostic that is expected.
struct Finding: Sendable {
  /// `line:column severity code`.
  let place: String
  /// Part of the message.
  let says: String
  /// Part of the help; nil where any will do.
  let help: String?

  init(_ place: String, says: String, help: String? = nil) {
    self.place = place
    self.says = says
    self.help = help
  }
}

struct BrokenTests {
  @Test(arguments: Broken.all) func `explains a broken cfg`(_ broken: Broken) {
    expect(broken)
    #expect(!broken.findings.isEmpty)
  }

  @Test(arguments: Broken.published) func `accepts what published files do`(_ cfg: Broken) {
    expect(cfg)
    let check = Graph.check(CfgFile(text: cfg.cfg, name: "net.cfg"))
    #expect(check.graph != nil)
  }

  /// All findings, in order, and nothing else.
  private func expect(_ broken: Broken, sourceLocation: Testing.SourceLocation = #_sourceLocation) {
    let file = CfgFile(bytes: Array(broken.cfg.utf8), name: "net.cfg")
    let found = Graph.check(file).diagnostics
    #expect(found.map(place) == broken.findings.map(\.place), sourceLocation: sourceLocation)
    for (diagnostic, finding) in zip(found, broken.findings) {
      let problem = diagnostic.problem
      #expect(problem.message.contains(finding.says), sourceLocation: sourceLocation)
      if let help = finding.help {
        #expect(problem.help?.contains(help) == true, sourceLocation: sourceLocation)
      }
    }
  }

  private func place(_ diagnostic: Diagnostic) -> String {
    let location = diagnostic.location
    return "\(location.line):\(location.column) \(diagnostic.severity.rawValue)"
      + " \(diagnostic.problem.code.rawValue)"
  }

  @Test func `covers every code`() {
    let covered = Set((Broken.all + Broken.published).flatMap(\.findings).map(\.code))
    let missing = Problem.Code.allCases.map(\.rawValue).filter { !covered.contains($0) }
    #expect(missing == [])
  }
}

extension Finding {
  fileprivate var code: String { String(place.split(separator: " ").last ?? "") }
}
