import Foundation
import TestSupport
import Testing

struct DataCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["a", "b"] {
      let pixels = (0..<64 * 48 * 3).map { UInt8(truncatingIfNeeded: $0 * 31) }
      try folder.write(Array("P6 64 48 255\n".utf8) + pixels, to: "images/\(name).ppm")
    }
    try folder.write("0 0.5 0.5 0.25 0.5\n1 0.25 0.25 0.125 0.25\n", to: "labels/a.txt")
    try folder.write("1 0.75 0.5 0.5 0.75\n", to: "labels/b.txt")
    try folder.write("x\ny\n", to: "c.names")
    try folder.write("images/a.ppm\nimages/b.ppm\n", to: "train.txt")
    try folder.write("train=train.txt\nnames=c.names\n", to: "set.data")
  }

  private func run(_ arguments: String...) throws -> CommandResult {
    try penumbra(arguments, in: folder.path)
  }

  private func object(_ text: String) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func `check is silent about a sound data set`() throws {
    #expect(
      try run("data", "check", "set.data")
        == CommandResult(
          stdout: "train: 2 images, 3 boxes (x 1, y 2)\nnothing is wrong\n", stderr: "", exitCode: 0
        ))
  }

  @Test func `check names every fault by file and line, and fails`() throws {
    try folder.write("5 0.5 0.5 0.2 0.2\n0 nan 0.5 0.2 0.2\n", to: "labels/b.txt")
    try folder.write([1, 2, 3], to: "images/a.ppm")
    let result = try run("data", "check", "set.data", "--threads", "1")
    #expect(
      result.stdout == """
        labels/b.txt:1: error: class 5, expected 0 to 1 [class-out-of-range]
        labels/b.txt:2: error: '0 nan 0.5 0.2 0.2' has a number that is not finite [not-finite]
        images/a.ppm: error: not a picture in a format that can be read [unreadable-image]
        train: 1 image, 0 boxes (x 0, y 0)
        3 faults: unreadable-image 1, class-out-of-range 1, not-finite 1

        """)
    #expect(result.exitCode == 1 && result.stderr == "")
    let json = try object(try run("data", "check", "set.data", "--json").stdout)
    #expect((json["faults"] as? [[String: Any]])?.count == 3)
    #expect((json["counts"] as? [String: Int])?["not-finite"] == 1)
  }

  @Test func `check says what it cannot check`() throws {
    #expect(try run("data", "check", "none.data").exitCode == 66)
    let picture = try run("data", "check", "images/a.ppm")
    #expect(picture.exitCode == 65 && picture.stderr.contains("is no data set"))
    let junk = try folder.write([0, 0, 0], to: "junk.data")
    #expect(try run("data", "check", junk).exitCode == 65)
  }

  @Test func `stats measures boxes where it is told to`() throws {
    let result = try run("data", "stats", "set.data")
    #expect(result.exitCode == 0 && result.stderr == "")
    #expect(result.stdout.contains("3 boxes in each image: small 2, medium 1, large 0"))
    let at = try run("data", "stats", "set.data", "--width", "640", "--height", "480")
    #expect(at.stdout.contains("3 boxes at 640x480: small 0, medium 0, large 3"))
    let json = try object(try run("data", "stats", "set.data", "--json").stdout)
    let part = try #require((json["parts"] as? [[String: Any]])?.first)
    #expect(part["boxes"] as? Int == 3)
    #expect((part["boxes_per_image"] as? [String: Double])?["max"] == 2)
  }

  @Test func `convert there and back gives the same labels`() throws {
    #expect(try run("data", "convert", "set.data", "a.json").exitCode == 0)
    #expect(try run("data", "convert", "a.json", "voc", "--to", "voc").exitCode == 0)
    let back = try run("data", "convert", "voc", "out", "--to", "yolo", "--images", "images")
    #expect(back.exitCode == 0 && back.stderr == "voc to yolo: 2 images, 3 boxes\n")
    #expect(folder.text("out/labels/b.txt") == "1 0.750000 0.500000 0.500000 0.750000\n")
    #expect(try run("data", "check", "out").exitCode == 0)
  }

  @Test func `convert overwrites nothing unless forced`() throws {
    try folder.write("mine", to: "a.json")
    let refused = try run("data", "convert", "set.data", "a.json")
    #expect(refused.exitCode == 65 && refused.stderr.contains("a.json: error: the file exists"))
    #expect(folder.text("a.json") == "mine")
    #expect(try run("data", "convert", "set.data", "a.json", "--force").exitCode == 0)
    #expect(folder.text("a.json") != "mine")
  }

  @Test func `convert stops at a fault unless it may skip it`() throws {
    try folder.write("5 0.5 0.5 0.2 0.2\n", to: "labels/b.txt")
    let stopped = try run("data", "convert", "set.data", "a.json")
    #expect(stopped.exitCode == 65 && stopped.stderr.contains("labels/b.txt:1: error: class 5"))
    #expect(folder.text("a.json") == nil)
    let skipped = try run("data", "convert", "set.data", "a.json", "--skip-faults")
    #expect(skipped.exitCode == 0 && skipped.stderr.contains("labels/b.txt:1: error: class 5"))
    #expect(try run("data", "convert", "none.xml", "b.json", "--from", "voc").exitCode == 66)
  }

  @Test func `convert leaves out what it rejected, in every format`() throws {
    try folder.write("5 0.5 0.5 0.2 0.2\n1 0.5 0.5 0.5 0.5\n", to: "labels/b.txt")
    let voc = try run("data", "convert", "set.data", "voc", "--to", "voc", "--skip-faults")
    #expect(voc.exitCode == 0 && voc.stderr.hasSuffix("yolo to voc: 2 images, 3 boxes\n"))
    #expect(try run("data", "convert", "set.data", "a.json", "--skip-faults").exitCode == 0)
    let json = try object(folder.text("a.json") ?? "")
    let categories = (json["annotations"] as? [[String: Any]])?.map { $0["category_id"] as? Int }
    #expect(categories == [1, 2, 2])
  }

  typealias Case = FailingCommand

  @Test(arguments: [
    Case("set.data a.json --names c.names", 64, "a .data file names its classes itself"),
    Case("set.data a.json --images images", 64, "--images is for COCO and VOC"),
    Case("set.data a.json --pictures copy", 64, "--pictures is for a yolo folder, not for coco"),
    Case("set.data voc --to voc --decimals 3", 64, "--decimals is for a yolo folder, not for voc"),
    Case("train.txt a.json --part valid", 64, "--part chooses from a .data file"),
    Case("b.json out --to yolo --names c.names", 64, "a COCO file names its classes itself"),
  ])
  func `convert refuses options that would do nothing`(_ test: Case) throws {
    try folder.write(
      #"{"images": [], "annotations": [], "categories": [{"id": 1, "name": "x"}]}"#, to: "b.json")
    let result = try penumbra(
      ["data", "convert"] + test.line.split(separator: " ").map(String.init), in: folder.path)
    #expect(result.exitCode == test.status, "\(result.stderr)")
    #expect(result.stderr.contains(test.message), "\(result.stderr)")
    #expect(folder.text("a.json") == nil)
  }

  @Test func `convert asks what a folder shall be`() throws {
    let result = try run("data", "convert", "set.data", "out")
    #expect(result.exitCode == 64 && result.stderr.contains("--to"))
  }

  private let cfg = """
    [net]
    width=64
    height=64
    channels=3
    [convolutional]
    filters=14
    size=1
    stride=8
    activation=linear
    # anchors of another data set
    [yolo]
    anchors = 1,1, 60,60
    classes=2
    num=2

    """

  @Test func `anchors judges the old and writes the new`() throws {
    try folder.write(cfg, to: "n.cfg")
    let shown = try run("anchors", "set.data", "--cfg", "n.cfg", "--seed", "3")
    #expect(shown.exitCode == 0 && shown.stderr == "")
    #expect(shown.stdout.contains("3 boxes at 64x64, seed 3\n"))
    #expect(shown.stdout.contains("head 1, stride 8, mask 0,1: "))
    #expect(folder.text("n.cfg") == cfg)

    let json = try object(
      try run("anchors", "set.data", "--cfg", "n.cfg", "--seed", "3", "--json", "--apply").stdout)
    #expect(json["applied"] as? Bool == true)
    let (old, new) = (json["current_fit"] as? [String: Double], json["fit"] as? [String: Double])
    #expect((new?["average_iou"] ?? 0) > (old?["average_iou"] ?? 1))
    let anchors = try #require(json["anchors"] as? [[String: Double]])
    let list = anchors.map { "\(Int($0["width"] ?? 0)),\(Int($0["height"] ?? 0))" }
      .joined(separator: ", ")
    #expect(folder.text("n.cfg") == cfg.replacing("1,1, 60,60", with: list))
  }

  @Test func `anchors refuses a number that the cfg does not have`() throws {
    try folder.write(cfg, to: "n.cfg")
    let result = try run("anchors", "set.data", "--cfg", "n.cfg", "--num", "5", "--apply")
    #expect(result.exitCode == 65 && result.stderr.contains("have 2 anchors"))
    #expect(folder.text("n.cfg") == cfg)
    let shown = try run("anchors", "set.data", "--cfg", "n.cfg", "--num", "3")
    #expect(shown.exitCode == 0)
    #expect(try run("anchors", "set.data", "--apply").exitCode == 64)
  }
}
