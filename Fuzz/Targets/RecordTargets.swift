import Foundation
import Penumbra
import PenumbraCLI
import PenumbraEngine
import PenumbraTraining
import PenumbraZoo

extension FuzzTarget {
  /// A folder with a trace, compared with itself: `trace.json`, and after a zero byte `outputs.f32`.
  static let trace = FuzzTarget(
    "trace",
    dictionary: [
      "\"layers\":", "\"index\":", "\"section\":", "\"shape\":", "\"outputs\":", "\"samples\":",
      "\"detections\":", "\"prob\":", "-1", "9223372036854775807", "\"nan\"", "1e308", "null",
    ],
    seeds: [traceSeed, traceSeed + [0] + [UInt8](repeating: 0, count: 64)]
  ) { bytes in
    let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    _ = ScratchFiles.write(Array(parts[0]), to: "trace.json")
    let outputs = ScratchFiles.folder + "/outputs.f32"
    unlink(outputs)
    if parts.count > 1 { _ = ScratchFiles.write(Array(parts[1]), to: "outputs.f32") }
    try CommandReaders.compareTraces(ScratchFiles.folder, ScratchFiles.folder)
  }

  private static var traceSeed: [UInt8] {
    let text =
      "[net]\nwidth=4\nheight=2\nchannels=1\n[convolutional]\nfilters=2\nactivation=leaky\n"
    guard let graph = try? Graph(CfgFile(text: text, name: "fuzz.cfg")),
      let weights = try? Weights(seed: 1, for: graph),
      let plan = try? Plan(
        graph, weights: weights, options: PlanOptions(threads: 1, keepsAllOutputs: true)),
      var session = try? Session(plan)
    else { return [] }
    session.run()
    let trace = PenumbraEngine.Trace(session, cfg: "fuzz.cfg")
    return (try? JSONEncoder().encode(trace)).map(Array.init) ?? []
  }

  /// The log of a training.
  static let log = FuzzTarget(
    "log",
    dictionary: ["\"iteration\":", "\"event\":", "\"loss\":", "\"nan\"", "\"inf\"", "\n", "null"],
    seeds: [
      Array(#"{"event":"iteration","iteration":1,"loss":"nan","layers":[]}"#.utf8),
      Array("{\"event\":\"start\",\"cfg\":\"a.cfg\"}\n{}\n".utf8),
    ]
  ) { bytes in
    _ = try TrainingLog.events(ScratchFiles.write(bytes, to: "train.jsonl"))
  }

  /// What `penumbra calibrate` wrote, used for a network.
  static let calibration = FuzzTarget(
    "calibration",
    dictionary: [
      "\"inputs\":", "\"layer\":", "\"low\":", "\"high\":", "1e39", "-1e38", "NaN", "0",
    ],
    seeds: [
      Array(
        (#"{"cfg":"fuzz.cfg","images":1,"parameters":\#(WeightsGraphs.all[0].parameterCount),"#
          + #""inputs":[{"layer":0,"low":0,"high":1},{"layer":2,"low":-3.5,"high":4}]}"#).utf8)
    ]
  ) { bytes in
    let calibration = try CommandReaders.calibration(ScratchFiles.write(bytes, to: "fuzz.json"))
    let graph = WeightsGraphs.all[0]
    let options = PlanOptions(
      backend: Backends.standard, threads: 1, precision: .int8(calibration), fp32Layers: [])
    let plan = try Plan(graph, weights: Weights(seed: 1, for: graph), options: options)
    var session = try Session(plan)
    session.withInput(image: 0) { Weights.fillInput($0, seed: 1) }
    session.run()
  }

  /// The record of a zoo, written again.
  static let zoo = FuzzTarget(
    "zoo",
    dictionary: [
      "\"version\":", "\"networks\":", "\"layers\":", "\"sections\":", "\"run\":", "\"net\":",
      "\"lint\":", "\"speed\":", "\"bflops\":", "\"parameters\":", "1e400", "[", "{",
    ],
    seeds: zooSeeds
  ) { bytes in
    let record = try ZooRecord(json: Data(bytes), name: "zoo.json")
    _ = try ZooRecord(json: Data(record.json.utf8), name: "again.json")
  }

  private static var zooSeeds: [[UInt8]] {
    let cfg = "[net]\nwidth=8\nheight=8\nchannels=3\n[convolutional]\nfilters=2\n"
    let item = ZooCheck.Item(name: "a.cfg", file: CfgFile(text: cfg, name: "a.cfg"))
    let record = ZooRecord(weightsSeed: 1, inputSeed: 2)
    let made = ZooCheck(record, jobs: 1).update([item], size: nil) { _ in }
    return [Array(made.record.json.utf8), Array(record.json.utf8)]
  }

  /// An earlier result of `penumbra bench`.
  static let benchmark = FuzzTarget(
    "benchmark", dictionary: ["\"runs\":", "\"median_ms\":", "1e400", "-1", "null"],
    seeds: [Array(#"{"network":"a.cfg","results":[]}"#.utf8)]
  ) { bytes in
    try CommandReaders.earlierBenchmark(ScratchFiles.write(bytes, to: "bench.json"))
  }

  /// A command line, an argument a line; nothing is run.
  static let arguments = FuzzTarget(
    "arguments",
    dictionary: [
      "detect\n", "detector\ntest\n", "train\n", "evaluate\n", "bench\n", "zoo\ncheck\n", "data\n",
      "--json\n", "-thresh\n", "-ext_output\n", "--format\n", "yolo\n", "--", "-t\n", "--help\n",
      "--precision\nint8\n", "--size\n320x320\n", "--threads\n", "\n-1\n", "=", "inspect\n",
    ],
    seeds: [
      "detect\na.cfg\na.weights\na.jpg\n--thresh\n0.5\n--format\ncoco",
      "detector\ntest\na.data\na.cfg\na.weights\n-thresh\n.25\n-ext_output", "help\ntrain",
      "train\na.cfg\na.data\n--output\nruns", "bench\na.cfg\n--threads\n1,2\n--json",
      "evaluate\na.cfg\na.weights\na.data\n--html\na.html", "zoo\ncheck\ncfg\n--jobs\n2",
    ].map { Array($0.utf8) }
  ) { bytes in
    let words = bytes.split(separator: 10).map { String(decoding: $0, as: UTF8.self) }
    try CommandReaders.parse(words)
  }
}
