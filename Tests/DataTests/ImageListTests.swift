import Foundation
import PenumbraData
import PenumbraSupport
import TestSupport
import Testing

struct ImageListTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(arguments: [
    "x/data/a.jpg", "x/data/../data/a.jpg", "a.jpg", "data/a.jpg", "data\\a.jpg", "  a.jpg\t",
    "\"a.jpg\"", "'data/a.jpg'",
  ])
  func `a path starts where one of a .data file does`(line: String) throws {
    try folder.write("", to: "x/data/a.jpg")
    let isFromRoot = line.hasPrefix("x/")
    let text = isFromRoot ? folder.path + "/" + line : line
    let list = try folder.write(text + "\n", to: "x/data/list.txt")
    let data = try folder.write("train = \(text)\n", to: "x/data/x.data")
    let found = try #require(try ImageList(list).entries.first).path
    #expect(try found == DataSetFile(data).file("train"))
    #expect(FileManager.default.fileExists(atPath: found))
  }

  @Test func `the folder of the list comes before the one above it`() throws {
    try folder.write("", to: "x/a.jpg")
    try folder.write("", to: "x/y/a.jpg")
    let list = try folder.write("a.jpg\n", to: "x/y/list.txt")
    #expect(try ImageList(list).entries.map(\.path) == [folder.file("x/y/a.jpg")])
  }

  @Test(arguments: ["\n", "\r\n", "\r"])
  func `lines end as in any editor`(end: String) throws {
    for name in ["a.jpg", "b.jpg"] { try folder.write("", to: name) }
    let list = try folder.write("\u{FEFF}a.jpg" + end + end + "b.jpg" + end, to: "list.txt")
    let entries = try ImageList(list).entries
    #expect(entries.map(\.path) == ["a.jpg", "b.jpg"].map(folder.file))
    #expect(entries.map(\.line) == [1, 3])
  }

  @Test func `says what is missing, and how many of how many`() throws {
    let list = try folder.write(
      (1...5).map { "gone\($0).jpg\n" }.joined(), to: "list.txt")
    let error = try #require(throws: DataError.self) { try DetectionDataSet(list: list) }
    let rule =
      "paths start at the current folder, else at the folder of the file that names them, else at"
      + " the one above"
    #expect(
      error.description == """
        \(list): error: none of the 5 images listed here is there:
          line 1: 'gone1.jpg' is not there: \(rule)
          line 2: 'gone2.jpg' is not there: \(rule)
          line 3: 'gone3.jpg' is not there: \(rule)
          and 2 more
        help: correct the paths in the list, or start the command in the folder where they start
        """)
  }

  @Test func `counts other reasons by kind`() throws {
    try folder.write("", to: "a.jpg")
    let list = try folder.write("a.jpg\ngone.jpg\n", to: "list.txt")
    let error = try #require(throws: DataError.self) { try DetectionDataSet(list: list) }
    #expect(
      error.description.contains(
        "none of the 2 images here can be used (missing-image 1, missing-labels 1)"))
  }
}

struct FolderWalkTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["b/2", "a/1", "a/.hidden", "c", ".d/3"] {
      try folder.write("", to: "root/" + name)
    }
  }

  private func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.file(name), withDestinationPath: target)
  }

  @Test func `finds files folder by folder, hidden ones left out`() {
    var walk = FolderWalk()
    #expect(walk.files(below: folder.file("root")) == ["a/1", "b/2", "c"])
    var flat = FolderWalk(isRecursive: false)
    #expect(flat.files(below: folder.file("root")) == ["c"])
    var none = FolderWalk()
    #expect(none.files(below: folder.file("nowhere")) == [] && none.unreadable.count == 1)
  }

  @Test func `visits a folder once, however links lead`() throws {
    try link("root/a/up", to: "..")
    try link("root/a/self", to: ".")
    try link("root/0", to: "b")
    try link("root/z", to: "../root")
    var walk = FolderWalk()
    #expect(walk.files(below: folder.file("root")) == ["a/1", "b/2", "c"])
    #expect(
      walk.skippedLinks == ["0", "a/self", "a/up", "z"].map { folder.file("root/" + $0) })
  }

  /// `d` and `e` lead to a folder out of `root`, from which a link leads back.
  private func linkElsewhere() throws {
    try folder.write("", to: "other/deep/9")
    try link("root/d", to: "../other")
    try link("root/e", to: "../other/deep")
    try link("other/back", to: "..")
  }

  @Test func `follows a link to a folder elsewhere with permission, once`() throws {
    try linkElsewhere()
    var walk = FolderWalk(allowsOutside: true)
    let files = walk.files(below: folder.file("root"))
    #expect(files == ["a/1", "b/2", "c", "d/deep/9"])
    #expect(walk.skippedLinks == [folder.file("root/e")] && walk.outside.paths == [])
  }

  @Test func `follows no link out of the folder without permission`() throws {
    try linkElsewhere()
    try link("root/all", to: "/")
    try link("root/.h", to: "..")
    try link("named", to: "root")
    for root in ["root", "root/", "named", "root/../root"] {
      var walk = FolderWalk()
      #expect(walk.files(below: folder.file(root)) == ["a/1", "b/2", "c"])
      #expect(walk.outside.paths.map { ($0 as NSString).lastPathComponent } == ["all", "d", "e"])
      #expect(walk.outside.problem?.hasPrefix("3 links lead out of") == true)
    }
  }

  @Test func `follows a link to a folder that only it reaches, once`() throws {
    try link("root/l", to: ".d")
    try link("root/m", to: ".d")
    var walk = FolderWalk()
    #expect(walk.files(below: folder.file("root")) == ["a/1", "b/2", "c", "l/3"])
    #expect(walk.skippedLinks == [folder.file("root/m")] && walk.outside.problem == nil)
  }

  @Test func `a link to a file is that file, one to nothing is none`() throws {
    try link("root/l", to: "c")
    try link("root/m", to: "gone")
    var walk = FolderWalk()
    #expect(walk.files(below: folder.file("root")) == ["a/1", "b/2", "c", "l"])
  }
}
