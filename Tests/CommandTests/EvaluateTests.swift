import Foundation
import TestSupport
import Testing

/// The tiny networks with data sets to be judged by.
private struct Judged {
  let tiny: TinyNetworks

  /// - Parameter labels: of `a.ppm`. Of the table beside the detector's cfg the first box is found as a
  ///   cat (.78) and a person (.44), the second as a person (.48); a cat and a person are in the first.
  init(labels: String = "1 .5 .5 .5 .25\n0 .5 .5 .5 .25\n") throws {
    tiny = try TinyNetworks()
    try tiny.folder.write(labels, to: "a.txt")
    try tiny.folder.write("a.ppm\n", to: "list.txt")
    try tiny.folder.write("classes = 2\nvalid = list.txt\nnames = net.names\n", to: "net.data")
  }

  /// Speeds become `N`.
  func run(_ line: String) throws -> CommandResult {
    let result = try tiny.run("evaluate " + line)
    let stdout = result.stdout
      .replacing(#/[0-9.]+ images\/s/#) { _ in "N images/s" }
      .replacing(#/[0-9.]+ in all/#) { _ in "N in all" }
      .replacing(#/[0-9]+ threads?/#) { _ in "N threads" }
    return CommandResult(stdout: stdout, stderr: result.stderr, exitCode: result.exitCode)
  }

  func json(_ line: String) throws -> [String: Any] {
    let object = try JSONSerialization.jsonObject(with: Data(run(line).stdout.utf8))
    return try #require(object as? [String: Any])
  }
}

struct EvaluateTests {
  @Test func `prints tables for people`() throws {
    let result = try Judged().run("net.cfg net.weights net.data")
    #expect(result.exitCode == 0 && result.stderr == "")
    #expect(
      result.stdout == """
        net.cfg on net.data (valid): 1 image, 2 objects, 2 classes

        class   objects   AP50     AP  precision  recall     F1  above  TP  FP  FN    IoU
        person        1  0.500  0.500      0.500   1.000  0.667  0.220   1   1   0  1.000
        cat           1  1.000  1.000      1.000   1.000  1.000  0.388   1   0   0  1.000
        all           2  0.750  0.750      0.667   1.000  0.800  0.220   2   1   0  1.000

        COCO     AP 0.750        AP50 0.750      AP75 0.750      AP small 0.750  AP medium -     AP large -
                 AR1 0.500       AR10 1.000      AR100 1.000     AR small 1.000  AR medium -     AR large -

        VOC      2007 (11 points) 0.750, 2010 (area) 0.750, at IoU 0.50
        Darknet  map (area) 0.750; above 0.25: precision 0.667, recall 1.000, F1 0.800, average IoU 0.667

        above 0.25  as person  as cat  missed
        person              1       0       0
        cat                 0       1       0
        nothing             1       0       -

        speed    N images/s forward (32x32, batch 1, N threads), N in all

        """)
  }

  @Test func `prints one JSON object`() throws {
    let object = try Judged().json("net.cfg net.weights net.data --json --threshold .5")
    #expect(object["names"] as? [String] == ["person", "cat"])
    #expect((object["speed"] as? [String: Any])?["images_per_second"] is Double)
    #expect((object["input"] as? [String: Int]) == ["width": 32, "height": 32])
    let detection = try #require(object["detection"] as? [String: Any])
    #expect((detection["coco"] as? [String: Double])?["ap50"] == 0.75)
    #expect((detection["coco"] as? [String: Double])?["ar_large"] == -1)
    #expect((detection["at_threshold"] as? [String: Any])?["true_positives"] as? Int == 1)
    let overlap = (detection["darknet"] as? [String: Any])?["average_iou"] as? Double
    #expect(overlap.map { abs($0 - 1) < 1e-6 } ?? false)
    #expect((detection["classes"] as? [[String: Any]])?.count == 2)
  }

  @Test func `prints what Darknet prints`() throws {
    let result = try Judged().run("net.cfg net.weights net.data --darknet")
    #expect(result.stdout.hasPrefix("\n detections_count = 3, unique_truth_count = 2  \n"))
    #expect(result.stdout.hasSuffix(" mean average precision (mAP@0.50) = 0.750000, or 75.00 % \n"))
  }

  @Test func `Darknet's spelling judges too`() throws {
    let judged = try Judged()
    let expected = try judged.run(
      "net.cfg net.weights net.data --darknet --iou .75 --threshold .3 --points 11")
    let result = try judged.tiny.run(
      "detector map net.data net.cfg net.weights -thresh .3 -iou_thresh .75 -points 11 -dont_show")
    #expect(result.exitCode == 0 && result.stdout == expected.stdout)
    #expect(result.stdout.contains("(mAP@0.75)") && result.stdout.contains("used 11 Recall-points"))
    #expect(
      try judged.tiny.run("detector map net.data net.cfg net.weights -thresh 2").exitCode == 64)
    #expect(try judged.tiny.run("detector map net.data net.cfg none.weights").exitCode == 66)
  }

  @Test func `nobody is blamed for what the difficult list holds`() throws {
    let judged = try Judged(labels: "1 .5 .5 .5 .25\n")
    let before = try judged.run("net.cfg net.weights net.data --darknet")
    try judged.tiny.folder.write("0 .5 .5 .5 .25\n", to: "hard/a.txt")
    try judged.tiny.folder.write("hard/a.ppm\n", to: "hard.txt")
    try judged.tiny.folder.write(
      "classes = 2\nvalid = list.txt\ndifficult = hard.txt\nnames = net.names\n", to: "net.data")
    let after = try judged.tiny.run("detector map net.data net.cfg net.weights")
    #expect(before.stdout.contains("detections_count = 3, unique_truth_count = 1 "))
    // The person's box is on a difficult one.
    #expect(after.stdout.contains("detections_count = 2, unique_truth_count = 1 "), "\(after)")
    #expect(after.exitCode == 0 && after.stderr == "")
  }

  @Test(arguments: ["list.txt", "net.data --part valid", "net.data --batch 3", "net.data --nms .9"])
  func `lists, parts and batches give the same`(data: String) throws {
    let judged = try Judged()
    let expected = try judged.json("net.cfg net.weights net.data --json")["detection"]
    let found = try judged.json("net.cfg net.weights \(data) --json")["detection"]
    #expect((found as? NSDictionary) == (expected as? NSDictionary))
  }

  @Test func `boxes written for COCO score the same there`() throws {
    let judged = try Judged()
    let first = try judged.json("net.cfg net.weights net.data --json --results r.json")
    try judged.tiny.folder.write(
      """
      {"images":[{"id":1,"file_name":"a.ppm"}],"categories":[{"id":0},{"id":1}],"annotations":[
      {"image_id":1,"category_id":1,"bbox":[2,1.5,4,1],"area":4,"iscrowd":0},
      {"image_id":1,"category_id":0,"bbox":[2,1.5,4,1],"area":4,"iscrowd":0}]}
      """, to: "t.json")
    let second = try judged.json("--coco-truth t.json --coco-results r.json --json")
    for key in ["coco", "voc2007", "best"] {
      let values = [first, second].map { ($0["detection"] as? [String: Any])?[key] as? NSObject }
      #expect(values[0] == values[1] && values[0] != nil, "\(key)")
    }
    #expect(second["truth"] as? String == "t.json" && second["network"] == nil)
  }

  @Test func `a required number that is missed is exit status 1`() throws {
    let judged = try Judged()
    let missed = try judged.run("net.cfg net.weights net.data --require map50=0.76")
    #expect(missed.exitCode == 1 && missed.stderr == "map50 is 0.7500, required 0.76\n")
    #expect(missed.stdout.contains("COCO"))
    let met = try judged.run(
      "net.cfg net.weights net.data --require map50=.75 --require f1=.8 --require darknet=.7")
    #expect(met.exitCode == 0 && met.stderr == "")
  }

  @Test func `a classifier is judged by folders of classes`() throws {
    let judged = try Judged()
    for name in ["low/1.ppm", "high/1.ppm", "high/2.ppm", "middle/1.ppm"] {
      try judged.tiny.picture("photos/train/\(name)")
    }
    try judged.tiny.folder.write("low\nmiddle\nhigh\n", to: "photos/classes.names")
    let result = try judged.run(
      "classifier/net.cfg classifier/net.weights photos --part train --html page.html")
    #expect(result.exitCode == 0 && result.stderr == "")
    #expect(
      result.stdout == """
        net.cfg on photos (train): 4 images, 3 classes

        class   images  top-1  top-5  precision
        low          1  0.000  1.000          -
        middle       1  0.000  1.000          -
        high         2  1.000  1.000      0.500
        all          4  0.500  1.000

        confusion  as low  as middle  as high
        low             0          0        1
        middle          0          0        1
        high            0          0        2

        speed    N images/s forward (2x2, batch 1, N threads), N in all

        """)
    let page = judged.tiny.folder.text("page.html") ?? ""
    #expect(page.contains("shows low, taken for high (67 %)"))
    let object = try judged.json(
      "classifier/net.cfg classifier/net.weights photos --part train --json")
    #expect((object["classification"] as? [String: Any])?["top1"] as? Double == 0.5)
  }

  @Test func `the page holds everything itself`() throws {
    let judged = try Judged(labels: "0 .2 .2 .2 .2\n")
    try judged.tiny.folder.write("<i>\nR&D\n", to: "net.names")
    let result = try judged.run("net.cfg net.weights net.data --html page.html")
    #expect(result.exitCode == 0)
    let page = try #require(judged.tiny.folder.text("page.html"))
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
    #expect(!page.contains("http") && !page.contains("<script") && !page.contains("<link"))
    #expect(page.contains("data:image/jpeg;base64,/9j/"))
    #expect(page.contains("&lt;i&gt;") && page.contains("R&amp;D") && !page.contains("<i>\n"))
    #expect(page.contains("1 missed, 3 false, 0 found"))
  }
}
