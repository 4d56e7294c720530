import Foundation
import TestSupport
import Testing

struct PaperCommandTests {
  private func cfg(_ filters: Int, _ status: String) -> String {
    """
    # A stand-in.
    #
    # status      \(status)
    [net]
    width=224
    height=224
    channels=1
    [convolutional]
    filters=\(filters)
    activation=linear

    """
  }

  @Test func `prints the rows and fails where a recovered network is off`() throws {
    let folder = try TemporaryFolder()
    try folder.write(cfg(10_134, "recovered"), to: "zoo/classify/peleenet.cfg")
    let table = try penumbra("paper", "zoo", "--only", "Table 1", in: folder.path)
    // Its parameters are not those of Table 3.
    #expect(table.exitCode == 1)
    #expect(table.stdout.contains("PeleeNet, 224x224 "))
    #expect(
      table.stderr.hasPrefix(
        "zoo/classify/peleenet.cfg: PeleeNet, 224x224: 0.010 M weights, printed 2.79 "))

    try folder.write(cfg(9_000, "reconstructed"), to: "zoo/classify/peleenet.cfg")
    let json = try penumbra("paper", "zoo", "--json", in: folder.path)
    #expect(json.exitCode == 0)
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(json.stdout.utf8)) as? [String: Any])
    let figures = try #require(object["figures"] as? [[String: Any]])
    #expect(figures[0]["verdict"] as? String == "residual")
    #expect(figures[0]["printed"] as? Double == 1.017)
    let page = try penumbra("paper", "zoo", "--markdown", in: folder.path)
    #expect(page.stdout.contains("| [classify/peleenet](../cfg/classify/peleenet.cfg) |"))
  }

  @Test(arguments: [
    (["paper", "missing"], 66), (["paper", "."], 66), (["paper", "--json", "--markdown"], 64),
    (["paper", "--json", "--only", "x"], 64),
  ])
  func `refuses what it cannot do`(arguments: [String], status: Int) throws {
    let folder = try TemporaryFolder()
    let result = try penumbra(arguments, in: folder.path)
    #expect(result.exitCode == status)
    #expect(result.stdout == "")
    #expect(!result.stderr.isEmpty)
  }
}
