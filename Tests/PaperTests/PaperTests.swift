import Foundation
import PenumbraCfg
import PenumbraPaper
import TestSupport
import Testing

struct PaperTests {
  private static let zoo = Shared.package.appendingPathComponent("cfg").path
  private let report: PaperReport

  init() throws { report = try PaperReport(zoo: Self.zoo) }

  @Test func `published and recovered networks have what was printed`() {
    #expect(report.failures.map(\.failureText) == [])
  }

  /// What the architectures were designed to: a larger residual is a step back.
  @Test func `reconstructed networks stay within their residuals`() {
    let residuals = report.findings.filter { $0.verdict == .residual }
    #expect(!residuals.isEmpty)
    for finding in residuals where finding.figure.measure.unit != "%" {
      let cfg = finding.figure.measure.cfgs[0]
      let allowed =
        cfg.contains("fusion-first")
        ? 0.136 : cfg.contains("fusion-last") ? 0.048 : cfg.contains("resnet-10") ? 0.081 : 0.0085
      #expect(abs(finding.difference ?? 1) <= allowed, "\(cfg), \(finding.figure.subject)")
    }
  }

  @Test func `every cfg of the zoo says how much is known of it`() {
    #expect(report.networks.filter { $0.status == nil }.map(\.name) == [])
    #expect(report.networks.allSatisfy { !$0.summary.isEmpty })
  }

  @Test func `every named cfg that has a number to meet is in the zoo`() {
    let names = Set(report.networks.map(\.name))
    let missing = Set(report.findings.flatMap(\.figure.measure.cfgs)).subtracting(names)
    #expect(missing == [])
  }

  /// The page is made by `make docs`.
  @Test func `the page docs/zoo.md is up to date`() throws {
    let page = Shared.package.appendingPathComponent("docs/zoo.md")
    #expect(try String(contentsOf: page, encoding: .utf8) == report.markdown, "run make docs")
  }

  /// The specification's own list, where it stands beside the package.
  @Test(.enabled(if: Shared.has("spec/targets.csv")))
  func `every printed cost of the specification is among the figures`() throws {
    let file = try #require(Shared.item("spec/targets.csv", for: "printed costs"))
    var printed: [String: Int] = [:]
    for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n").dropFirst() {
      let fields = Self.fields(line)
      for value in [fields[2], fields[3]] where !value.isEmpty { printed[value, default: 0] += 1 }
    }
    var known: [String: Int] = [:]
    for finding in report.findings { known[finding.figure.printed, default: 0] += 1 }
    // Ten crops multiply a cost that another row has.
    printed["79"] = nil
    printed["20.50"].map { printed["20.50"] = $0 - 1 }
    for (value, count) in printed {
      #expect(known[value, default: 0] >= count, "\(value) is printed \(count) times")
    }
  }

  /// A line of CSV with quoted fields.
  private static func fields(_ line: Substring) -> [String] {
    var fields = [""]
    var isQuoted = false
    for character in line {
      switch character {
      case "\"": isQuoted.toggle()
      case "," where !isQuoted: fields.append("")
      default: fields[fields.count - 1].append(character)
      }
    }
    return fields
  }

  // MARK: Verdicts

  /// A zoo of one cfg, in place of PeleeNet's.
  private func finding(_ filters: Int, status: String) throws -> Finding {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      # A stand-in.
      #
      # status      \(status): in a test
      [net]
      width=224
      height=224
      channels=1
      [convolutional]
      filters=\(filters)
      activation=linear
      """, to: "classify/peleenet.cfg")
    let report = try PaperReport(zoo: folder.path)
    return try #require(report.findings.first { $0.figure.subject == "PeleeNet, 224x224" })
  }

  @Test(arguments: [
    (10_134, "published", Finding.Verdict.agrees), (10_140, "recovered", .cutOff),
    (10_200, "recovered", .off), (10_200, "published", .off), (10_200, "nonsense", .off),
    (10_200, "reconstructed", .residual), (10_134, "reconstructed", .agrees),
  ])
  func `what must agree does so after rounding or cutting off`(
    filters: Int, status: String, verdict: Finding.Verdict
  ) throws {
    #expect(try finding(filters, status: status).verdict == verdict)
  }

  @Test func `networks that the zoo does not have are said to be missing`() throws {
    let folder = try TemporaryFolder()
    let report = try PaperReport(zoo: folder.path)
    #expect(report.findings.allSatisfy { $0.verdict == .notHere })
    #expect(report.passes)
  }

  @Test func `a header's fields go on in indented lines`() {
    let header = CfgHeader(
      CfgFile(
        text: """
          # Two words. And more
          # of them.
          #
          # status      recovered: no cfg
          #             was published
          # residual    0.0 %

          # Stem
          [net]
          """, name: "a.cfg"))
    #expect(header.summary == "Two words. And more of them.")
    #expect(header.status == .recovered)
    #expect(header["status"] == "recovered: no cfg was published")
    #expect(header["residual"] == "0.0 %")
    #expect(header["input"] == nil)
  }
}
