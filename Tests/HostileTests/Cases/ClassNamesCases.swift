import Foundation
import TestSupport

/// Names of classes, and labels that name classes.
extension HostileCase {
  static let classNames: [HostileCase] = [
    HostileCase(
      "a .data file as names: data check",
      "data check @reports/no-boxes/l.txt --names @reports/no-valid/d.data", status: 65,
      stderr: ["this looks like a .data file, a list of class names was expected", "/n.names"]),
    HostileCase(
      "a .data file as names: detect",
      "detect @reports/no-valid/net.cfg w.weights @reports/no-valid/a.jpg --names"
        + " @reports/no-valid/d.data",
      status: 65, stderr: ["this looks like a .data file, a list of class names was expected"],
      prepare: { try $0.seededWeights(HostileCase.folder + "/reports/no-valid/net.cfg") }),
    HostileCase(
      "names of LabelImg next to labels", "data check set/images", status: 1,
      stdout: ["class 2, expected 0 to 1", "(cat 1, dog 0)"],
      prepare: {
        try $0.picture("set/images/a.jpg", label: "")
        try $0.write("0 .5 .5 .2 .2\n2 .2 .2 .1 .1\n", to: "set/labels/a.txt")
        try FileManager.default.removeItem(atPath: $0.file("set/images/a.txt"))
        try $0.write("cat\ndog\n", to: "set/labels/classes.txt")
      }),
    HostileCase(
      "names of Roboflow next to images", "data check set", status: 0, stdout: ["(cat 1, dog 0)"],
      prepare: {
        try $0.picture("set/a.jpg", label: "0 .5 .5 .2 .2\n")
        try $0.write("cat\ndog\n", to: "set/_darknet.labels")
      }),
    HostileCase(
      "names that are empty or given twice", "data check d.data", status: 1,
      stdout: ["n:2: warning: class 1 has no name", "classes 0 and 2 are both called 'cat'"],
      prepare: {
        try $0.picture("a.jpg", label: "2 .5 .5 .2 .2\n")
        try $0.write("a.jpg\n", to: "l.txt")
        try $0.write("cat\n\ncat\n", to: "n")
        try $0.write("train = l.txt\nnames = n\n", to: "d.data")
      }),
    HostileCase(
      "labels beyond all numbers", "data check l.txt", status: 1,
      stdout: [
        "a.txt:1: error: '9223372036854775808 \u{2026}'", "a.txt:2: error: class -1",
        "a.txt:3: error: '0 1e308 .5 .2 .2' has a number that is not finite",
        "a.txt:4: error: '0 inf nan .2 .2' has a number that is not finite",
        "10001 fields instead of 5", "all: 1 image, 0 boxes",
      ],
      prepare: {
        let long = Array(repeating: "0", count: 10_001).joined(separator: " ")
        try $0.picture(
          "a.jpg",
          label: "9223372036854775808 .5 .5 .2 .2\n-1 .5 .5 .2 .2\n0 1e308 .5 .2 .2\n"
            + "0 inf nan .2 .2\n\(long)\n")
        try $0.write("a.jpg\n", to: "l.txt")
      }),
  ]
}
