import Foundation
import TestSupport
import Testing

struct EvaluateErrorTests {
  private func folder() throws -> TinyNetworks {
    let tiny = try TinyNetworks()
    try tiny.folder.write("1 .5 .5 .5 .25\n", to: "a.txt")
    try tiny.folder.write("a.ppm\n", to: "list.txt")
    try tiny.folder.write("valid = list.txt\nnames = net.names\n", to: "net.data")
    try tiny.folder.write("valid = none.txt\nnames = net.names\n", to: "lost.data")
    try tiny.folder.write("valid = list.txt\nnames = one.names\n", to: "one.data")
    try tiny.folder.write("person\n", to: "one.names")
    try tiny.folder.write("{}", to: "empty.json")
    try tiny.folder.write("[]", to: "none.json")
    try tiny.folder.write(
      #"{"images":[{"id":1}],"categories":[{"id":1}],"annotations":[]}"#, to: "t.json")
    return tiny
  }

  typealias Case = FailingCommand

  static let cases = [
    Case("", 64, "expected CFG WEIGHTS DATA, found 0 arguments"),
    Case("net.cfg net.weights", 64, "expected CFG WEIGHTS DATA, found 2 arguments"),
    Case("net.cfg net.data --weights-seed 1 more", 64, "expected CFG DATA, found 3 arguments"),
    Case("net.cfg net.weights net.data --iou 0", 64, "--iou is 0.0"),
    Case("net.cfg net.weights net.data --points 1", 64, "--points is 1"),
    Case("net.cfg net.weights net.data --require speed=3", 64, "there is no metric 'speed'"),
    Case(
      "net.cfg net.weights net.data --require top1=.5", 64,
      "there is no metric 'top1' of a detector"),
    Case("net.cfg net.weights net.data --json --darknet", 64, "give --json or --darknet"),
    Case("net.cfg net.weights net.data --images .", 64, "--images goes with"),
    Case("net.cfg net.weights net.data --worst 3", 64, "--worst is for the page of --html"),
    Case(
      "--coco-truth t.json --coco-results none.json --images .", 64, "--images is for the pictures"),
    Case("net.cfg net.weights net.data --names net.names", 65, "a .data file names its classes"),
    Case("none.cfg net.weights net.data", 66, "none.cfg"),
    Case("net.cfg none.weights net.data", 66, "none.weights"),
    Case("net.cfg net.weights none.data", 66, "none.data"),
    Case("net.cfg net.weights lost.data", 65, "'valid' names a file that is not there"),
    Case("net.cfg net.weights one.data", 65, "1 class, but the network tells 2 apart"),
    Case("net.cfg net.weights net.cfg", 65, "a .cfg file is no data set"),
    Case("net.weights net.cfg net.data", 65, "the order is CFG WEIGHTS DATA"),
    Case("classifier/net.cfg classifier/net.weights net.data --darknet", 65, "no detection head"),
    Case("--coco-truth t.json", 64, "give both --coco-truth and --coco-results"),
    Case("net.cfg --coco-truth t.json --coco-results none.json", 64, "not both"),
    Case("--coco-truth t.json --coco-results none.json --results r.json", 64, "--results writes"),
    Case("--coco-truth none-such.json --coco-results none.json", 66, "none-such.json"),
    Case(
      "--coco-truth empty.json --coco-results none.json", 65,
      "empty.json: error: this is not COCO's"
    ),
    Case(
      "--coco-truth t.json --coco-results empty.json", 65, "empty.json: error: this is not a list"),
    Case(
      "--coco-truth t.json --coco-results none.json --html no/such/folder/p.html", 73,
      "cannot be written"
    ),
  ]

  @Test(arguments: cases)
  func `says what is wrong`(_ test: Case) throws {
    let result = try folder().run("evaluate " + test.line)
    #expect(result.exitCode == test.status, "\(result.stderr)")
    #expect(result.stderr.contains(test.message), "\(result.stderr)")
    #expect(result.stdout.isEmpty || test.status == 64)
  }

  @Test func `a picture that cannot be read is named and left out, or stops the run`() throws {
    let tiny = try folder()
    try tiny.folder.write("P6\n8 4\n255\nshort", to: "b.ppm")
    try tiny.folder.write("", to: "b.txt")
    try tiny.folder.write("a.ppm\nb.ppm\n", to: "list.txt")
    let skipped = try tiny.run("evaluate net.cfg net.weights net.data")
    #expect(skipped.exitCode == 0 && skipped.stderr.contains("b.ppm"))
    #expect(skipped.stdout.contains("(valid): 1 image, 1 object"))
    #expect(skipped.stdout.contains("1 picture could not be read and count for nothing"))
    let stopped = try tiny.run("evaluate net.cfg net.weights net.data --faults stop")
    #expect(stopped.exitCode == 65 && stopped.stdout == "" && stopped.stderr.contains("b.ppm"))
    try tiny.folder.write("b.ppm\n", to: "list.txt")
    let none = try tiny.run("evaluate net.cfg net.weights net.data")
    #expect(none.exitCode == 65 && none.stderr.contains("none of 1 picture could be read"))
  }

  @Test func `results of categories that the truth does not list are left out aloud`() throws {
    let tiny = try folder()
    try tiny.folder.write(
      #"[{"image_id":1,"category_id":8,"bbox":[0,0,1,1],"score":0.5}]"#, to: "r.json")
    let result = try tiny.run("evaluate --coco-truth t.json --coco-results r.json")
    // This truth lists no object.
    #expect(result.exitCode == 65)
    #expect(
      result.stderr.hasPrefix(
        "r.json: warning: 1 result of categories that t.json does not list; left out, as"
          + " pycocotools does\nerror: no image has a labelled object"))
  }

  @Test(.enabled(if: sharedFolder != nil))
  func `photographs score 1 against what the reference finds in them`() throws {
    let shared = try #require(sharedFolder)
    let network = shared + "/golden/real/yolo-fastest-1.1"
    let folder = try TemporaryFolder()
    var images: [String] = []
    for name in ["dog", "eagle", "giraffe", "horses", "person"] {
      let file = try Data(contentsOf: URL(fileURLWithPath: "\(network)/\(name)/expected.json"))
      let boxes = try JSONDecoder().decode(Expected.self, from: file).detections.detections
      let lines = boxes.map { "\($0.class) \($0.x) \($0.y) \($0.w) \($0.h)\n" }
      try folder.write(lines.joined(), to: "\(name).txt")
      try FileManager.default.createSymbolicLink(
        atPath: folder.file("\(name).jpg"),
        withDestinationPath: "\(shared)/golden/images/\(name).jpg")
      images.append(folder.file("\(name).jpg"))
    }
    let list = try folder.write(images.joined(separator: "\n"), to: "list.txt")
    let result = try penumbra(
      "evaluate", network + "/yolo-fastest-1.1.cfg", network + "/yolo-fastest-1.1.weights", list,
      "--exif", "ignore", "--require", "map=0.999", "--require", "f1=0.999", "--require",
      "iou=0.99",
      "--json")
    #expect(result.exitCode == 0, "\(result.stderr)")
    #expect(result.stdout.contains("\"truths\" : 26"))
  }

  private struct Expected: Decodable {
    let detections: Boxes

    struct Boxes: Decodable {
      let detections: [Box]
    }

    struct Box: Decodable {
      let `class`: Int
      let x, y, w, h: Double
    }
  }
}
