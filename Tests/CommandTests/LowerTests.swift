import Foundation
import TestSupport
import Testing

struct LowerTests {
  private static let cfg = """
    [net]
    width=8
    height=8
    channels=3
    [convolutional]
    filters=8
    size=3
    pad=1
    activation=leaky
    [partial]
    channels=6
    take=bypass
    [maxout]
    pieces=2

    """
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(Self.cfg, to: "net.cfg")
    try folder.write("[net]\nwidth=8\nheight=8\nchannels=3\n[dropout]\n", to: "plain.cfg")
    try folder.write("[net]\nwidth=8\nheight=8\nchannels=3\n[partial]\n", to: "broken.cfg")
  }

  private func run(_ line: String, stdin: String = "") throws -> CommandResult {
    try penumbra(line.split(separator: " ").map(String.init), stdin: stdin, in: folder.path)
  }

  @Test func `prints the cfg, or writes it and compares the two`() throws {
    let printed = try run("lower net.cfg")
    #expect(printed.exitCode == 0)
    #expect(printed.stderr == "lowered 1 [maxout] and 1 [partial]: 3 layers became 5\n")
    #expect(try run("lower -", stdin: Self.cfg).stdout == printed.stdout)

    let written = try run("lower net.cfg --verify -o out.cfg")
    #expect(
      written
        == CommandResult(
          stdout: "",
          stderr: """
            reference: 3 layers compared, all the same to the bit (weights seed 1)
            blocked: 3 layers compared, all the same to the bit (weights seed 1)
            lowered 1 [maxout] and 1 [partial]: 3 layers became 5

            """, exitCode: 0))
    #expect(folder.text("out.cfg") == printed.stdout)
    #expect(try run("lint out.cfg --strict").exitCode == 0)
  }

  @Test func `a plain cfg comes out as it went in`() throws {
    let result = try run("lower plain.cfg --verify --backend blocked --width 16 --height 16")
    #expect(result.exitCode == 0)
    #expect(result.stdout == folder.text("plain.cfg"))
    #expect(
      result.stderr == """
        blocked: 1 layer compared, all the same to the bit (weights seed 1)
        nothing to lower: the cfg is plain Darknet

        """)
  }

  @Test(arguments: [
    ("lower", 64), ("lower missing.cfg", 66), ("lower broken.cfg", 65), ("lower .", 65),
    ("lower net.cfg --backend blas", 64), ("lower net.cfg --verify --backend gpu", 64),
    ("lower net.cfg --verify --width 8", 64), ("lower net.cfg -o missing/out.cfg", 73),
  ])
  func `refuses what it cannot do`(line: String, status: Int32) throws {
    let result = try run(line)
    #expect(result.exitCode == status)
    #expect(result.stdout == "")
    #expect(!result.stderr.isEmpty)
  }

  @Test func `the lowering of the detector of cells is the one that lies beside it`() throws {
    let result = try penumbra("lower", "cfg/csp-cells.cfg", in: packageRoot)
    let committed = packageRoot + "/cfg/csp-cells-darknet.cfg"
    #expect(result.exitCode == 0)
    #expect(
      try result.stdout == String(contentsOfFile: committed, encoding: .utf8),
      "make zoo-update writes it")
  }
}
