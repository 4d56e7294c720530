import Foundation
import TestSupport

/// Lists and folders of images.
extension HostileCase {
  private static let wrong = "@reports/paths-of-list-wrong"
  private static let missing = [
    "none of the 2 images listed here is there", "line 1: 'pics/a.jpg' is not there",
    "line 2: 'pics/b.jpg' is not there", "help: correct the paths in the list",
  ]

  static let imageLists: [HostileCase] =
    [
      "train \(wrong)/net.cfg \(wrong)/d.data --output o",
      "evaluate \(wrong)/net.cfg --weights-seed 1 \(wrong)/d.data",
      "anchors \(wrong)/d.data --num 3", "anchors \(wrong)/train.txt --num 3",
      "data convert \(wrong)/d.data out.json --skip-faults",
    ].map { line in
      HostileCase(
        "a list of missing images: \(line.prefix { $0 != "@" })", line, status: 65,
        stderr: missing)
    } + [
      HostileCase(
        "a list of missing images: detector map",
        "detector map \(wrong)/d.data \(wrong)/net.cfg w.weights", status: 65, stderr: missing,
        prepare: { try $0.seededWeights(HostileCase.folder + "/reports/no-valid/net.cfg") }),
      HostileCase(
        "a list that names some missing images", "data check l.txt", status: 1,
        stdout: [
          "l.txt:2: error: 'gone.jpg' is not there",
          "l.txt:3: error: the picture of this line is a folder",
          "l.txt:4: error: the picture of this line is a device or a pipe", "all: 1 image, 1 box",
        ], limit: "mkdir sub && mkfifo pipe",
        prepare: {
          try $0.picture("a.jpg", label: "0 .5 .5 .2 .2\n")
          try $0.write(" \"a.jpg\"\t \ngone.jpg\nsub\npipe\n", to: "l.txt")
        }),
      HostileCase(
        "a list and labels with CR alone", "data check l.txt", status: 0,
        stdout: ["all: 2 images, 3 boxes"],
        prepare: {
          try $0.picture("a.jpg", label: "0 .5 .5 .2 .2\r0 .2 .2 .1 .1\r")
          try $0.picture("b.jpg", label: "0 .5 .5 .2 .2\r\r\n")
          try $0.write("a.jpg\rb.jpg\r", to: "l.txt")
        }),
      HostileCase(
        "a list that names itself", "data check l.txt", status: 1,
        stdout: ["no label file belongs to 'l.txt'", "all: 1 image, 1 box"],
        prepare: {
          try $0.picture("a.jpg", label: "0 .5 .5 .2 .2\n")
          try $0.write("a.jpg\nl.txt\n@l.txt\n", to: "l.txt")
        }),
      HostileCase(
        "a list of millions of short lines", "data check l.txt --limit 3", status: 65,
        stderr: ["this looks like a binary file"], maxResidentMiB: 400,
        prepare: { folder in
          let lines = Array(repeating: "\n", count: 1 << 20).joined()
          try folder.write(lines + "\0", to: "l.txt")
        }),
      HostileCase(
        "a list of very many missing images", "data check l.txt --limit 2", status: 1,
        stdout: [
          "l.txt:2: error: 'pictures/1.jpg' is not there", "300000 faults: missing-image 300000",
        ],
        absent: ["'pictures/2.jpg'"], maxResidentMiB: 150,
        prepare: { folder in
          try folder.write(
            (0..<300_000).map { "pictures/\($0).jpg\n" }.joined(), to: "l.txt")
        }),
      HostileCase(
        "memory for decoding without its unit", "data check l.txt --max-memory 1", status: 64,
        stderr: ["--max-memory is 1 bytes, expected at least 1M, for example 512M"]),
      HostileCase(
        "a list of one line of 16 MB", "data check l.txt", status: 1,
        stdout: ["l.txt:1: error: the picture of this line is not there"],
        absent: [String(repeating: "a", count: 300)],
        maxResidentMiB: 400,
        prepare: { try $0.write(String(repeating: "a", count: 16 << 20), to: "l.txt") }),
      HostileCase(
        "folders that links lead around in", "data check pics", status: 0,
        stdout: ["all: 1 image, 1 box"],
        limit: "ln -s . pics/here && ln -s ../pics pics/deep && mkdir pics/x && ln -s .. pics/x/up",
        prepare: { try $0.picture("pics/a.jpg", label: "0 .5 .5 .2 .2\n") }),
      HostileCase(
        "folders that links lead around in: detect",
        "detect @reports/no-valid/net.cfg w.weights pics --recursive --format csv", status: 0,
        stderr: ["leads to a folder that is searched anyway"],
        absent: ["\npics/deep/", "\npics/x/up"],
        limit: "mkdir pics/x && ln -s .. pics/x/up && ln -s ../pics pics/deep",
        prepare: {
          try $0.picture("pics/a.jpg", label: "")
          try $0.seededWeights(HostileCase.folder + "/reports/no-valid/net.cfg")
        }),
      HostileCase(
        "a list with blanks around its names, seen from elsewhere",
        "detect @reports/no-valid/net.cfg w.weights @lists/l.txt --format csv", status: 0,
        prepare: {
          try $0.picture("lists/a.jpg", label: "")
          try $0.write("  a.jpg \t\r\n\r\n", to: "lists/l.txt")
          try $0.seededWeights(HostileCase.folder + "/reports/no-valid/net.cfg")
        }),
    ]
}
