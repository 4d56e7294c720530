import Foundation
import TestSupport

/// Traces that `compare` must refuse, and that must not agree.
extension HostileCase {
  /// A layer of four values and one sample, with a key replaced.
  private static func trace(_ layer: String = "", rest: String = "") -> String {
    var keys = [
      "bflops": "0", "index": "0", "max": "1", "mean": "0", "min": "0", "outputs": "4",
      "rms": "1", "samples": "[[0, 0.5]]", "section": "\"dropout\"", "shape": "[1, 2, 2]",
    ]
    for pair in layer.split(separator: ";") {
      let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
      keys[parts[0]] = parts[1]
    }
    let text = keys.sorted { $0.key < $1.key }.map { "\"\($0.key)\": \($0.value)" }
    return
      "{\"cfg\": \"a.cfg\", \"width\": 2, \"height\": 2, \"channels\": 1\(rest), \"layers\": [{"
      + text.joined(separator: ", ") + "}]}"
  }

  private static func folders(
    _ first: String, _ second: String, outputs: [Int?] = [nil, nil]
  ) -> @Sendable (TemporaryFolder) throws -> Void {
    { work in
      for (name, text) in [("a", first), ("b", second)] {
        try FileManager.default.createDirectory(
          atPath: work.file(name), withIntermediateDirectories: true)
        try work.write(text, to: name + "/trace.json")
      }
      for (name, count) in zip(["a", "b"], outputs) {
        guard let count else { continue }
        // Every value is 0.5, as the sample says.
        let bytes = (0..<count).map { $0 % 4 == 3 ? UInt8(0x3F) : 0 }
        try work.write(bytes, to: name + "/outputs.f32")
      }
    }
  }

  /// One box of a width.
  private static func boxes(_ width: String) -> String {
    ", \"detections\": {\"width\": 8, \"height\": 8, \"thresh\": 0.2, \"nms\": 0.4,"
      + " \"letterbox\": 0, \"detections\": [{\"class\": 0, \"prob\": 0.9, \"x\": 0.5, \"y\": 0.5,"
      + " \"w\": \(width), \"h\": 0.2, \"objectness\": 0.9}]}"
  }

  /// A key of a whole trace, what it becomes, and what `compare` says.
  private static let changes: [(key: String, new: String, message: String)] = [
    ("\"width\": 2,", "\"width\": 3,", "the input is"),
    ("\"height\": 2,", "\"height\": 3,", "the input is"),
    ("\"channels\": 1,", "\"channels\": 3,", "the input is"),
    ("\"weights_floats\": 5,", "\"weights_floats\": 6,", "weights, expected"),
    ("\"outputs_checksum\": \"1\",", "", "outputs_checksum"),
    ("\"mean\": 0.25", "\"mean\": 0.3", "its mean is"),
    ("\"rms\": 1", "\"rms\": 0.5", "its rms is"),
    ("\"min\": 0", "\"min\": 0.1", "its min is"),
    ("\"max\": 1", "\"max\": 1.5", "its max is"),
    ("\"width\": 8,", "\"width\": 9,", "the width of the boxes"),
    ("\"height\": 8,", "\"height\": 9,", "the height of the boxes"),
    ("\"thresh\": 0.2", "\"thresh\": 0.3", "the thresh of the boxes"),
    ("\"nms\": 0.4", "\"nms\": 0.5", "the nms of the boxes"),
    ("\"letterbox\": 0", "\"letterbox\": 1", "the letterbox of the boxes"),
    ("\"objectness\": 0.9", "\"objectness\": 0.8", "the objectness is"),
    (", \"objectness\": 0.9", "", "the objectness is"),
    (boxes("0.1"), "", "boxes, expected"),
  ]

  private static let changed = changes.flatMap { key, new, message in
    let rest = ", \"weights_floats\": 5, \"outputs_checksum\": \"1\"" + boxes("0.1")
    let one = trace("mean=0.25", rest: rest)
    let other = one.replacing(key, with: new)
    return [(one, other), (other, one)].enumerated().map { order, traces in
      HostileCase(
        "traces that differ in \(key.prefix(30)) alone, \(order)", "compare a b", status: 1,
        stdout: [message], prepare: folders(traces.0, traces.1))
    }
  }

  /// A golden case has no checksum, and boxes only where its network found some.
  private static let golden = HostileCase(
    "a golden case without boxes and checksum", "compare a b", status: 0,
    stderr: ["a/expected.json has no boxes"], stdout: ["agree"],
    prepare: { work in
      try work.write(trace(), to: "a/expected.json")
      try work.write(
        trace(rest: ", \"outputs_checksum\": \"1\"" + boxes("0.1")), to: "b/trace.json")
    })

