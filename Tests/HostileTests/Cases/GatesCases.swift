import Foundation
import TestSupport

/// Gates that measured nothing, and what is wrong before anything is measured.
extension HostileCase {
  static let measuredNothing: [HostileCase] = emptyTruth + usage + written + rawJSON

  private static let network = "@reports/argument-order/net.cfg @reports/argument-order/w.weights"

  /// `a.jpg` and `d.data`, with labels that hold no object.
  private static func labels(_ text: String) -> @Sendable (TemporaryFolder) throws -> Void {
    { folder in
      try FileManager.default.copyItem(
        atPath: HostileCase.folder + "/reports/argument-order/a.jpg", toPath: folder.file("a.jpg"))
      try folder.write("a.jpg\n", to: "l.txt")
      try folder.write(text, to: "a.txt")
      try folder.write("a\nb\nc\n", to: "n.names")
      try folder.write("classes=3\ntrain=l.txt\nvalid=l.txt\nnames=n.names\n", to: "d.data")
    }
  }

  private static let emptyTruth: [HostileCase] =
    [
      ("empty labels", ""), ("a class that is none", "7 .5 .5 .2 .2\n"),
      ("boxes without a size", "0 .5 .5 0 0\n"), ("no numbers", "hello world\n"),
    ].flatMap { name, text in
      [
        "evaluate \(network) d.data", "evaluate \(network) d.data --require map50=0",
        "evaluate \(network) d.data --darknet --require precision=0",
        "detector map d.data \(network)",
      ].map { line in
        HostileCase(
          "\(name): \(line)", line, status: 65, stderr: ["nothing was measured"],
          prepare: labels(text))
      }
    }
    + [
      HostileCase(
        "a picture that is a web page, converted", "data convert l.txt o.json --skip-faults",
        status: 65, stderr: ["no image of it can be converted"],
        prepare: { folder in
          try labels("0 .5 .5 .2 .2\n")(folder)
          try folder.write("<html></html>", to: "a.jpg")
        }),
      HostileCase(
        "early stopping of what is not validated",
        "train \(network.prefix { $0 != " " }) t.data --early-stop map50:3 --iterations 1 --output o",
        status: 65, stderr: ["because nothing is validated"],
        prepare: { folder in
          try labels("0 .5 .5 .2 .2\n")(folder)
          try folder.write("classes=3\ntrain=l.txt\nnames=n.names\n", to: "t.data")
        }),
      HostileCase(
        "statistics of an empty list", "data stats l.txt", status: 65, stderr: ["error: "],
        prepare: { try $0.write("\n", to: "l.txt") }),
      HostileCase(
        "statistics of an empty folder", "data stats empty", status: 65, stderr: ["error: "],
        limit: "mkdir empty"),
      HostileCase(
        "limits of no name", "bench --limits --filter nothing", status: 65,
        stderr: ["no limit has 'nothing' in its name"]),
    ]

  private static let usage: [HostileCase] =
    [
      ("evaluate \(network) none.data --require map50=2", "expected 0 to 1"),
      ("evaluate \(network) none.data --require map50=-1", "expected 0 to 1"),
      ("evaluate \(network) none.data --require top1=0.5", "no metric 'top1' of a detector"),
      ("train net.cfg none.data --early-stop foo:3", "expected one of map50"),
      ("help lnit", "did you mean 'penumbra lint'?"),
      ("help data chekc", "did you mean 'penumbra data check'?"),
    ].map { HostileCase("usage: \($0)", $0, status: 64, stderr: [$1]) }
    + [
      ["lint", ""], ["train", "net.cfg", "d.data", "--output", ""],
      ["detect", "net.cfg", "w.weights", "a.jpg", "--names="], ["detect", "a", "b", "@"],
      ["weights", "", "--seed", "1"],
    ].map {
      HostileCase(
        "an empty argument: \($0.joined(separator: " "))", $0, status: 64, stderr: ["is empty"])
    }
    + ["help", "help lint", "help data check"].map {
      HostileCase("help: \($0)", $0, status: 0, stdout: ["USAGE"])
    }
    + ["fp32", "bf16"].map {
      HostileCase(
        "a layer that is none, in \($0)",
        "detect \(network) @reports/argument-order/a.jpg --precision \($0) --fp32-layers 99",
        status: 65, stderr: ["layer 99 is to stay in fp32; the network has layers 0 to"])
    }

  /// Names with line ends in what commands print.
  private static let written: [HostileCase] = [
    HostileCase(
      "a cfg with a line end in its name, in a zoo", "zoo check zoo --update", status: 0,
      absent: ["nl\nx"], limit: "mkdir zoo && mv net.cfg \"$(printf 'zoo/nl\\nx.cfg')\"",
      prepare: { try $0.write(small, to: "net.cfg") }),
    HostileCase(
      "the same in the header of a benchmark", ["bench", "nl\nx.cfg", "--iterations", "1"],
      status: 0, stdout: ["network  nl\u{240A}x.cfg, "],
      prepare: { try $0.write(small, to: "nl\nx.cfg") }),
  ]

  /// `--json` of files whose names are not UTF-8.
  private static let rawJSON: [HostileCase] =
    [
      "inspect", "lint", "weights", "bench --iterations 1", "bench --training --iterations 1",
    ].map { command in
      var words = command.split(separator: " ").map(String.init)
      words.append("--json")
      return HostileCase(
        "JSON of a path that is not UTF-8: \(command)", words, status: 0,
        absent: ["\\xE9"],
        limit: "mv net.cfg \"$(printf 'c\\351.cfg')\" && set -- \"$@\" \"$(printf 'c\\351.cfg')\"",
        prepare: { try $0.write(small, to: "net.cfg") },
        check: { _, result in
          (try? JSONSerialization.jsonObject(with: Data(result.stdout.utf8))) == nil
            ? "no JSON: \(result.stdout.prefix(300))" : nil
        })
    } + [
      HostileCase(
        "SARIF of a path that is not UTF-8", "lint --format sarif", status: 65,
        stdout: ["\"uri\" : \"c%E9.cfg\""],
        limit: "printf '[net]\\nwidth=x\\n' > \"$(printf 'c\\351.cfg')\""
          + " && set -- \"$@\" \"$(printf 'c\\351.cfg')\"")
    ]

  private static let small = """
    [net]
    width=8
    height=8
    channels=3
    [convolutional]
    filters=6
    size=1
    activation=linear
    [yolo]
    classes=1
    num=1
    anchors=3,3

    """
}
