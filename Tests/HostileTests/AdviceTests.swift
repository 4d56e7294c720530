import Foundation
import TestSupport
import Testing

/// Advice is true when followed: the line that a message says to type is typed.
struct AdviceTests {
  @Test(arguments: [
    ("list-as-picture", "detector test net.data net.cfg net.weights list.txt"),
    ("argument-order", "detector valid d.data net.cfg w.weights"),
    ("argument-order", "detector recall d.data net.cfg w.weights"),
    ("argument-order", "detector calc_anchors d.data -num_of_clusters 1 -width 96 -height 96"),
    ("argument-order", "detector draw d.data net.cfg w.weights a.jpg"),
    ("argument-order", "partial net.cfg w.weights out.conv 2"),
    ("argument-order", "ops net.cfg"), ("argument-order", "statistics net.cfg w.weights"),
    ("argument-order", "visualize net.cfg"),
    ("argument-order", "yolo test net.cfg w.weights a.jpg"),
    ("argument-order", "net.cfg"), ("argument-order", "net.cfg w.weights a.jpg"),
    ("argument-order", "d.data"),
  ])
  func `the line that is advised runs`(report: String, line: String) throws {
    let folder = try folder(of: report)
    let result = try penumbra(line.split(separator: " ").map(String.init), in: folder.path)
    #expect(result.exitCode != 0)
    let advice = try #require(
      result.stderr.firstMatch(of: #/help: (?:.*?: )?(penumbra .*?)(?: says .*)?\n/#).map {
        String($0.1)
      },
      "\(result.stderr)")
    let program = try builtProgram()
    let followed = try run(
      ["/bin/sh", "-c", advice.replacing("penumbra ", with: program + " ")], in: folder.path)
    // One list trains and validates, which `data check` reports.
    let expected: Int32 = advice.contains("data check") ? 1 : 0
    #expect(followed.exitCode == expected, "\(advice): \(followed.stderr)")
  }

  @Test(arguments: [
    ("{}", "zoo check z"), ("", "zoo check z"), ("{}", "zoo check z --record r.json"),
    (nil, "zoo check z --record r.json"), (nil, "zoo check z"),
  ])
  func `a record is made as advised`(record: String?, line: String) throws {
    let folder = try folder(of: "argument-order")
    try folder.write(folder.text("net.cfg") ?? "", to: "z/net.cfg")
    if let record {
      try folder.write(record, to: line.contains("r.json") ? "r.json" : "z/zoo.json")
    }
    let words = line.split(separator: " ").map(String.init)
    let result = try penumbra(words, in: folder.path)
    #expect(result.exitCode != 0)
    let advice = try #require(result.stderr.firstMatch(of: #/'(penumbra .*?)'\n/#)).1
    let followed = try penumbra(
      advice.split(separator: " ").dropFirst().map(String.init), in: folder.path)
    #expect(followed.exitCode == 0, "\(advice): \(followed.stderr)")
    #expect(try penumbra(words, in: folder.path).exitCode == 0)
  }

  /// The list itself is advised to `detect`.
  @Test func `the list that is advised is read`() throws {
    let folder = try folder(of: "list-as-picture")
    let result = try penumbra("detect", "net.cfg", "net.weights", "list.txt", in: folder.path)
    #expect(result.stderr.contains("for a list of pictures write @list.txt\n"))
    let followed = try penumbra("detect", "net.cfg", "net.weights", "@list.txt", in: folder.path)
    #expect(followed.exitCode == 0)
  }

  private func folder(of report: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let source = HostileCase.folder + "/reports/" + report
    for name in try FileManager.default.contentsOfDirectory(atPath: source) {
      try FileManager.default.copyItem(atPath: source + "/" + name, toPath: folder.file(name))
    }
    if let data = folder.text("d.data") {
      try folder.write(data + "valid=train.txt\n", to: "d.data")
    }
    return folder
  }
}
