import Foundation
import TestSupport

/// Links in a folder of somebody else's that lead out of it: to names, to a data set, to the machine.
extension HostileCase {
  static let outsideLinks: [HostileCase] =
    networkNames + dataNames + dataSetFiles + machine + staying

  private static let refused = "this link leads out of its folder"
  private static let skipped = "leads out of the folder that is searched"

  /// `secret`, as many lines as the network has classes; `net`; and `set`, a picture with its label.
  private static func files(_ folder: TemporaryFolder) throws {
    try folder.write("hunter2-a\nhunter2-b\nhunter2-c\n", to: "secret")
    try folder.copy("no-valid/net.cfg", to: "net/net.cfg")
    try folder.seededWeights(folder.file("net/net.cfg"))
    try folder.picture("set/a.jpg", label: "0 .5 .5 .2 .2\n")
  }

  /// A case with these files, more of them, and a link.
  private static func link(
    _ name: String, to target: String, _ line: String, status: Int32, stderr: [String] = [],
    stdout: [String] = [],
    with more: @escaping @Sendable (TemporaryFolder) throws -> Void = { _ in }
  ) -> HostileCase {
    HostileCase(
      "\(line), where \(name) leads to \(target)", line, status: status, stderr: stderr,
      stdout: stdout, absent: ["hunter2", "root:x"],
      prepare: { folder in
        try files(folder)
        try more(folder)
        try folder.link(name, to: target)
      })
  }

  // MARK: Names

  private static let networkNames: [HostileCase] = ["net.names", "classes.txt", "obj.names"]
    .flatMap { name in
      [
        "detect net/net.cfg w.weights set/a.jpg",
        "detect net/net.cfg w.weights set/a.jpg --format json",
        "evaluate net/net.cfg w.weights set",
      ].map { line in
        link(
          "net/" + name, to: "../secret", line, status: 0,
          stderr: ["note: net/\(name): \(refused)", "classes are shown by number"])
      }
    }

  private static let dataNames: [HostileCase] =
    ["data check set", "data stats set", "data convert set out.json", "anchors set --num 1"]
    .flatMap { line in
      [
        ("set/classes.txt", "../secret"), ("set/_darknet.labels", "../secret"),
        ("set/labels/obj.names", "../../secret"), ("labels/classes.txt", "/etc/passwd"),
        ("classes.txt", "/etc/passwd"),
      ].map { name, target in
        link(name, to: target, line, status: 65, stderr: [refused, "help: put what it leads to"])
      }
    } + [
      link(
        "classes/c.names", to: "../secret", "data check classes", status: 65, stderr: [refused],
        with: { try $0.picture("classes/train/a/a.jpg", label: "") }),
      link(
        "voc/c.names", to: "../secret", "data convert voc o --to yolo", status: 65,
        stderr: [refused], with: annotation),
    ]

  @Sendable private static func annotation(_ folder: TemporaryFolder) throws {
    try folder.write(
      """
      <annotation><filename>a.jpg</filename><size><width>8</width><height>8</height></size>
      <object><name>x</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>4</xmax><ymax>4</ymax></bndbox>
      </object></annotation>
      """, to: "voc/all/a.xml")
  }

  // MARK: Data sets

  private static let dataSetFiles: [HostileCase] = [
    link("set/x.data", to: "../secret", "data check set", status: 65, stderr: [refused]),
    link(
      "classes/train", to: "/", "data check classes", status: 65, stderr: [refused],
      with: { try $0.write("", to: "classes/a.txt") }),
    link(
      "classes/train/all", to: "/", "data check classes", status: 1,
      stdout: ["classes/train/all \(skipped)", "[link-outside]", "train: 1 image (a 1)"],
      with: { try $0.picture("classes/train/a/a.jpg", label: "") }),
  ]

  /// Each of these once was a search of the whole machine.
  private static let machine: [HostileCase] =
    [
      ("data check set", 1), ("data stats set", 0), ("data convert set out.json", 0),
      ("evaluate net/net.cfg w.weights set", 0), ("anchors set --num 1", 0),
      ("detect net/net.cfg w.weights set --recursive", 0), ("lint set", 66),
    ].map { line, status in
      HostileCase(
        "\(line), with a link to all folders", line, status: Int32(status), limit: "exec 2>&1",
        prepare: { folder in
          try files(folder)
          try folder.link("set/all", to: "/")
        },
        check: { _, result in result.stdout.contains("set/all \(skipped)") ? nil : result.stdout })
    } + [
      link(
        "voc/root", to: "/", "data convert voc o --to yolo --pictures none", status: 0,
        stderr: ["voc/root \(skipped)"], with: annotation),
      link(
        "set/more", to: "../set/..", "detect net/net.cfg w.weights set --recursive", status: 0,
        stderr: ["set/more \(skipped)"]),
    ]

  /// Links that lead to where they may.
  private static let staying: [HostileCase] = [
    HostileCase(
      "names through a link that stays", "detect net/net.cfg w.weights set/a.jpg", status: 0,
      stderr: ["note: class names from net/net.names"],
      prepare: { folder in
        try files(folder)
        try folder.write("x\ny\nz\n", to: "net/all.txt")
        try folder.link("net/net.names", to: "all.txt")
      }),
    HostileCase(
      "a set by a link, with names through one", "data check pics", status: 0,
      stdout: ["all: 2 images, 2 boxes (x 2)"],
      prepare: { folder in
        try files(folder)
        try folder.write("x\n", to: "set/all/n.txt")
        try folder.link("set/classes.txt", to: "all/n.txt")
        try folder.link("pics", to: "set")
        try folder.picture("set/.more/b.jpg", label: "0 .5 .5 .2 .2\n")
        try folder.link("set/hidden", to: ".more")
      }),
  ]
}
