import Foundation
import PenumbraCfg
import PenumbraEngine
import TestSupport
import Testing

/// The files that a cfg names: where they may be, and what is said of them.
struct CompanionFileTests {
  private static let layers = """
    [net]
    inputs=3
    [softmax]
    tree=
    """

  /// The report about a tree; nil where it was read.
  private func problem(
    _ tree: String, in folder: TemporaryFolder, _ companions: CompanionAccess = .nearby
  ) throws -> Problem? {
    try FileManager.default.createDirectory(
      atPath: folder.file("a/nets"), withIntermediateDirectories: true)
    var file = CfgFile(text: Self.layers + tree, name: folder.file("a/nets/net.cfg"))
    file.companions = companions
    let found = Graph.check(file).diagnostics
    #expect(found.count <= 1)
    return found.first?.problem
  }

  private static let tree = "a -1\nb -1\nc 0\n"

  @Test(arguments: [
    // Path of the file, what the cfg names, and whether it may.
    ("a/nets/t.tree", "t.tree", true), ("a/nets/deep/t.tree", "./deep/t.tree", true),
    ("a/t.tree", "t.tree", true), ("a/data/t.tree", "data/t.tree", true),
    ("a/t.tree", "../t.tree", false), ("t.tree", "../../t.tree", false),
    ("a/nets/t.tree", "deep/../t.tree", false),
  ])
  func `looks near the cfg`(place: String, named: String, isAllowed: Bool) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("a/nets/deep"), withIntermediateDirectories: true)
    try FileManager.default.createDirectory(
      atPath: folder.file("a/data"), withIntermediateDirectories: true)
    try folder.write(Self.tree, to: place)
    let found = try problem(named, in: folder)
    #expect((found == nil) == isAllowed, "\(found?.message ?? "")")
    if let found { #expect(found.help?.contains("--allow-outside") == true) }
    #expect(try problem(named, in: folder, .anywhere) == nil)
  }

  @Test func `an absolute path and a link that leads away need permission`() throws {
    let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
    try other.write(Self.tree, to: "t.tree")
    #expect(try problem(other.file("t.tree"), in: folder) != nil)
    #expect(try problem(other.file("t.tree"), in: folder, .anywhere) == nil)
    for (link, target) in [
      ("a/nets/t.tree", other.file("t.tree")), ("a/nets/far", other.path),
    ] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.file(link), withDestinationPath: target)
    }
    for named in ["t.tree", "far/t.tree"] {
      let found = try #require(try problem(named, in: folder))
      #expect(found.message.contains("it lies outside of the folder of the cfg"))
      #expect(try problem(named, in: folder, .anywhere) == nil)
    }
    try folder.write(Self.tree, to: "a/u.tree")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("a/nets/v.tree"), withDestinationPath: "../u.tree")
    #expect(try problem("v.tree", in: folder) == nil)
  }

  @Test func `pipes, devices and folders are refused`() throws {
    let folder = try TemporaryFolder()
    _ = try problem("none", in: folder)
    mkfifo(folder.file("a/nets/t.tree"), 0o600)
    let found = try #require(try problem("t.tree", in: folder))
    #expect(found.message.contains("a regular file was expected"))
    let device = try #require(try problem("/dev/zero", in: folder, .anywhere))
    #expect(device.message.contains("a regular file was expected"))
    #expect(try problem("/dev", in: folder, .anywhere)?.message.contains("folder") == true)
  }

  @Test func `a file larger than any tree is refused`() throws {
    let folder = try TemporaryFolder()
    _ = try problem("none", in: folder)
    try folder.write(String(repeating: "a -1\n", count: 900_000), to: "a/nets/t.tree")
    let found = try #require(try problem("t.tree", in: folder))
    #expect(found.message.contains("larger than 4194304 bytes"))
  }

  /// Nothing of the file is in what is said.
  @Test(arguments: [
    ("SECRET=12345\0HOME=/root\0", "a binary file"), ("SECRET:x:0:0\n", "line 1 is not a name"),
    ("a -1\nSECRET\n", "line 2 is not a name and a number"),
    ("a -1\nSECRET 7\n", "line 2 names the parent 7, expected -1 to 0"),
    ("\u{1B}]0;SECRET\u{7} and more of the kind\n", "line 1 is not"),
    ("[net]\nSECRET=1\n", "a cfg file"),
    ("\n\n", "empty"),
    ("{\"SECRET\": 1}", "a JSON file"),
  ])
  func `quotes nothing of the file`(content: String, says: String) throws {
    let folder = try TemporaryFolder()
    _ = try problem("none", in: folder)
    try folder.write(content, to: "a/nets/t.tree")
    let found = try #require(try problem("t.tree", in: folder))
    #expect(found.message.contains(says), "\(found.message)")
    #expect(!(found.message + (found.help ?? "")).contains("SECRET"))
  }

  @Test func `reads trees in UTF-16 and with ends of old systems`() throws {
    let folder = try TemporaryFolder()
    _ = try problem("none", in: folder)
    let utf16: [UInt8] = [0xFF, 0xFE] + Self.tree.utf8.flatMap { [$0, 0] }
    try folder.write(utf16, to: "a/nets/t.tree")
    #expect(try problem("t.tree", in: folder) == nil)
    try folder.write("a -1\rb -1\rc 0\r", to: "a/nets/t.tree")
    #expect(try problem("t.tree", in: folder) == nil)
  }
}
