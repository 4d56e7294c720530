import Foundation
import TestSupport
import Testing

struct ZooCommandTests {
  private static let cfg = """
    [net]
    width=32
    height=32
    channels=3
    [convolutional]
    filters=8
    size=3
    pad=1
    activation=leaky
    [avgpool]
    [softmax]

    """
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(Self.cfg, to: "nets/a.cfg")
    try folder.write(Self.cfg, to: "nets/more/b.cfg")
  }

  private func run(_ line: String) throws -> CommandResult {
    try penumbra(line.split(separator: " ").map(String.init), in: folder.path)
  }

  private func change(_ part: String, to other: String) throws {
    try folder.write(Self.cfg.replacing(part, with: other), to: "nets/more/b.cfg")
  }

  @Test func `a record is made, holds, and tells what has changed`() throws {
    let made = try run("zoo check nets --update --size 16")
    #expect(made.exitCode == 0)
    #expect(made.stdout == "a.cfg: added\nmore/b.cfg: added\n")
    #expect(made.stderr == "nets/zoo.json: 2 networks, 2 changed\n")
    let record = folder.text("nets/zoo.json")

    let holds = try run("zoo check nets --backend blas --backend reference --backend blocked")
    #expect(holds.exitCode == 0)
    #expect(
      holds.stdout.split(separator: "\n").map { $0.split(separator: " ")[0] } == [
        "network", "a.cfg", "more/b.cfg",
      ])
    #expect(holds.stderr.hasPrefix("2 networks, all as recorded, "))

    try change("size=3", to: "size=5")
    let differs = try run("zoo check nets")
    #expect(differs.exitCode == 1)
    let lines = differs.stderr.split(separator: "\n")
    #expect(
      lines[0]
        == "nets/more/b.cfg:7: error: layer 0 [convolutional]: size is 5, the record has 3")
    #expect(lines.last?.hasPrefix("help: if the change is meant, ") == true)
    #expect(try run("zoo check nets --only a.cfg").exitCode == 0)

    let updated = try run("zoo check nets --update")
    #expect(
      updated.stdout.hasPrefix("more/b.cfg: layer 0 [convolutional]: size is 5, the record has 3\n")
    )
    #expect(updated.stderr == "nets/zoo.json: 2 networks, 1 changed\n")
    #expect(try run("zoo check nets").exitCode == 0)
    try change("", to: "")
    _ = try run("zoo check nets --update")
    #expect(folder.text("nets/zoo.json") == record)
  }

  @Test func `reports for programs, CI servers and people`() throws {
    _ = try run("zoo check nets --update")
    try change("leaky", to: "relu")
    let result = try run("zoo check nets --json --junit junit.xml --markdown zoo.md")
    #expect(result.exitCode == 1)
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(result.stdout.utf8)) as? [String: Any])
    let networks = try #require(object["networks"] as? [[String: Any]])
    #expect(networks.map { $0["name"] as? String } == ["a.cfg", "more/b.cfg"])
    let differences = try #require(networks[1]["differences"] as? [[String: Any]])
    #expect(differences.map { $0["check"] as? String } == ["layers", "outputs"])
    #expect(differences[0]["key"] as? String == "activation")
    #expect(differences[0]["line"] as? Int == 9)
    #expect(folder.text("junit.xml")?.contains("<failure message=") == true)
    #expect(folder.text("zoo.md")?.contains("- **more/b.cfg** line 9: layer 0 \\[") == true)
    let printed = try run("zoo check nets --markdown -").stdout
    #expect(printed.hasPrefix("### 2 networks, 1 not as recorded, "))
  }

  @Test func `speed is held against the record`() throws {
    _ = try run("zoo check nets --update --speed")
    let record = try #require(folder.text("nets/zoo.json"))
    #expect(try run("zoo check nets --speed --slower 100000").exitCode == 0)
    try folder.write(
      record.replacing(#/"blocked": [0-9.e-]+/#) { _ in "\"blocked\": 0.0000001" },
      to: "nets/zoo.json")
    let result = try run("zoo check nets --speed")
    #expect(result.exitCode == 1)
    #expect(result.stderr.hasPrefix("nets/a.cfg: error: on blocked it takes "))
  }

  @Test func `a cfg that cannot be recorded keeps its old record`() throws {
    _ = try run("zoo check nets --update")
    let record = folder.text("nets/zoo.json")
    try change("size=3", to: "size=x")
    let result = try run("zoo check nets --update")
    #expect(result.exitCode == 65)
    #expect(result.stdout.hasPrefix("more/b.cfg: 'size' is"))
    #expect(folder.text("nets/zoo.json") == record)
  }

  @Test(arguments: [
    ("zoo check missing", 66), ("zoo check nets", 66), ("zoo check nets/a.cfg", 65),
    ("zoo check nets --update --only xyz", 66), ("zoo check nets --size 32", 64),
    ("zoo check nets --backend gpu", 64), ("zoo check nets --jobs 0", 64),
    ("zoo check nets --json --markdown -", 64), ("zoo check nets --record nets/a.cfg", 65),
    ("zoo check nets --update --record missing/zoo.json", 73),
  ])
  func `refuses what it cannot do`(line: String, status: Int32) throws {
    let result = try run(line)
    #expect(result.exitCode == status)
    #expect(!result.stderr.isEmpty)
  }
}
