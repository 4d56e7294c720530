import Foundation
import PenumbraSupport
import TestSupport
import Testing

struct AtomicFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The names in the folder, hidden ones too.
  private var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
  }

  private func mode(_ name: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.file(name))
    return attributes[.posixPermissions] as? Int ?? 0
  }

  @Test func `makes a new file and replaces an earlier one`() throws {
    for text in ["first", "", "a longer third"] {
      try AtomicFile.write(text, to: folder.file("a"))
      #expect(folder.text("a") == text)
      #expect(try names == ["a"])
    }
  }

  @Test func `leaves the earlier file where it is not committed`() throws {
    try folder.write("old", to: "a")
    do {
      let file = try AtomicFile(folder.file("a"))
      try write("new", to: file)
    }
    #expect(folder.text("a") == "old")
    #expect(try names == ["a"])
  }

  @Test(arguments: [0o600, 0o640, 0o644, 0o755, 0o666])
  func `keeps the mode of the earlier file`(mode: Int) throws {
    try folder.write("old", to: "a")
    try FileManager.default.setAttributes(
      [.posixPermissions: mode], ofItemAtPath: folder.file("a"))
    try AtomicFile.write("new", to: folder.file("a"))
    #expect(try self.mode("a") == mode)
  }

  @Test func `keeps the owner of the earlier file`() throws {
    try folder.write("old", to: "a")
    guard chown(folder.file("a"), 1234, 4321) == 0 else { return }
    try AtomicFile.write("new", to: folder.file("a"))
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("a"))
    #expect(attributes[.ownerAccountID] as? Int == 1234)
    #expect(attributes[.groupOwnerAccountID] as? Int == 4321)
  }

  @Test(arguments: [0o444, 0o400, 0o555])
  func `refuses a read-only file, to root too`(mode: Int) throws {
    try folder.write("old", to: "a")
    try FileManager.default.setAttributes(
      [.posixPermissions: mode], ofItemAtPath: folder.file("a"))
    let error = #expect(throws: WriteError.self) {
      try AtomicFile.write("new", to: folder.file("a"))
    }
    #expect(error?.reason == .readOnly)
    #expect(folder.text("a") == "old")
    #expect(try names == ["a"])
  }

  @Test(arguments: ["b", "./b", "inner/../b"])
  func `writes what a link leads to, and the link stays`(destination: String) throws {
    try folder.write("old", to: "b")
    try folder.write("", to: "inner/c")
    #expect(symlink(destination, folder.file("a")) == 0)
    #expect(symlink("a", folder.file("z")) == 0)
    try AtomicFile.write("new", to: folder.file("z"))
    #expect(folder.text("b") == "new")
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("a")) == destination)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("z")) == "a")
    #expect(try names == ["a", "b", "inner", "z"])
  }

  @Test func `makes what a dangling link leads to`() throws {
    try folder.write("", to: "inner/c")
    #expect(symlink("inner/b", folder.file("a")) == 0)
    try AtomicFile.write("new", to: folder.file("a"))
    #expect(folder.text("inner/b") == "new")
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: folder.file("a")) == "inner/b")
  }

  @Test func `refuses links in a circle`() throws {
    #expect(symlink("b", folder.file("a")) == 0)
    #expect(symlink("a", folder.file("b")) == 0)
    #expect(throws: WriteError.self) { try AtomicFile.write("new", to: folder.file("a")) }
    #expect(try names == ["a", "b"])
  }

  @Test func `writes into a device, which stays one`() throws {
    try AtomicFile.write("nothing", to: "/dev/null")
    #expect(symlink("/dev/null", folder.file("a")) == 0)
    try AtomicFile.write("nothing", to: folder.file("a"))
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test func `writes into a pipe, which stays one`() throws {
    #expect(mkfifo(folder.file("a"), 0o600) == 0)
    // With both ends open in this process nobody waits.
    let reader = open(folder.file("a"), O_RDWR | O_NONBLOCK)
    defer { close(reader) }
    try AtomicFile.write("through", to: folder.file("a"))
    var bytes = [UInt8](repeating: 0, count: 16)
    #expect(read(reader, &bytes, 16) == 7)
    #expect(try names == ["a"])
  }

  @Test func `writes into a descriptor of the process`() throws {
    let descriptor = open(folder.file("a"), O_RDWR | O_CREAT, 0o600)
    defer { close(descriptor) }
    _ = "before ".withCString { Foundation.write(descriptor, $0, 7) }
    try AtomicFile.write("after", to: "/dev/fd/\(descriptor)")
    #expect(folder.text("a") == "before after")
  }

  @Test func `ends the file of a descriptor where the text ends`() throws {
    try folder.write("an old and longer text", to: "a")
    let descriptor = open(folder.file("a"), O_RDWR)
    defer { close(descriptor) }
    try AtomicFile.write("new", to: "/dev/fd/\(descriptor)")
    #expect(folder.text("a") == "new")
  }

  @Test func `appends where a descriptor appends`() throws {
    try folder.write("old ", to: "a")
    let descriptor = open(folder.file("a"), O_WRONLY | O_APPEND)
    defer { close(descriptor) }
    try AtomicFile.write("new", to: "/dev/fd/\(descriptor)")
    #expect(folder.text("a") == "old new")
  }

  @Test(arguments: [
    ("", WriteError.Reason.noFolder), ("inner", .isFolder), ("inner/", .isFolder),
    ("missing/a", .noFolder), ("missing/", .noFolder), ("file/a", .noFolder),
  ])
  func `says why a file cannot be written`(name: String, reason: WriteError.Reason) throws {
    try folder.write("", to: "inner/c")
    try folder.write("", to: "file")
    let path = name.isEmpty ? "" : folder.file(name)
    let error = #expect(throws: WriteError.self) { try AtomicFile.write("new", to: path) }
    #expect(error?.reason == reason)
    #expect(folder.files == ["file", "inner/c"])
  }

  @Test func `reports a full device`() throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    let error = #expect(throws: WriteError.self) { try AtomicFile.write("new", to: "/dev/full") }
    #expect(error?.reason == .noSpace)
  }

  @Test func `takes names as long as a folder allows`() throws {
    let name = String(repeating: "n", count: 255)
    try AtomicFile.write("new", to: folder.file(name))
    #expect(try names == [name])
  }

  @Test func `lets the last of many writers win whole`() throws {
    let path = folder.file("a")
    let texts = (0..<8).map { String(repeating: "\($0)", count: 100_000) }
    DispatchQueue.concurrentPerform(iterations: texts.count) { index in
      for _ in 0..<10 { try? AtomicFile.write(texts[index], to: path) }
    }
    #expect(texts.contains(folder.text("a") ?? ""))
    #expect(try names == ["a"])
  }

  @Test func `removes what killed writers left, and nothing else`() throws {
    let left = ".penumbra-0123456789abcdef.part"
    let others = [
      ".penumbra-0123456789abcde.part", ".penumbra-0123456789abcdeX.part", "notes.part",
      ".scenes-x.tmp", ".penumbra-0123456789abcdef.part.txt",
    ]
    for name in others + [left] { try folder.write("half", to: name) }
    try folder.write("half", to: ".penumbra-aaaaaaaaaaaaaaaa.part/images/a.jpg")
    try AtomicFile.write("new", to: folder.file("b"))
    #expect(try names == (others + ["b"]).sorted())
  }

  @Test func `leaves alone what a living writer holds`() throws {
    let living = try AtomicFile(folder.file("a"))
    try write("new", to: living)
    Leftovers.remove(in: folder.path)
    try living.commit()
    #expect(folder.text("a") == "new")
  }

  private func write(_ text: String, to file: AtomicFile) throws {
    let bytes = Array(text.utf8)
    try bytes.withUnsafeBytes { try file.write($0) }
  }

  @Test func `waits for who reads a pipe, unless the process is to end`() throws {
    let pipe = folder.file("pipe")
    mkfifo(pipe, 0o600)
    var asked = 0
    let nobody = openStream(pipe) {
      asked += 1
      return asked == 3
    }
    #expect(nobody == -1 && errno == EPIPE)
    #expect(asked == 3)
    var reader: Int32 = -1
    let descriptor = openStream(pipe) {
      reader = open(pipe, O_RDONLY | O_NONBLOCK)
      return false
    }
    #expect(descriptor >= 0 && reader >= 0)
    #expect(fcntl(descriptor, F_GETFL) & O_NONBLOCK == 0)
    close(descriptor)
    close(reader)
  }
}
