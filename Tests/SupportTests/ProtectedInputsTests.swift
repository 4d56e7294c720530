import Foundation
import PenumbraSupport
import TestSupport
import Testing

struct ProtectedInputsTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("input", to: "data/a.cfg")
    try folder.write("other", to: "data/b.cfg")
    symlink("a.cfg", folder.file("data/link"))
    symlink("data", folder.file("door"))
    link(folder.file("data/a.cfg"), folder.file("data/second"))
  }

  @Test(arguments: [
    "data/a.cfg", "data/../data/./a.cfg", "data/link", "door/a.cfg", "door/link", "data/second",
  ])
  func `knows an input by every path`(path: String) {
    var inputs = ProtectedInputs()
    inputs.add(folder.file("data/a.cfg"), as: "the cfg")
    let error = #expect(throws: WriteError.self) { try inputs.check(folder.file(path)) }
    #expect(error?.reason == .isInput("the cfg"))
  }

  @Test(arguments: ["data/b.cfg", "data/new", "a.cfg", "missing/a.cfg", "data", "/dev/null"])
  func `lets other files be written`(path: String) throws {
    var inputs = ProtectedInputs()
    inputs.add(folder.file("data/a.cfg"), as: "the cfg")
    inputs.add("/dev/null", as: "a picture")
    try inputs.check(path.hasPrefix("/") ? path : folder.file(path))
  }

  @Test(arguments: ["data/new", "door/new", "data/../data/new"])
  func `knows an input that is not there by its folder and name`(path: String) {
    var inputs = ProtectedInputs()
    inputs.add(folder.file("data/new"), as: "a picture")
    #expect(throws: WriteError.self) { try inputs.check(folder.file(path)) }
  }

  @Test func `knows inputs that come later`() throws {
    var inputs = ProtectedInputs()
    inputs.add(folder.file("data/a.cfg"), as: "the cfg")
    try inputs.check(folder.file("data/b.cfg"))
    inputs.add(folder.file("data/b.cfg"), as: "a picture")
    #expect(throws: WriteError.self) { try inputs.check(folder.file("data/b.cfg")) }
  }

  @Test(arguments: ["/dev/fd/", "/proc/self/fd/"])
  func `knows an input by a descriptor`(place: String) throws {
    var inputs = ProtectedInputs()
    inputs.add(folder.file("data/a.cfg"), as: "the cfg")
    let input = open(folder.file("data/a.cfg"), O_RDWR)
    let other = open(folder.file("data/b.cfg"), O_RDWR)
    defer { for descriptor in [input, other] { close(descriptor) } }
    #expect(throws: WriteError.self) { try inputs.check("\(place)\(input)") }
    try inputs.check("\(place)\(other)")
  }
}
