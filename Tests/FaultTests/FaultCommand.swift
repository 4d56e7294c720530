import Foundation
import TestSupport

/// A command that writes, and what its folder holds before and after.
struct FaultCommand: Sendable, CustomStringConvertible {
  let name: String
  let arguments: [String]
  /// The files that it leaves. Those among them that exist before are replaced.
  let outputs: [String]
  /// Outputs without which the command still succeeds, such as a cache.
  var optional: Set<String> = []
  /// Outputs whose contents depend on the time.
  var timed: Set<String> = []
  /// Files that exist before the command runs, beside those of `FaultFolder`.
  var old: [String: String] = [:]
  /// What the next run is told after one that was killed.
  var again: [String] = []
  /// Whether stdout is the same in every run.
  var hasSameOutput = true

  var description: String { name }

  init(
    _ name: String, _ line: String, outputs: [String], optional: Set<String> = [],
    timed: Set<String> = [], old: [String: String] = [:], again: [String] = [],
    hasSameOutput: Bool = true
  ) {
    self.name = name
    arguments = line.split(separator: " ").map(String.init)
    self.outputs = outputs
    self.optional = optional
    self.timed = timed
    self.old = old
    self.again = again
    self.hasSameOutput = hasSameOutput
  }
}

extension FaultCommand {
  static let all: [FaultCommand] = [
    FaultCommand(
      "detect --out",
      "detect net.cfg net.weights a.ppm b.ppm --names net.names --format coco --out boxes.json",
      outputs: ["boxes.json"], old: ["boxes.json": "old"]),
    FaultCommand(
      "detect --annotate", "detect net.cfg net.weights a.ppm --names net.names --annotate drawn",
      outputs: ["drawn/a.jpg"], hasSameOutput: false),
    FaultCommand(
      "detect --format yolo",
      "detect net.cfg net.weights a.ppm b.ppm --names net.names --format yolo --out-dir boxes",
      outputs: ["boxes/a.txt", "boxes/b.txt"]),
    FaultCommand(
      "detect --pack-cache",
      "detect net.cfg net.weights a.ppm --names net.names --format coco --pack-cache",
      outputs: ["net.weights.packed"], optional: ["net.weights.packed"],
      old: ["net.weights.packed": "old"]),
    FaultCommand(
      "weights --out", "weights net.cfg --seed 3 --out new.weights", outputs: ["new.weights"],
      old: ["new.weights": "old"]),
    FaultCommand(
      "lower", "lower partial.cfg --output plain.cfg", outputs: ["plain.cfg"],
      old: ["plain.cfg": "old"]),
    FaultCommand(
      "trace", "trace net.cfg --weights-seed 1 --input-seed 2 --out trace",
      outputs: ["trace/outputs.f32", "trace/trace.json"]),
    FaultCommand(
      "calibrate", "calibrate net.cfg net.weights a.ppm b.ppm --out int8.json",
      outputs: ["int8.json"], old: ["int8.json": "old"]),
    FaultCommand(
      "anchors --apply", "anchors set.data --num 2 --cfg net.cfg --apply --restarts 1",
      outputs: ["net.cfg"]),
    FaultCommand(
      "data convert to COCO", "data convert set.data set.json --to coco", outputs: ["set.json"],
      again: ["--force"]),
    FaultCommand(
      "data convert to VOC", "data convert set.data xml --to voc",
      outputs: ["xml/a.xml", "xml/b.xml", "xml/classes.names"], again: ["--force"]),
    FaultCommand(
      "data synth", "data synth --output scenes --count 1 --val 1 --size 64x64 --threads 1",
      outputs: [
        "scenes/cells.data", "scenes/cells.names", "scenes/train.txt", "scenes/val.txt",
      ], again: ["--force"]),
    FaultCommand(
      "train",
      "train train.cfg set.data --output run --iterations 2 --save-last 1 --threads 1 --seed 1",
      outputs: ["run/train_final.weights", "run/train_last.state"],
      optional: ["run/train.html"], timed: ["run/train.jsonl", "run/train.html"],
      again: ["--overwrite"],
      hasSameOutput: false),
    FaultCommand(
      "evaluate --html --results",
      "evaluate net.cfg net.weights set.data --html page.html --results found.json --threads 1",
      outputs: ["found.json", "page.html"], timed: ["page.html"],
      old: ["page.html": "old", "found.json": "old"], hasSameOutput: false),
    FaultCommand(
      "zoo check --update", "zoo check zoo --update --jobs 1", outputs: ["zoo/zoo.json"]),
    FaultCommand(
      "inspect --graph", "inspect net.cfg --graph net.svg", outputs: ["net.svg"],
      old: ["net.svg": "old"]),
    FaultCommand(
      "inspect --chart", "inspect net.cfg train.cfg --chart costs.html", outputs: ["costs.html"],
      old: ["costs.html": "old"]),
    FaultCommand(
      "bench --json",
      "bench net.cfg --weights-seed 1 --iterations 1 --warm-up 0 --threads 1 --json",
      outputs: [], hasSameOutput: false),
  ]
}
