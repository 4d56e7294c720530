import Foundation
import TestSupport
import Testing

struct DetectInputTests {
  let tiny: TinyNetworks

  init() throws {
    tiny = try TinyNetworks()
    for name in ["p/c.ppm", "p/b.PPM", "p/.hidden.ppm", "p/sub/d.ppm", "q/c.ppm"] {
      try tiny.picture(name)
    }
    try tiny.folder.write("no picture", to: "p/readme.md")
    try tiny.folder.write("p/c.ppm\r\n\r\na.ppm\r\n", to: "list.txt")
  }

  /// The pictures of a run, in order.
  private func paths(_ inputs: String, stdin: String = "") throws -> [String] {
    let result = try tiny.run(
      "detect net.cfg net.weights \(inputs) --format csv --max-detections 1", stdin: stdin)
    return result.stdout.split(separator: "\n").dropFirst().map {
      String($0.prefix { $0 != "," })
    }
  }

  @Test(arguments: [
    ("a.ppm", ["a.ppm"]),
    ("p", ["p/b.PPM", "p/c.ppm"]),
    ("p/", ["p/b.PPM", "p/c.ppm"]),
    ("p --recursive", ["p/b.PPM", "p/c.ppm", "p/sub/d.ppm"]),
    ("?/c.ppm", ["p/c.ppm", "q/c.ppm"]),
    ("[p-r]/c.p*", ["p/c.ppm", "q/c.ppm"]),
    ("@list.txt", ["p/c.ppm", "a.ppm"]),
    ("a.ppm @list.txt q", ["a.ppm", "p/c.ppm", "a.ppm", "q/c.ppm"]),
  ])
  func `finds pictures`(inputs: String, expected: [String]) throws {
    #expect(try paths(inputs) == expected)
  }

  @Test func `reads paths from stdin in their place`() throws {
    #expect(
      try paths("a.ppm - q", stdin: "p/c.ppm\n\na.ppm") == ["a.ppm", "p/c.ppm", "a.ppm", "q/c.ppm"])
    #expect(try paths("-").isEmpty)
  }

  @Test func `takes a name that looks like a pattern for what it is`() throws {
    try tiny.picture("a[1].ppm")
    try tiny.picture("@x.ppm")
    #expect(try paths("a[1].ppm @x.ppm") == ["a[1].ppm", "'@x.ppm"])
  }

  @Test func `two pictures of one name do not overwrite each other`() throws {
    let result = try tiny.run(
      "detect net.cfg net.weights p/c.ppm q/c.ppm a.ppm --annotate out --format yolo"
        + " --out-dir labels")
    #expect(result.exitCode == 0)
    #expect(
      tiny.folder.files.filter { $0.hasPrefix("out/") || $0.hasPrefix("labels/") } == [
        "labels/a.txt", "labels/c-2.txt", "labels/c.txt", "out/a.png", "out/c-2.png", "out/c.png",
      ])
    #expect(result.stderr.contains("note: out/c.png is taken, writing out/c-2.png\n"))
  }

  @Test func `does not draw over the pictures themselves`() throws {
    let result = try tiny.run("detect net.cfg net.weights p/c.ppm --annotate p/sub/..")
    #expect(result.exitCode == 65)
    #expect(
      result.stderr.hasSuffix(
        """
        error: p/c.ppm: the annotated picture would overwrite it
        help: give --annotate another folder than that of the pictures

        """))
  }

  // MARK: Names

  @Test func `takes names from where it is told`() throws {
    try tiny.folder.write("Mensch\nKatze\n\n", to: "de/german.names")
    try tiny.folder.write("names = german.names", to: "de/german.data")
    for option in ["--names de/german.names", "--data de/german.data"] {
      let result = try tiny.run("detect net.cfg net.weights a.ppm -thresh .7 \(option)")
      #expect(result.stdout.contains("  Katze   78%"))
      #expect(result.stderr == "")
    }
  }

  @Test(arguments: [
    (
      "other.names",
      "note: net.names, other.names: choose one with --names; classes are shown by number\n"
    ),
    ("net.names", "note: net.names does not name 2 classes; they are shown by number\n"),
  ])
  func `shows numbers where names are unclear`(file: String, note: String) throws {
    try tiny.folder.write("one\n", to: file)
    let result = try tiny.run("detect net.cfg net.weights a.ppm -thresh .7")
    #expect(result.stderr == note)
    #expect(result.stdout.contains("  1   78%"))
  }
}
