import Foundation
import TestSupport

/// A command that writes, and what its folder holds before and after.
struct FaultCommand: Sendable, CustomStringConvertible {
  let name: String
  let arguments: [String]
  /// Outputs that a second run need not repeat byte by byte.
  var loose: [String: Looseness] = [:]
  /// Outputs without which the command still succeeds, such as a cache.
  var optional: Set<String> = []
  /// Files that exist before the command runs, beside those of `FaultFolder`.
  var old: [String: String] = [:]
  /// What the next run is told after one that was killed.
  var again: [String] = []
  /// Whether stdout is the same in every run.
  var hasSameOutput = true

  var description: String { name }

  /// How an output is known to be whole where its bytes differ from run to run.
  enum Looseness: Sendable {
    /// It begins and ends alike: a page or an object with times in it.
    case ends
    /// It is a training state of any iteration: as long as its description says.
    case state
    /// It has the same size: numbers of an earlier iteration.
    case size
    /// It grows by whole lines.
    case lines
  }

  init(
    _ name: String, _ line: String, loose: [String: Looseness] = [:], optional: Set<String> = [],
    old: [String: String] = [:], again: [String] = [], hasSameOutput: Bool = true
  ) {
    self.name = name
    arguments = line.split(separator: " ").map(String.init)
    self.loose = loose
    self.optional = optional
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
      old: ["boxes.json": "old"]),
    FaultCommand(
      "detect --annotate", "detect net.cfg net.weights a.ppm --names net.names --annotate drawn",
      again: ["--overwrite"], hasSameOutput: false),
    FaultCommand(
      "detect --format yolo",
      "detect net.cfg net.weights a.ppm b.ppm --names net.names --format yolo --out-dir boxes",
      again: ["--overwrite"]),
    FaultCommand(
      "detect --pack-cache",
      "detect net.cfg net.weights a.ppm --names net.names --format coco --pack-cache",
      optional: ["net.weights.packed"]),
    FaultCommand(
      "weights --out", "weights net.cfg --seed 3 --out new.weights", old: ["new.weights": "old"]),
    FaultCommand("lower", "lower partial.cfg --output plain.cfg", old: ["plain.cfg": "old"]),
    FaultCommand("trace", "trace net.cfg --weights-seed 1 --input-seed 2 --out trace"),
    FaultCommand(
      "calibrate", "calibrate net.cfg net.weights a.ppm b.ppm --out int8.json",
      old: ["int8.json": "old"]),
    FaultCommand(
      "anchors --apply", "anchors set.data --num 2 --cfg net.cfg --apply --restarts 1"),
    FaultCommand(
      "data convert to COCO", "data convert set.data set.json --to coco", again: ["--force"]),
    FaultCommand("data convert to VOC", "data convert set.data xml --to voc", again: ["--force"]),
    FaultCommand(
      "data synth", "data synth --output scenes --count 1 --val 1 --size 64x64 --threads 1",
      again: ["--force"]),
    FaultCommand(
      "train",
      "train train.cfg set.data --output run --iterations 2 --save-last 1 --threads 1 --seed 1",
      loose: [
        "run/train.jsonl": .lines, "run/train.html": .ends, "run/train_last.state": .state,
        "run/train_last.weights": .size, "run/train_best.weights": .size,
      ], optional: ["run/train.html"], again: ["--overwrite"], hasSameOutput: false),
    FaultCommand(
      "evaluate --html --results",
      "evaluate net.cfg net.weights set.data --html page.html --results found.json --threads 1",
      loose: ["page.html": .ends], old: ["page.html": "old", "found.json": "old"],
      hasSameOutput: false),
    FaultCommand("zoo check --update", "zoo check zoo --update --jobs 1"),
    FaultCommand("inspect --graph", "inspect net.cfg --graph net.svg", old: ["net.svg": "old"]),
    FaultCommand(
      "inspect --chart", "inspect net.cfg train.cfg --chart costs.html",
      old: ["costs.html": "old"]),
    FaultCommand(
      "bench --json",
      "bench net.cfg --weights-seed 1 --iterations 1 --warm-up 0 --threads 1 --json",
      hasSameOutput: false),
  ]
}
