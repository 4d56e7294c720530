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
