import Foundation
import TestSupport

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Conversions of annotations whose boxes, numbers or names no picture can have.
extension HostileCase {
  static let hostileBoxes: [HostileCase] =
    cocoBoxes + vocBoxes + yoloBoxes + pictureNames + copies

  private static let convert = "data convert in out --to yolo --pictures none --from "

  /// A conversion that stops at a fault, and one that leaves it out.
  private static func faulty(
    _ name: String, _ format: String, _ text: String, fault: String, kind: DataKind
  ) -> [HostileCase] {
    let prepare: @Sendable (TemporaryFolder) throws -> Void = {
      try $0.write(text, to: "in")
      try $0.write("x\n", to: "n")
    }
    let line = convert + format + (kind == .voc ? " --names n" : "")
    let message = "error: \(kind == .coco ? "an annotation: " : "")\(fault)"
    return [
      HostileCase(
        "\(format), \(name)", line, status: 65, stderr: [message], prepare: prepare),
      HostileCase(
        "\(format), \(name), skipped", line + " --skip-faults", status: 0,
        stderr: [message, "1 image, 0 boxes"], prepare: prepare,
        check: { folder, _ in
          folder.text("out/labels/a.txt") == "" ? nil : "there is a label"
        }),
    ]
  }

  /// Annotations from somebody else, whose pictures are something else.
  private static let copies: [HostileCase] = [
    HostileCase(
      "a picture that is a link to a secret is not copied",
      "data convert in.json out --to yolo --pictures copy", status: 65,
      stderr: ["this is no picture that can be read; it is not copied"],
      prepare: { folder in
        try folder.write(
          #"{"images":[{"id":1,"file_name":"a.jpg","width":8,"height":8}],"#
            + #""categories":[{"id":1,"name":"x"}],"annotations":[]}"#, to: "in.json")
        try folder.write("password\n", to: "secret")
        symlink("secret", folder.file("a.jpg"))
      },
      check: { folder, _ in folder.text("out/images/a.jpg") == nil ? nil : "it was copied" }),
    HostileCase(
      "20,000 pictures are converted", "data convert in.json out --to yolo --pictures none",
      status: 0, stderr: ["20000 images"],
      prepare: { folder in
        let images = (0..<20_000).map {
          #"{"id":\#($0),"file_name":"\#($0).jpg","width":8,"height":8}"#
        }
        try folder.write(
          #"{"images":[\#(images.joined(separator: ","))],"categories":[{"id":1,"name":"x"}],"#
            + #""annotations":[]}"#, to: "in.json")
      }),
    HostileCase(
      "a set of scenes with a pipe in it is not replaced",
      "data synth --output out --count 1 --force", status: 73,
      stderr: ["'cells.data' is no rendered scene and would be lost"],
      prepare: { folder in
        try folder.write("", to: "out/train.txt")
        _ = mkfifo(folder.file("out/cells.data"), 0o600)
      }),
  ]

  private enum DataKind { case coco, voc }

  private static let beyond = "the box reaches beyond 1000000 pixels [box-outside]"
  private static let outside = "the box lies outside of the image [box-outside]"
  private static let noSize = "width and height must be above 0 [zero-size]"
  private static let notNumbers = "<bndbox> must have numbers xmin, ymin, xmax and ymax"

  private static let cocoBoxes: [HostileCase] = [
    ("[0,0,1e30,4]", beyond), ("[-1e30,-1e30,2e30,2e30]", beyond), ("[0,0,4,1000001]", beyond),
    ("[8,0,4,4]", outside), ("[1,-9,4,4]", outside), ("[1,1,-4,4]", noSize),
    ("[1,1,4,-1e30]", noSize), ("[1e308,0,1.7e308,1]", "the box has a number that is not finite"),
  ].flatMap { box, fault in
    faulty(
      "a box \(box)", "coco",
      #"{"images":[{"id":1,"file_name":"a.jpg","width":8,"height":8}],"#
        + #""categories":[{"id":1,"name":"x"}],"#
        + #""annotations":[{"image_id":1,"category_id":1,"bbox":\#(box)}]}"#,
      fault: fault, kind: .coco)
  }

  private static let vocBoxes: [HostileCase] = [
    (["0x1", "1", "4", "4"], notNumbers), (["1", "1", "0x10", "4"], notNumbers),
    (["1", "1", "4", "nan"], notNumbers), (["1", "1", "inf", "4"], notNumbers),
    (["1", "1", "1e999", "4"], "the box has a number that is not finite"),
    (["1", "1", "1e30", "4"], beyond), (["-1e30", "1", "4", "4"], beyond),
    (["10", "1", "12", "4"], outside), (["4", "1", "1", "4"], "xmax and ymax must not be below"),
  ].flatMap { edges, fault in
    let box = zip(["xmin", "ymin", "xmax", "ymax"], edges).map { "<\($0)>\($1)</\($0)>" }
    return faulty(
      "a box \(edges)", "voc",
      "<annotation><filename>a.jpg</filename><size><width>8</width><height>8</height></size>"
        + "<object><name>x</name><bndbox>\(box.joined())</bndbox></object></annotation>",
      fault: fault, kind: .voc)
  }

  private static let yoloBoxes: [HostileCase] = [
    HostileCase(
      "labels of a box beyond every picture", "data convert set out.json", status: 65,
      stderr: ["a.txt:1: error: \(beyond)"],
      prepare: { try $0.picture("set/a.jpg", label: "0 .5 .5 1e30 .2\n") })
  ]

  // MARK: Names of pictures

  private static let names = [
    ".", "/", "..", "", "x/", "x/.", "../../x.jpg", "../secret.jpg", "x/../../secret.jpg",
    "/etc/hostname", #"a\u0000b.jpg"#,
  ]

  private static let pictureNames: [HostileCase] =
    names.map { name in
      HostileCase(
        "COCO with a picture called '\(name)'",
        "data convert set/c.json out --to yolo --pictures copy", status: 65,
        stderr: ["image 1: 'file_name' must be a path from the folder of the pictures"],
        absent: ["line end"],
        prepare: { folder in
          try folder.picture("secret.jpg", label: "")
          try folder.write(
            #"{"images":[{"id":1,"file_name":"\#(name)","width":8,"height":8}],"#
              + #""annotations":[],"categories":[{"id":1,"name":"x"}]}"#, to: "set/c.json")
        }, check: { folder, _ in isThere(folder.file("out")) ? "something was written" : nil })
    } + [
      HostileCase(
        "VOC with a picture in another folder",
        "data convert set/a.xml out --to yolo --pictures copy", status: 65,
        stderr: ["<filename> must be a path from the folder of the pictures"],
        prepare: { folder in
          try folder.picture("secret.jpg", label: "")
          try folder.write(
            "<annotation><filename>../secret.jpg</filename><size><width>8</width>"
              + "<height>8</height></size></annotation>", to: "set/a.xml")
        }),
      HostileCase(
        "COCO with a line end in a name", "data convert c.json out --to yolo --skip-faults",
        status: 65, stderr: ["'a\u{240A}b.jpg' has characters that a list of images cannot hold"],
        prepare: { folder in
          try folder.picture("a\nb.jpg", label: "")
          try folder.write(
            #"{"images":[{"id":1,"file_name":"a\nb.jpg","width":8,"height":8}],"#
              + #""annotations":[],"categories":[{"id":1,"name":"x"}]}"#, to: "c.json")
        }),
    ]

  private static func isThere(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }
}
