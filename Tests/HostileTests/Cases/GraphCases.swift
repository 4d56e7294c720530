import Foundation
import TestSupport

extension HostileCase {
  static let graph: [HostileCase] =
    suppressedReports + [reorg, steps] + largeGraphs + largeLists + memory

  private static let picture = "@reports/argument-order/a.jpg"
  private static let point = "[convolutional]\nfilters=2\nactivation=linear\n"

  private static func net(_ side: Int = 4) -> String {
    "[net]\nwidth=\(side)\nheight=\(side)\nchannels=3\n"
  }

  /// Writes `net.cfg` where the command runs.
  private static func cfg(_ text: String) -> @Sendable (TemporaryFolder) throws -> Void {
    { _ = try $0.write(text, to: "net.cfg") }
  }

  // MARK: Reports beyond the first few

  private static func head(_ keys: String) -> String {
    net(32) + "[convolutional]\nfilters=48\nactivation=linear\n[yolo]\nclasses=1\n" + keys
  }

  private static var suppressedReports: [HostileCase] {
    var cases: [HostileCase] = [
      HostileCase(
        "errors after many warnings of one list are reported", "lint @hostile/heap.cfg", status: 65,
        stdout: ["[shapes-differ]", "392 more errors of this kind on this line"]),
      HostileCase(
        "a route of unequal maps does not run",
        "detect @hostile/heap.cfg --weights-seed 1 " + picture, status: 65,
        stderr: ["[shapes-differ]"]),
      HostileCase(
        "lint --json has every report", "lint @hostile/heap.cfg --json", status: 65,
        stdout: ["\"errors\" : 400"]),
    ]
    let masks: [(String, String)] = [
      ("eight warnings before an error", repeated("0x", 8) + ",9"),
      ("anchors that there are not", repeated("0x", 7) + ",999999"),
      ("anchors below 0", repeated("1x", 9) + ",-1"),
    ]
    for (name, mask) in masks {
      for command in [
        "lint net.cfg", "inspect net.cfg", "detect net.cfg --weights-seed 1 " + picture,
      ] {
        cases.append(
          HostileCase(
            "\(name): \(command)", command, status: 65, absent: ["Fatal"],
            prepare: cfg(head("num=2\nmask=" + mask))))
      }
    }
    return cases
  }

  private static func repeated(_ element: String, _ count: Int) -> String {
    Array(repeating: element, count: count).joined(separator: ",")
  }

  // MARK: Training

  private static let reorg = HostileCase(
    "a network with [reorg] is trained",
    "train @reports/train-reorg/reorg.cfg @reports/steps-minus-one/ds/cells.data --iterations 1"
      + " --no-html --output o",
    status: 0, absent: ["Fatal"],
    check: { folder, _ in
      let weights = folder.file("o/reorg_final.weights")
      return FileManager.default.fileExists(atPath: weights) ? nil : "no weights are written"
    })

  private static let steps = HostileCase(
    "lint says what training refuses", "lint net.cfg", status: 0,
    stdout: ["'momentum' is 1.0, training expects"],
    prepare: cfg(net() + "momentum=1\n" + point + "[cost]\n"))

  // MARK: Very large graphs

  private static let chain = net() + String(repeating: point, count: 100_000)
  private static let wide =
    net() + String(repeating: point, count: 5000) + "[route]\nlayers="
    + (1...5000).map { "-\($0)" }.joined(separator: ",") + "\n"

  private static let sums =
    net() + String(repeating: point, count: 1000)
    + String(
      repeating: "[shortcut]\nfrom=\((1...500).map { "-\($0)" }.joined(separator: ","))\n",
      count: 1000)

  private static let largeGraphs: [HostileCase] = [
    HostileCase(
      "1,000 sums of 500 layers are checked", "lint net.cfg", status: 0, maxResidentMiB: 300,
      prepare: cfg(sums)),
    HostileCase(
      "a route of 5,000 layers is listed", "inspect net.cfg", status: 0,
      stdout: ["and 4984 more", "not described: 10000 layers"], maxResidentMiB: 300,
      prepare: cfg(wide)),
    HostileCase(
      "a picture of 5,000 layers is refused", "inspect net.cfg --graph g.svg", status: 65,
      stderr: ["a picture of 10000 layers", "at most 4096"], prepare: cfg(wide)),
    HostileCase(
      "100,000 layers are checked", "lint net.cfg", status: 0, maxResidentMiB: 700,
      prepare: cfg(chain)),
    HostileCase(
      "100,000 layers are counted and planned", "inspect net.cfg --table none", status: 0,
      stdout: ["layers       100000"], maxResidentMiB: 1500, prepare: cfg(chain)),
    HostileCase(
      "100,000 layers are lowered", "lower net.cfg --output plain.cfg", status: 0,
      stderr: ["nothing to lower"], maxResidentMiB: 900, prepare: cfg(chain)),
    HostileCase(
      "splits of a billion channels are refused", "lower @hostile/part18.cfg", status: 65,
      stderr: ["expected at most 4194304"], maxResidentMiB: 300),
  ]

  private static let largeLists: [HostileCase] = [
    HostileCase(
      "300,000 unknown keys are reported", "lint net.cfg --json", status: 0,
      stdout: ["\"warnings\" : 300000"], maxResidentMiB: 1500,
      prepare: cfg(
        net() + point + (0..<300_000).map { "zq\($0)=1" }.joined(separator: "\n") + "\n")),
    HostileCase(
      "a list of 200,000 wrong numbers is reported briefly", "lint net.cfg", status: 65,
      stdout: ["199992 more errors of this kind"], maxResidentMiB: 900,
      prepare: cfg(net() + point + "[route]\nlayers=" + repeated("x", 200_000) + "\n")),
  ]

  // MARK: Memory

  /// Sections whose weights take hundreds of gigabytes.
  private static let enormous: [String] = [
    "[connected]\noutput=1000000\n[connected]\noutput=60000\n",
    "[convolutional]\nfilters=1048576\nsize=127\npad=1\nactivation=linear\n",
  ]

  private static func refusal(_ command: String, _ sections: String, end: String) -> HostileCase {
    HostileCase(
      "\(command): weights that no machine holds are refused",
      "\(command) net.cfg --weights-seed 1 " + picture, status: 65, absent: ["Fatal"],
      maxResidentMiB: 300, prepare: cfg(net(64) + sections + end))
  }

  private static let limited = HostileCase(
    "--max-memory counts weights", "trace net.cfg --max-memory 1M --out t", status: 65,
    stderr: ["the limit is 1.0 MiB"],
    prepare: cfg(net() + "[connected]\noutput=10000\nactivation=linear\n"))

  private static let boxes =
    "[connected]\noutput=6\nactivation=linear\n[yolo]\nclasses=1\nanchors=1,1\n"

  private static var memory: [HostileCase] {
    var cases: [HostileCase] = [limited]
    for sections in enormous {
      cases.append(refusal("detect", sections, end: boxes))
      cases.append(refusal("classify", sections, end: "[softmax]\n"))
    }
    return cases
  }
}
