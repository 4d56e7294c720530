import Foundation
import TestSupport
import Testing

/// A command that writes a file, with `OUT` where its name belongs, and the files that it reads.
struct WritingCommand: Sendable, CustomStringConvertible {
  let line: String
  let inputs: [String]

  init(_ line: String, reads inputs: String...) { (self.line, self.inputs) = (line, inputs) }

  var description: String { line }

  func arguments(out: String) -> [String] {
    line.split(separator: " ").map { $0 == "OUT" ? out : String($0) }
  }
}

extension WritingCommand {
  static let all = [
    Self(
      "detect net.cfg net.weights a.ppm @pictures.txt --names net.names --json --out OUT",
      reads: "net.cfg", "net.weights", "a.ppm", "pictures.txt", "net.names", "b.ppm"),
    Self(
      "detect net.cfg net.weights a.ppm --format csv --out OUT --data net.data",
      reads: "net.data", "net.names"),
    Self(
      "classify classes.cfg --weights-seed 1 a.ppm --names three.names --out OUT",
      reads: "classes.cfg", "a.ppm", "three.names"),
    Self(
      "calibrate net.cfg net.weights a.ppm --out OUT", reads: "net.cfg", "net.weights", "a.ppm"),
    Self("lower net.cfg --output OUT", reads: "net.cfg"),
    Self("weights net.cfg net.weights --out OUT", reads: "net.cfg", "net.weights"),
    Self("inspect drawing.svg --chart OUT", reads: "drawing.svg"),
    Self("inspect drawing.svg --graph OUT", reads: "drawing.svg"),
    Self(
      "evaluate net.cfg net.weights set.data --html OUT", reads: "net.cfg", "net.weights",
      "set.data", "net.names", "train.txt", "p/a.ppm", "p/a.txt"),
    Self(
      "evaluate net.cfg net.weights set.data --results OUT", reads: "net.cfg", "net.weights",
      "set.data", "net.names", "train.txt", "p/a.ppm", "p/a.txt"),
    Self("zoo check zoo --junit OUT", reads: "zoo/net.cfg", "zoo/zoo.json"),
    Self("zoo check zoo --markdown OUT", reads: "zoo/net.cfg", "zoo/zoo.json"),
    Self(
      "data convert set.data OUT --to coco --force", reads: "set.data", "net.names", "train.txt",
      "p/a.ppm", "p/a.txt"),
    Self(
      "train net.cfg set.data --iterations 1 --html OUT", reads: "net.cfg", "set.data", "net.names",
      "train.txt", "p/a.ppm", "p/a.txt"),
    Self(
      "detector test net.data net.cfg net.weights a.ppm -out OUT", reads: "net.data", "net.cfg",
      "net.weights", "a.ppm", "net.names"),
    Self("anchors train.txt --names net.names --cfg OUT --apply", reads: "net.names", "train.txt"),
  ]

  /// Those that take any name and end well when nothing is in the way.
  static let plain = all.filter {
    !["inspect", "anchors"].contains($0.arguments(out: "")[0])
      && !$0.line.contains(" --out OUT --data")
  }
}

/// Commands whose outputs have names of their own, and the input that has such a name.
struct NamedOutput: Sendable, CustomStringConvertible {
  let line: String
  let input: String
  var description: String { line }

  static let all = [
    Self(line: "trace t/trace.json --weights-seed 1 --out t", input: "t/trace.json"),
    Self(
      line: "trace net.cfg --weights t/outputs.f32 --out t", input: "t/outputs.f32"),
    Self(
      line:
        "train net.cfg set.data --iterations 1 --overwrite --output r --from r/net_last.weights",
      input: "r/net_last.weights"),
    Self(
      line: "train net.cfg set.data --iterations 1 --overwrite --output r --from r/net_7.weights",
      input: "r/net_7.weights"),
    Self(
      line: "bench t/parameters.weights --training --iterations 1 --dump t",
      input: "t/parameters.weights"),
    Self(
      line: "detector test net.data net.cfg net.weights predictions.jpg", input: "predictions.jpg"),
    Self(
      line: "detect net.cfg net.weights a.ppm --names a.txt --format yolo --overwrite",
      input: "a.txt"),
    Self(
      line: "detect net.cfg net.weights @b.txt --format yolo --overwrite", input: "b.txt"),
    Self(
      line:
        "detect net.cfg net.weights a.ppm --names o/a.txt --format yolo --out-dir o --overwrite",
      input: "o/a.txt"),
    Self(
      line: "data convert lists/list.txt lists --to yolo --force", input: "lists/list.txt"),
  ]
}