  static let traces: [HostileCase] =
    changed + [golden] + [
      HostileCase(
        "a trace with a negative count", "compare @hostile/trneg @hostile/trneg", status: 65,
        stderr: ["layers[0].outputs is -5"]),
      HostileCase(
        "outputs of one trace are short", "compare a b", status: 65,
        stderr: ["b/outputs.f32: 12 bytes", "4 outputs"],
        prepare: folders(trace(), trace(), outputs: [16, 12])),
      HostileCase(
        "outputs of one trace are long", "compare a b", status: 65,
        stderr: ["a/outputs.f32: 20 bytes"],
        prepare: folders(trace(), trace(), outputs: [20, 16])),
      HostileCase(
        "outputs of another run", "compare a b", status: 65,
        stderr: ["not the outputs that b/trace.json was written with"],
        prepare: folders(
          trace(), trace(rest: ", \"outputs_checksum\": \"1\""), outputs: [16, 16])),
      HostileCase(
        "one trace without outputs says so", "compare a b", status: 0,
        stderr: ["b has no outputs.f32"], stdout: ["agree: 1 layers, 1 values"],
        prepare: folders(trace(), trace(), outputs: [16, nil])),
      HostileCase(
        "samples that one trace lacks", "compare a b", status: 1, stdout: ["other places"],
        prepare: folders(trace(), trace("samples=[]"))),
      HostileCase(
        "traces without a value agree in nothing", "compare a b", status: 1,
        stdout: ["no value to compare"],
        prepare: folders(
          trace("samples=[];outputs=0;shape=[0, 0, 0]"),
          trace("samples=[];outputs=0;shape=[0, 0, 0]"))),
      HostileCase(
        "sections of other kinds", "compare a b", status: 1,
        stdout: ["its section is [maxpool], expected [dropout]"],
        prepare: folders(trace(), trace("section=\"maxpool\""))),
      HostileCase(
        "boxes in one trace alone", "compare a b", status: 1,
        stdout: ["there are 1 boxes, expected none"],
        prepare: folders(trace(), trace(rest: boxes("0.1")))),
      HostileCase(
        "boxes without a width", "compare a b", status: 0, stdout: ["agree"],
        prepare: folders(trace(rest: boxes("0")), trace(rest: boxes("0")))),
      HostileCase(
        "boxes of a negative width", "compare a b", status: 0, stdout: ["agree"],
        prepare: folders(trace(rest: boxes("-0.3")), trace(rest: boxes("-0.3")))),
      HostileCase(
        "boxes of other negative widths", "compare a b", status: 1, stdout: ["no box agrees"],
        prepare: folders(trace(rest: boxes("-0.3")), trace(rest: boxes("-0.6")))),
      HostileCase(
        "samples that are not the outputs", "compare a b", status: 65,
        stderr: ["samples[0] is 0.25, outputs.f32 has 0.5"],
        prepare: folders(trace(), trace("samples=[[0, 0.25]]"), outputs: [16, 16])),
      HostileCase(
        "a tolerance that allows anything", "compare a b --absolute inf", status: 64,
        stderr: ["--absolute is inf"], prepare: folders(trace(), trace())),
      HostileCase(
        "a tolerance that is no number", "compare a b --relative nan", status: 64,
        stderr: ["--relative is nan"], prepare: folders(trace(), trace())),
    ]
    + [
      ("outputs=9223372036854775807;shape=[0, 0, 0]", "more than any memory"),
      ("outputs=4;shape=[9223372036854775807, 3, 1]", "which is not 4 outputs"),
      ("outputs=4;shape=[1, 2]", "expected three counts"),
      ("outputs=4;shape=[1, -2, -2]", "expected three counts"),
      ("index=7", "index is 7, expected 0"), ("samples=[[4, 1]]", "samples[0] is of value 4"),
      ("samples=[[-1, 1]]", "samples[0] is of value -1"), ("bflops=\"nan\"", "bflops is nan"),
      ("outputs=1e999", "out of range"), ("outputs=1e30", "out of range"),
      ("samples=[[0.5, 1]]", "out of range"), ("samples=[[0, 1e999]]", "out of range"),
      ("rms=1e30", "rms is 1e+30, expected 0 to 1"), ("rms=-1", "rms is -1.0"),
      ("min=2", "min is 2.0, above max"), ("mean=-3", "mean is -3.0"),
      ("samples=[[0, 5]]", "samples[0] is 5.0, expected 0.0 to 1.0"),
      ("samples=[[0, 0.5], [0, 0.7]]", "samples[1] is 0.7, and 0.5 before"),
      ("mean=[]", "layers[0].mean is not a number"),
    ].map { layer, message in
      HostileCase(
        "a trace with \(layer)", "compare a b", status: 65, stderr: ["b/trace.json", message],
        absent: ["DecodingError", "Swift."], prepare: folders(trace(), trace(layer)))
    }
}
