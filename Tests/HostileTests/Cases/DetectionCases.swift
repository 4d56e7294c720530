import Foundation
import TestSupport

extension HostileCase {
  static let detection: [HostileCase] = letterbox + traces + benchmarks + notFinite + manyBoxes

  // MARK: Letterbox and suppression

  private static let letterbox: [HostileCase] = [
    ("lb.cfg", "wide.png", "lb.darknet.json")
  ].map { cfg, picture, expected in
    HostileCase(
      "suppression of \(picture) under \(cfg) is Darknet's",
      ["detector", "test", "@reports/letterbox-diou/n.data", "@reports/letterbox-diou/\(cfg)"]
        + ["w.weights", "@reports/letterbox-diou/\(picture)", "-thresh", ".1", "-out", "o.json"],
      status: 0,
      prepare: {
        _ = try penumbra(
          "weights", folder + "/reports/letterbox-diou/\(cfg)", "--seed", "1", "--out",
          "w.weights", in: $0.path)
      },
      check: { work, _ in
        let found = try DarknetObjects(bytes: work.bytes("o.json"))
        let wanted = try DarknetObjects(
          bytes: Array(
            Data(
              contentsOf: URL(fileURLWithPath: folder + "/reports/letterbox-diou/\(expected)"))))
        return found.difference(from: wanted)
      })
  }

