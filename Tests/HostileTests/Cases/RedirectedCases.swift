import Foundation
import TestSupport

/// Standard output that leads into an input, and inputs that come to light during the run.
extension HostileCase {
  static let redirected =
    [
      ("lint net.cfg --json", "net.cfg"), ("lint tree.cfg --json", "my.tree"),
      ("lint . --format sarif", "zoo/net.cfg"), ("inspect tree.cfg", "my.map"),
      ("compare u u", "u/trace.json"), ("compare u u --json", "u/outputs.f32"),
      ("compare net.cfg net.weights a.ppm --precision bf16", "a.ppm"),
      ("data check set.data", "p/a.txt"), ("data check set.data --json", "p/a.ppm"),
      ("data stats set.data", "net.names"), ("data stats set.data --json", "train.txt"),
      ("data stats set.data --cfg net.cfg", "net.cfg"), ("zoo check zoo", "zoo/net.cfg"),
      ("zoo check zoo --json", "zoo/zoo.json"), ("zoo check zoo --markdown -", "zoo/net.cfg"),
      ("bench net.cfg --iterations 1 --threads 1", "net.cfg"),
      ("bench net.cfg --weights net.weights --iterations 1 --threads 1 --json", "net.weights"),
      ("bench net.cfg --training --iterations 1 --threads 1", "net.cfg"),
      ("anchors train.txt --names net.names --num 1", "p/a.txt"),
      ("anchors train.txt --num 1 --cfg net.cfg --json", "net.cfg"),
      ("classifier predict classes.data classes.cfg c.weights a.ppm", "three.names"),
      ("evaluate net.cfg net.weights set.data", "p/a.ppm"),
      ("detector map set.data net.cfg net.weights", "p/a.txt"),
      ("detector train set.data net.cfg", "p/a.txt"), ("paper zoo --json", "zoo/net.cfg"),
    ].map { line, input in
      refused(line, "standard output: error: this is ", shell: "exec >>\(input)")
    }

  /// A cfg that comes through a pipe.
  private static let pipe = "mkfifo pipe && { cat tree.cfg >pipe & }"

  static let late =
    fromPipe + onStandardInput + [
      HostileCase(
        "predictions.jpg of an earlier run is replaced when stdin has ended",
        "detector test net.data net.cfg net.weights", status: 0, stdin: "a.ppm\nb.ppm\n",
        prepare: prepareInputs,
        check: { folder, _ in
          try folder.bytes("predictions.jpg").starts(with: [0xFF, 0xD8]) ? nil : "it is the old one"
        }),
      HostileCase(
        "annotated pictures of an earlier run are replaced",
        "detect net.cfg net.weights - --annotate n --overwrite", status: 0, stdin: "a.ppm\n",
        prepare: { folder in
          try prepareInputs(folder)
          try folder.write("old", to: "n/a.png")
        },
        check: { folder, _ in folder.text("n/a.png") == "old" ? "it is the old one" : nil }),
      HostileCase(
        "results are printed into the folder of the pictures", "detect net.cfg net.weights p",
        status: 0, limit: "exec >p/results.txt", prepare: prepareInputs,
        check: { folder, _ in
          folder.text("p/results.txt")?.hasPrefix("p/a.ppm:") == true ? nil : "there are none"
        }),
      HostileCase(
        "results are added to a log", "detect net.cfg net.weights -", status: 0,
        stdin: "a.ppm\nb.ppm\n", limit: "exec >>log",
        prepare: { folder in
          try prepareInputs(folder)
          try folder.write("earlier\n", to: "log")
        },
        check: { folder, _ in
          let log = folder.text("log") ?? ""
          return log.hasPrefix("earlier\na.ppm:") && log.contains("\nb.ppm:") ? nil : log
        }),
    ]

  private static let fromPipe = [
    refused("lower pipe --output my.map", "a class map of the cfg", shell: pipe),
    refused("weights pipe --seed 1 --out my.tree", "a class tree of the cfg", shell: pipe),
    refused(
      "detect pipe --weights-seed 1 a.ppm --out my.tree", "a class tree of the cfg", shell: pipe),
    refused(
      "inspect pipe", "standard output: error: this is ", shell: pipe + " && exec >>my.map"),
  ]

  private static let onStandardInput = [
    refused("lint - --json", "standard output", shell: "exec <net.cfg >>net.cfg"),
    refused("detect net.cfg net.weights - --out b.ppm", stdin: "a.ppm\nb.ppm\n"),
    refused(
      "detect net.cfg net.weights -", "standard output: error: this is a picture",
      shell: "exec >>b.ppm", stdin: "a.ppm\nb.ppm\n"),
    refused(
      "detect net.cfg net.weights - --annotate n --overwrite", stdin: "a.ppm\nb.ppm\n",
      links: ["n/a.png": "../b.ppm"]),
    refused(
      "detect net.cfg net.weights - --annotate n --overwrite",
      "n/a.png: the annotated picture would overwrite it", stdin: "a.ppm\nn/a.png\n",
      links: ["n/a.png": "../b.ppm"], status: 65),
    refused(
      "detect net.cfg net.weights - --annotate n --overwrite",
      "n/a.png: the annotated picture would overwrite it", shell: "cp b.ppm n/a.png",
      stdin: "a.ppm\nn/a.png\n", links: ["n/other": "../b.ppm"], status: 65),
    refused(
      "detect net.cfg net.weights - --format yolo --out-dir n --overwrite",
      stdin: "a.ppm\nn/a.txt\n", links: ["n/a.txt": "../b.ppm"]),
    refused("detector test net.data net.cfg net.weights", stdin: "a.ppm\npredictions.jpg\n"),
    refused(
      "detector test net.data net.cfg net.weights -out b.ppm", stdin: "a.ppm\nb.ppm\n"),
    refused(
      "detector test net.data net.cfg net.weights -save_labels --overwrite",
      stdin: "a.ppm\na.txt\n"),
    refused(
      "detector test net.data net.cfg net.weights", "standard output: error: this is a picture",
      shell: "exec >>b.ppm", stdin: "a.ppm\nb.ppm\n"),
    refused(
      "bench --worker net.cfg net.weights in.f32 2 1", stdin: "run 1\ndump w\nquit\n",
      links: ["w/head_2.f32": "../net.weights"]),
  ]
}