/// Every command that writes, every input as its output.
struct OutputWalk {
  @Test(arguments: WritingCommand.all)
  func `refuses an input as output`(command: WritingCommand) throws {
    let folder = try WritingFolder()
    if command.line.hasPrefix("zoo") { try folder.addRecord() }
    for input in command.inputs {
      let before = try folder.contents
      let result = try folder.run(command.arguments(out: input))
      #expect(result.exitCode == 73, "\(input): \(result.stderr)")
      #expect(result.stderr.contains("which the result would overwrite"), "\(result.stderr)")
      #expect(try folder.contents == before, "\(input)")
    }
  }

  @Test(arguments: WritingCommand.all)
  func `refuses an input under another name`(command: WritingCommand) throws {
    let folder = try WritingFolder()
    if command.line.hasPrefix("zoo") { try folder.addRecord() }
    let (input, suffix) = (command.inputs[0], command.line.hasPrefix("inspect") ? ".svg" : "")
    symlink(folder.folder.file(input), folder.folder.file("link" + suffix))
    link(folder.folder.file(input), folder.folder.file("second" + suffix))
    for name in ["link", "second", "p/../link"] {
      let before = try folder.contents
      let result = try folder.run(command.arguments(out: name + suffix))
      #expect(result.exitCode == 73, "\(name): \(result.stderr)")
      #expect(result.stderr.contains("which the result would overwrite"), "\(result.stderr)")
      #expect(try folder.contents == before, "\(name)")
    }
  }

  @Test(arguments: NamedOutput.all)
  func `refuses an input that has the name of an output`(command: NamedOutput) throws {
    let folder = try WritingFolder()
    if command.line.hasPrefix("zoo") { try folder.addRecord() }
    let before = try folder.contents
    let result = try folder.run(command.line.split(separator: " ").map(String.init))
    #expect(result.exitCode == 73, "\(result.stderr)")
    #expect(result.stderr.contains("which the result would overwrite"), "\(result.stderr)")
    #expect(try folder.contents == before)
  }

  @Test(arguments: WritingCommand.plain)
  func `writes through links and into devices`(command: WritingCommand) throws {
    let folder = try WritingFolder()
    if command.line.hasPrefix("zoo") { try folder.addRecord() }
    try folder.folder.write("old", to: "kept/result")
    symlink("kept/result", folder.folder.file("link"))
    #expect(try folder.run(command.arguments(out: "link")).exitCode == 0)
    let target = try FileManager.default.destinationOfSymbolicLink(
      atPath: folder.folder.file("link"))
    #expect(target == "kept/result")
    #expect(folder.folder.text("kept/result") != "old")
    #expect(try folder.run(Self.again(command, out: "/dev/null")).exitCode == 0)
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
  }

  @Test(arguments: WritingCommand.plain)
  func `says why it cannot write, and leaves what is there`(command: WritingCommand) throws {
    let folder = try WritingFolder()
    if command.line.hasPrefix("zoo") { try folder.addRecord() }
    try folder.folder.write("old", to: "frozen")
    chmod(folder.folder.file("frozen"), 0o444)
    for (out, message) in [
      ("nowhere/result", "no such folder"), ("p", "this is a folder"), ("frozen", "read-only"),
    ] {
      // A conversion makes the folders that it needs.
      if out.hasPrefix("nowhere"), command.line.hasPrefix("data convert") { continue }
      let before = try folder.contents
      let result = try folder.run(command.arguments(out: out))
      #expect(result.exitCode == 73, "\(out): \(result.stderr)")
      #expect(result.stderr.contains(message), "\(out): \(result.stderr)")
      #expect(try folder.contents == before, "\(out)")
    }
  }

  @Test(arguments: WritingCommand.plain)
  func `reports a full disk, and leaves the old file`(command: WritingCommand) throws {
    let folder = try WritingFolder()
    if command.line.hasPrefix("zoo") { try folder.addRecord() }
    try folder.folder.write("old", to: "result")
    let before = try folder.contents
    // No file may grow beyond this; stderr takes a message.
    let result = try folder.run(Self.again(command, out: "result"), limit: "ulimit -f 1")
    let isSmall = result.exitCode == 0 && folder.folder.text("result") != "old"
    #expect(result.exitCode == 73 || isSmall, "\(result.exitCode): \(result.stderr)")
    guard !isSmall else { return }
    #expect(result.stderr.contains("no space left"), "\(result.stderr)")
    #expect(try folder.contents["result"] == before["result"])
    #expect(!folder.folder.files.contains { $0.contains(".penumbra-") })
  }

  /// A command that a run before may have left something of in the way.
  private static func again(_ command: WritingCommand, out: String) -> [String] {
    command.arguments(out: out) + (command.line.hasPrefix("train") ? ["--overwrite"] : [])
  }
}
