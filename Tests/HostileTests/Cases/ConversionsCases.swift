import Foundation
import TestSupport

/// Boxes from one format to another.
extension HostileCase {
  private static func coco(
    images: String = #"{"id":1,"file_name":"a.jpg","width":8,"height":8}"#,
    annotations: String = #"{"image_id":1,"category_id":1,"bbox":[1,1,4,4]}"#,
    categories: String = #"{"id":1,"name":"cell"}"#
  ) -> String {
    #"{"images":[\#(images)],"annotations":[\#(annotations)],"categories":[\#(categories)]}"#
  }

  private static func conversion(
    _ name: String, _ text: String, status: Int32, stderr: [String], absent: [String] = [],
    options: String = ""
  ) -> HostileCase {
    HostileCase(
      name, "data convert c.json out --to yolo --pictures none" + options, status: status,
      stderr: stderr, absent: absent, prepare: { try $0.write(text, to: "c.json") })
  }

  static let conversions: [HostileCase] = [
    conversion(
      "a class name with a line end", coco(categories: #"{"id":1,"name":"a\nb"}"#), status: 65,
      stderr: ["characters that a file with a name a line cannot hold", "'a\u{240A}b'"]),
    conversion(
      "COCO nested without end", String(repeating: "[", count: 1 << 20), status: 65,
      stderr: ["this is no COCO file"]),
    conversion(
      "COCO with ids beyond all numbers",
      coco(images: #"{"id":9223372036854775808,"file_name":"a","width":1,"height":1}"#),
      status: 65, stderr: ["this is no COCO file"], absent: ["JSON"]),
    conversion(
      "COCO with NaN", coco(annotations: #"{"image_id":1,"category_id":1,"bbox":[NaN,0,1,1]}"#),
      status: 65, stderr: ["this is no COCO file"]),
    conversion(
      "COCO with boxes beyond all numbers",
      coco(annotations: #"{"image_id":1,"category_id":1,"bbox":[1e308,0,1.7e308,1]}"#),
      status: 65, stderr: ["a number that is not finite"]),
    conversion(
      "COCO with boxes beyond all numbers, skipped",
      coco(annotations: #"{"image_id":1,"category_id":1,"bbox":[1e308,0,1.7e308,1]}"#),
      status: 0, stderr: ["a number that is not finite", "1 image, 0 boxes"],
      options: " --skip-faults"),
    conversion(
      "COCO without keys", #"{"images":[{"id":1}],"annotations":[],"categories":[]}"#, status: 65,
      stderr: ["images[0] has no 'file_name'"]),
    conversion(
      "COCO that is a list", "[]", status: 65, stderr: ["the file is not an object"],
      absent: ["Dictionary"]),
    conversion(
      "COCO whose images are an object", #"{"images":{},"annotations":[],"categories":[]}"#,
      status: 65, stderr: ["images is not a list"], absent: ["Array"]),
    conversion(
      "COCO with a number beyond Double",
      coco(annotations: #"{"image_id":1,"category_id":1,"bbox":[1,1,1e999,4]}"#), status: 65,
      stderr: ["this is no COCO file: a number in it is out of range"]),
    conversion(
      "COCO with an id twice",
      coco(
        images: #"{"id":1,"file_name":"a.jpg","width":8,"height":8},"#
          + #"{"id":1,"file_name":"b.jpg","width":8,"height":8}"#),
      status: 65, stderr: ["two images have the id 1"]),
    HostileCase(
      "COCO whose pictures are missing, skipped", "data convert c.json out --to yolo --skip-faults",
      status: 0, stderr: ["a.jpg: error: there is no such picture"],
      absent: ["b.jpg: error"],
      prepare: {
        try $0.picture("b.jpg", label: "")
        try $0.write(
          coco(
            images: #"{"id":1,"file_name":"a.jpg","width":8,"height":8},"#
              + #"{"id":2,"file_name":"b.jpg","width":8,"height":8}"#), to: "c.json")
      },
      check: { folder, _ in
        let list = try String(contentsOfFile: folder.file("out/list.txt"), encoding: .utf8)
        return list == "images/b.jpg\n" ? nil : "the list is '\(list)'"
      }),
    HostileCase(
      "two classes of one name to VOC", "data convert c.json out --to voc", status: 65,
      stderr: ["classes 0 and 1 are both called 'x'"],
      prepare: {
        try $0.write(
          coco(categories: #"{"id":1,"name":"x"},{"id":2,"name":"x"}"#), to: "c.json")
      }),
  ]
}
