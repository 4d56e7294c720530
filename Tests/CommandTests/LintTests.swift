import Foundation
import TestSupport
import Testing

struct LintTests {
  private static let sound = """
    [net]
    width=32
    height=32
    channels=3
    [convolutional]
    filters=4
    size=3
    pad=1
    activation=leaky

    """
  private static let doubtful = sound + "stirde=2\n"
  private static let broken = sound + "[route]\nlayers=7\n"

  private func lint(_ options: String, stdin: String = "") throws -> CommandResult {
    let folder = try TemporaryFolder()
    try folder.write(Self.sound, to: "zoo/sound.cfg")
    try folder.write(Self.doubtful, to: "doubtful.cfg")
    try folder.write(Self.broken, to: "broken.cfg")
    try folder.write("", to: "empty.cfg")
    try folder.write([0, 1, 2, 3, 0xFF, 0xFE, 0, 0], to: "net.weights")
    return try penumbra(
      ["lint"] + options.split(separator: " ").map(String.init), stdin: stdin, in: folder.path)
  }

  @Test(arguments: [
    ("zoo/sound.cfg", 0), ("zoo", 0), ("doubtful.cfg", 0), ("doubtful.cfg --strict", 65),
    ("broken.cfg", 65), ("zoo broken.cfg", 65), ("empty.cfg", 65), ("net.weights", 65),
    ("missing.cfg", 66), ("", 64), ("zoo/sound.cfg --format xml", 64),
    ("zoo/sound.cfg --width 16", 64),
  ])
  func `ends with the status of the worst file`(options: String, status: Int32) throws {
    #expect(try lint(options).exitCode == status)
  }

  @Test func `prints place, line, caret and remedy`() throws {
    let result = try lint("doubtful.cfg broken.cfg")
    #expect(
      result.stdout == """
        doubtful.cfg:10:1: warning: [convolutional] has no key 'stirde' [unknown-key]
          stirde=2
          ^~~~~~
        help: did you mean 'stride'?
        broken.cfg:11:8: error: 'layers' names 7, which is layer 7 and comes after this layer \
        (this is layer 1) [bad-reference]
          layers=7
                 ^
        help: use -1 or 0, which both mean the only layer before this one

        """)
    #expect(result.stderr == "2 files: 1 error, 1 warning, 0 notes\n")
  }

  @Test func `reads standard input`() throws {
    let result = try lint("-", stdin: Self.doubtful)
    #expect(result.exitCode == 0)
    #expect(result.stdout.contains(":10:1: warning:"))
  }

  @Test func `prints JSON that names code, place and counts`() throws {
    let result = try lint("doubtful.cfg --json")
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(result.stdout.utf8)) as? [String: Any])
    let counts = try #require(object["counts"] as? [String: Int])
    #expect(counts == ["errors": 0, "warnings": 1, "notes": 0])
    let first = try #require((object["diagnostics"] as? [[String: Any]])?.first)
    #expect(first["code"] as? String == "unknown-key")
    #expect(first["line"] as? Int == 10)
    #expect(first["column"] as? Int == 1)
    #expect(first["severity"] as? String == "warning")
  }

  @Test func `prints SARIF whose results name rules that exist`() throws {
    let result = try lint("doubtful.cfg broken.cfg --format sarif")
    let log = try #require(
      JSONSerialization.jsonObject(with: Data(result.stdout.utf8)) as? [String: Any])
    #expect(log["version"] as? String == "2.1.0")
    let run = try #require((log["runs"] as? [[String: Any]])?.first)
    let tool = try #require(run["tool"] as? [String: Any])
    let driver = try #require(tool["driver"] as? [String: Any])
    let rules = try #require(driver["rules"] as? [[String: Any]]).compactMap { $0["id"] as? String }
    let results = try #require(run["results"] as? [[String: Any]])
    let used = results.compactMap { $0["ruleId"] as? String }
    #expect(used == ["unknown-key", "bad-reference"])
    #expect(Set(used).isSubset(of: rules))
    #expect(results.compactMap { $0["level"] as? String } == ["warning", "error"])
  }

  @Test func `explains a section`() throws {
    let result = try penumbra("sections", "partial")
    #expect(result.exitCode == 0)
    #expect(result.stdout.contains("ratio"))
    let unknown = try penumbra("sections", "partail")
    #expect(unknown.exitCode != 0)
    #expect(unknown.stderr.contains("partial"))
  }
}