  // MARK: Traces

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
      + " \"w\": \(width), \"h\": 0.2}]}"
  }

  private static let traces: [HostileCase] =
    [
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
        "boxes in one trace alone", "compare a b", status: 0, stderr: ["note: a has no boxes"],
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

  // MARK: Benchmarks

  private static let small = """
    [net]
    width=8
    height=8
    channels=1
    [convolutional]
    filters=2
    size=1
    activation=linear

    """

  private static let benchmarks: [HostileCase] =
    [
      ("0", "not comparable"), ("-1", "not comparable"), ("\"nan\"", "not comparable"),
      ("\"inf\"", "not comparable"), ("[]", "not a benchmark"),
    ].map { median, message in
      HostileCase(
        "an earlier benchmark whose median is \(median)",
        "bench net.cfg --iterations 1 --threads 1 --compare b.json", status: 65,
        stderr: [message],
        prepare: { work in
          try work.write(small, to: "net.cfg")
          let result = try penumbra(
            "bench", "net.cfg", "--iterations", "1", "--threads", "1", "--json", in: work.path)
          let text = result.stdout.replacing(try Regex("\"median\" : [-+.e0-9]+")) { _ in
            "\"median\" : \(median)"
          }
          try work.write(text, to: "b.json")
        })
    } + [
      HostileCase(
        "a tolerance that no slowdown exceeds",
        "bench net.cfg --compare b.json --tolerance inf", status: 64,
        stderr: ["--tolerance is inf"]),
      HostileCase(
        "a comparison that would be ignored", "bench --limits --compare b.json", status: 64,
        stderr: ["--compare is for a cfg or --kernels"]),
    ]

  // MARK: Numbers that are not finite

  /// Biases of infinity and weights that make NaN of it.
  private static func brokenWeights(_ work: TemporaryFolder) throws {
    try work.write(
      small + "[convolutional]\nfilters=2\nsize=1\nactivation=linear\n", to: "net.cfg")
    _ = try penumbra("weights", "net.cfg", "--seed", "1", "--out", "w.weights", in: work.path)
    var bytes = try work.bytes("w.weights")
    bytes.replaceSubrange(20..<24, with: [0, 0, 0x80, 0x7F])
    try work.write(bytes, to: "w.weights")
    try work.write("P5\n8 8\n255\n" + String(repeating: "0", count: 64), to: "p.pgm")
  }

  private static let notFinite: [HostileCase] =
    [
      HostileCase(
        "a trace of infinity", "trace net.cfg --weights w.weights --out t", status: 0,
        absent: ["EncodingError"], prepare: brokenWeights,
        check: { work, _ in
          let text = try String(decoding: work.bytes("t/trace.json"), as: UTF8.self)
          let again = try penumbra("compare", "t", "t", in: work.path)
          return text.contains("\"inf\"") && again.exitCode == 0 ? nil : text + again.stderr
        }),
      HostileCase(
        "a calibration with infinity",
        "calibrate net.cfg w.weights p.pgm --out c.json", status: 65,
        stderr: ["layer 0 [convolutional] computed numbers that are not finite"],
        prepare: brokenWeights,
        check: { work, _ in work.text("c.json") == nil ? nil : "a file was written" }),
    ]
    + [
      ("\"low\": \"nan\", \"high\": 1", "inputs[0] is from nan"),
      ("\"low\": \"-inf\", \"high\": 1", "inputs[0] is from -inf"),
      ("\"low\": 2, \"high\": 1", "inputs[0] is from 2.0"),
      ("\"low\": -3e38, \"high\": 3e38", "inputs[0] is from -3e+38"),
      ("\"low\": 0, \"high\": 1e999", "not a calibration"),
      ("\"low\": null, \"high\": 1", "inputs[0].low is null"),
    ].map { range, message in
      HostileCase(
        "a calibration with \(range)",
        "detect net.cfg --weights-seed 1 p.pgm --precision int8 --calibration c.json", status: 65,
        stderr: ["c.json: not a calibration", message],
        prepare: { work in
          try work.write(
            small.replacing("filters=2", with: "filters=6") + "[yolo]\nclasses=1\nanchors=4,4\n",
            to: "net.cfg")
          try work.write("P5\n8 8\n255\n" + String(repeating: "0", count: 64), to: "p.pgm")
          try work.write(
            "{\"cfg\": \"net.cfg\", \"parameters\": 12, \"images\": 1, \"inputs\": [{\"layer\": 0,"
              + " \(range)}]}", to: "c.json")
        })
    }

  // MARK: Many boxes

  /// COCO's files with `count` boxes of one class in one image.
  private static func coco(
    _ count: Int, _ box: @escaping @Sendable (Int) -> String
  ) -> @Sendable (TemporaryFolder) throws -> Void {
    { work in
      let truths = (0..<count).map {
        "{\"id\":\($0 + 1),\"image_id\":1,\"category_id\":1,\"bbox\":[\(box($0))],\"area\":100}"
      }
      let results = (0..<count).map {
        "{\"image_id\":1,\"category_id\":1,\"bbox\":[\(box($0))],\"score\":\(Double($0 % 997 + 1) / 998)}"
      }
      try work.write(
        "{\"images\":[{\"id\":1,\"width\":4000,\"height\":4000}],\"categories\":[{\"id\":1}],"
          + "\"annotations\":[\(truths.joined(separator: ","))]}", to: "t.json")
      try work.write("[\(results.joined(separator: ","))]", to: "r.json")
    }
  }

  private static let manyBoxes: [HostileCase] = [
    // All overlaps of 12,000 times 12,000 boxes would be 1.1 GB, and more of pairs across classes.
    HostileCase(
      "evaluation of 12,000 boxes in one image",
      "evaluate --coco-truth t.json --coco-results r.json", status: 0, maxResidentMiB: 400,
      prepare: coco(12_000) { "\($0 % 110 * 36),\($0 / 110 * 36),30,30" }),
    HostileCase(
      "evaluation of 3,000 times the same box",
      "evaluate --coco-truth t.json --coco-results r.json", status: 0, maxResidentMiB: 250,
      prepare: coco(3_000) { _ in "10,10,50,50" }),
  ]
}

/// What `detector test -out` wrote.
private struct DarknetObjects: Decodable {
  struct Object: Decodable {
    struct Place: Decodable {
      let centerX, centerY, width, height: Double
    }
    let classId: Int
    let relativeCoordinates: Place
    let confidence: Double

    func agrees(with other: Object) -> Bool {
      let (a, b) = (relativeCoordinates, other.relativeCoordinates)
      return classId == other.classId
        && [
          confidence - other.confidence, a.centerX - b.centerX, a.centerY - b.centerY,
          a.width - b.width, a.height - b.height,
        ].allSatisfy { abs($0) < 2e-5 }
    }
  }
  let objects: [Object]

  init(bytes: [UInt8]) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode([Self].self, from: Data(bytes))[0]
  }

  /// In the order of the files, which is that of Darknet's array.
  func difference(from expected: Self) -> String? {
    guard objects.count == expected.objects.count else {
      return "\(objects.count) boxes, expected \(expected.objects.count)"
    }
    return zip(objects, expected.objects).enumerated().first { !$1.0.agrees(with: $1.1) }
      .map { "box \($0.offset) is \($0.element.0), expected \($0.element.1)" }
  }
}
