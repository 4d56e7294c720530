import Foundation
import TestSupport
import Testing

struct DetectFormatTests {
  let tiny: TinyNetworks

  init() throws { tiny = try TinyNetworks() }

  private static let note = "note: class names from net.names\n"
  private static let missing = """
    b.ppm: error: no such file
    help: check the path, relative ones start in the current folder
    1 of 2 pictures failed

    """

  @Test(arguments: [
    (
      "text",
      """
      a.ppm: 8x4, 3 objects, N ms
        cat      78%  x    2  y    2  width    4  height    1
        person   48%  x    3  y    0  width    2  height    3
        person   44%  x    2  y    2  width    4  height    1

      """
    ),
    (
      "csv",
      """
      path,image_width,image_height,class_id,name,confidence,x,y,width,height,error
      a.ppm,8,4,1,cat,0.775803,2.00,1.50,4.00,1.00,
      a.ppm,8,4,0,person,0.476287,3.00,0.50,2.00,3.00,
      a.ppm,8,4,0,person,0.440399,2.00,1.50,4.00,1.00,
      b.ppm,,,,,,,,,,no such file

      """
    ),
    (
      "darknet",
      """
      [
      {
       "frame_id":1, 
       "filename":"a.ppm", 
       "objects": [ 
        {"class_id":0, "name":"person", "relative_coordinates":{"center_x":0.500000, "center_y":0.500000, "width":0.500000, "height":0.250000}, "confidence":0.440399}, 
        {"class_id":1, "name":"cat", "relative_coordinates":{"center_x":0.500000, "center_y":0.500000, "width":0.500000, "height":0.250000}, "confidence":0.775803}, 
        {"class_id":0, "name":"person", "relative_coordinates":{"center_x":0.500000, "center_y":0.500000, "width":0.250000, "height":0.750000}, "confidence":0.476287}
       ] 
      }, 
      {
       "frame_id":2, 
       "filename":"b.ppm", 
       "error":"no such file", 
       "objects": [ 
       ] 
      }
      ]
      """
    ),
    (
      "coco",
      """
      [
      {"image_id":0, "category_id":1, "bbox":[2.000000, 1.500000, 4.000000, 1.000000], "score":0.775803},
      {"image_id":0, "category_id":0, "bbox":[3.000000, 0.500000, 2.000000, 3.000000], "score":0.476287},
      {"image_id":0, "category_id":0, "bbox":[2.000000, 1.500000, 4.000000, 1.000000], "score":0.440399}
      ]

      """
    ),
  ])
  func `prints each format`(format: String, expected: String) throws {
    let result = try tiny.run("detect net.cfg net.weights a.ppm b.ppm --format \(format)")
    let warning =
      format == "coco"
      ? "warning: some pictures have the same image_id, because their names do not start with"
        + " different numbers\n" : ""
    #expect(
      result
        == CommandResult(
          stdout: expected, stderr: Self.note + warning + Self.missing, exitCode: 66))
  }

  /// Confidences to three decimals: the last ones are the processor's.
  private func rounded(_ json: String) -> String {
    json.replacing(#/"confidence" : (?<value>[0-9.]+)/#) {
      "\"confidence\" : \(((Double($0.value) ?? 0) * 1000).rounded() / 1000)"
    }
  }

  @Test func `json is one documented object`() throws {
    let result = try tiny.run("detect net.cfg net.weights a.ppm b.ppm --json -thresh .7")
    #expect(
      rounded(result.stdout) == """
        {
          "images" : [
            {
              "detections" : [
                {
                  "box" : {
                    "height" : 1,
                    "width" : 4,
                    "x" : 2,
                    "y" : 1.5
                  },
                  "class_id" : 1,
                  "confidence" : 0.776,
                  "name" : "cat"
                }
              ],
              "height" : 4,
              "milliseconds" : N,
              "path" : "a.ppm",
              "preprocessing" : {
                "fit" : "stretch",
                "orientation" : "apply",
                "preset" : "alexeyab"
              },
              "preset" : "alexeyab",
              "width" : 8
            },
            {
              "error" : "no such file",
              "path" : "b.ppm",
              "preprocessing" : {
                "fit" : "stretch",
                "orientation" : "apply",
                "preset" : "alexeyab"
              },
              "preset" : "alexeyab"
            }
          ]
        }

        """)
    #expect(result.exitCode == 66)
  }

  @Test func `jsonl is an object a line`() throws {
    let result = try tiny.run(
      "detect net.cfg net.weights a.ppm b.ppm --format jsonl -thresh 0.9 --preset pjreddie"
        + " --exif ignore")
    #expect(
      result.stdout == """
        {"detections":[],"height":4,"milliseconds":N,"path":"a.ppm","preprocessing":\
        {"fit":"letterbox","orientation":"ignore","preset":"pjreddie"},"preset":"pjreddie","width":8}
        {"error":"no such file","path":"b.ppm","preprocessing":\
        {"fit":"letterbox","orientation":"ignore","preset":"pjreddie"},"preset":"pjreddie"}

        """)
  }

  @Test func `yolo writes a label file beside each picture`() throws {
    let result = try tiny.run("detect net.cfg net.weights a.ppm --format yolo")
    #expect(
      result
        == CommandResult(
          stdout: "", stderr: Self.note + "note: 1 label files written\n", exitCode: 0))
    #expect(
      tiny.folder.text("a.txt") == """
        1 0.500000 0.500000 0.500000 0.250000
        0 0.500000 0.500000 0.250000 0.750000
        0 0.500000 0.500000 0.500000 0.250000

        """)
  }

  @Test func `names are quoted and escaped where the format needs it`() throws {
    try tiny.folder.write("per\"son\r\nred, cat\\\r\n", to: "net.names")
    let csv = try tiny.run("detect net.cfg net.weights a.ppm --format csv --max-detections 2")
    #expect(csv.stdout.contains(",1,\"red, cat\\\",0.7"))
    #expect(csv.stdout.contains(",0,\"per\"\"son\",0.4"))
    let darknet = try tiny.run("detect net.cfg net.weights a.ppm --format darknet")
    let frames =
      try JSONSerialization.jsonObject(with: Data(darknet.stdout.utf8)) as? [[String: Any]]
    let objects = frames?.first?["objects"] as? [[String: Any]]
    #expect(
      objects?.compactMap { $0["name"] as? String } == ["per\"son", "red, cat\\", "per\"son"])
  }

  @Test(arguments: [
    ("", ["cat 78", "person 48", "person 44"]),
    ("--nms .2", ["cat 78", "person 48"]),
    ("--nms .2 --class-agnostic", ["cat 78", "person 44"]),
    ("--max-detections 1", ["cat 78"]),
    ("-thresh .45", ["cat 78", "person 48"]),
    ("--nms .2 --nms-kind diounms", ["cat 78", "person 48"]),
  ])
  func `chooses boxes as asked`(options: String, expected: [String]) throws {
    let result = try tiny.run("detect net.cfg net.weights a.ppm --format csv \(options)")
    let found = result.stdout.split(separator: "\n").dropFirst().map { row -> String in
      let fields = row.split(separator: ",", omittingEmptySubsequences: false)
      return "\(fields[4]) \(Int(((Double(fields[5]) ?? 0) * 100).rounded()))"
    }
    #expect(found == expected)
  }

  @Test func `gives the same for every batch`() throws {
    for name in ["b.ppm", "c.ppm", "d.ppm", "e.ppm"] { try tiny.picture(name) }
    let inputs = "a.ppm b.ppm nothing.ppm c.ppm d.ppm e.ppm --format csv"
    let one = try tiny.run("detect net.cfg net.weights \(inputs)")
    #expect(one.stdout.split(separator: "\n").count == 17)
    for batch in [2, 3, 8] {
      #expect(try tiny.run("detect net.cfg net.weights \(inputs) --batch \(batch)") == one)
    }
  }

  @Test func `COCO numbers come from file names, and from its own list for 80 classes`() throws {
    let cfg = TinyNetworks.detectorCfg
      .replacing("filters=14", with: "filters=85").replacing("mask=0,1", with: "mask=0")
      .replacing("classes=2", with: "classes=80")
    try tiny.folder.write(cfg, to: "eighty/net.cfg")
    try tiny.picture("000000000139.ppm")
    let result = try tiny.run(
      "detect eighty/net.cfg 000000000139.ppm --weights-seed 3 --format coco -thresh 0")
    let found =
      try JSONSerialization.jsonObject(with: Data(result.stdout.utf8)) as? [[String: Any]] ?? []
    let images: [Int] = found.compactMap { $0["image_id"] as? Int }
    #expect(Set(images) == Set([139]))
    let categories = found.compactMap { $0["category_id"] as? Int }.sorted()
    #expect(categories.count == 80)
    #expect(categories.first == 1 && categories.last == 90 && !categories.contains(12))
  }
}
