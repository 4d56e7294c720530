import Foundation
import TestSupport

/// What is said where training would refuse a cfg, keys are misspelt, weights hold nothing or advice
/// could not be followed.
extension HostileCase {
  private static let order = "@reports/argument-order/"

  /// A cfg that can be trained on the data of `argument-order`, with more in `[net]`.
  private static func cfg(_ net: String) throws -> String {
    let text = try String(
      contentsOfFile: folder + "/reports/argument-order/net.cfg", encoding: .utf8)
    return text.replacing("[net]\n", with: "[net]\n\(net)\n", maxReplacements: 1)
  }

  // MARK: Values that training refuses

  private static let refused: [(String, String)] = [
    ("hue=2", "expected 0 to 1"), ("angle=1000", "expected -360 to 360"),
    ("aspect=0", "expected 0.01 to 100"), ("saturation=0", "expected 0.001 to 1000"),
    ("exposure=0", "expected 0.001 to 1000"), ("blur=-1", "expected 0 to 1001"),
    ("gaussian_noise=1000", "expected 0 to 255"), ("mixup=1000", "expected 0 to 4"),
    ("resize_step=0", "expected 1 to 65536"), ("min_crop=1000", "expected at most 'max_crop'"),
    ("max_crop=2", "expected at least 'min_crop'"), ("label_smooth_eps=1", "label_smooth_eps"),
  ]

  static let refusedInTraining = refused.flatMap { line, expected in
    let key = String(line.prefix { $0 != "=" })
    let message = "net.cfg:2:\(key.count + 2)"
    return [
      HostileCase(
        "\(line), checked", "lint net.cfg", status: 0,
        stdout: ["\(message): warning: '\(key)' is", expected],
        prepare: { try $0.write(try cfg(line), to: "net.cfg") }),
      HostileCase(
        "\(line), trained", "train net.cfg \(order)d.data --iterations 1 --output o", status: 65,
        stderr: ["\(message): error: '\(key)' is", expected],
        prepare: { try $0.write(try cfg(line), to: "net.cfg") }),
    ]
  }

  // MARK: Keys of .data files

  static let misspeltKeys =
    ["val", "validation", "vaild"].flatMap { key in
      [
        HostileCase(
          "\(key) for valid, checked", "data check d.data", status: 1,
          stdout: ["d.data:4: warning: '\(key)' is not read; write 'valid = ...'"],
          prepare: { try writeData("names=\(order)n.names\n\(key)=\(order)train.txt", $0) }),
        HostileCase(
          "\(key) for valid, evaluated", "evaluate \(order)net.cfg \(order)w.weights d.data",
          status: 65, stderr: ["there is no 'valid', but '\(key)'", "write 'valid = FILE'"],
          prepare: { try writeData("names=\(order)n.names\n\(key)=\(order)train.txt", $0) }),
        HostileCase(
          "\(key) for valid, trained",
          "train \(order)net.cfg d.data --iterations 1 --output o", status: 0,
          stderr: ["'\(key)' is not read; write 'valid = ...'"],
          prepare: { try writeData("names=\(order)n.names\n\(key)=\(order)train.txt", $0) }),
      ]
    } + [
      HostileCase(
        "name for names", "data check d.data", status: 1,
        stdout: ["d.data:3: warning: 'name' is not read; write 'names = ...'"],
        prepare: { try writeData("name=\(order)n.names", $0) })
    ]

  /// Lines 1 and 2 are `classes` and `train`.
  private static func writeData(_ lines: String, _ folder: TemporaryFolder) throws {
    try folder.write(
      "classes=3\ntrain=\(order)train.txt\n\(lines)\n".replacing("@", with: Self.folder + "/"),
      to: "d.data")
  }

  // MARK: Weights and advice

  private static let emptyWeights = [
    "weights \(order)net.cfg h.weights --partial",
    "detect \(order)net.cfg h.weights \(order)a.jpg --partial",
    "train \(order)net.cfg \(order)d.data --from h.weights --output o --iterations 1",
    "train \(order)net.cfg \(order)d.data --from h.weights --clear --output o --iterations 1",
  ].map { line in
    HostileCase(
      "a header without weights: \(line)", line, status: 65,
      stderr: ["the file ends at byte 20, before the"], absent: ["layers 0 to -1"],
      prepare: {
        try $0.write(
          [0, 0, 0, 0, 2, 0, 0, 0, 5, 0, 0, 0] + [UInt8](repeating: 0, count: 8), to: "h.weights")
      })
  }

  /// Zip archives of PyTorch, in every role.
  private static let pyTorch = [
    "detect \(order)net.cfg net.pt \(order)a.jpg", "lint net.pt",
    "detect \(order)net.cfg \(order)w.weights \(order)a.jpg --names net.pt",
  ].map { line in
    HostileCase(
      "PyTorch weights: \(line)", line, status: 65, absent: ["unpack"],
      prepare: {
        try $0.write(
          [0x50, 0x4B, 3, 4] + [UInt8](repeating: 0, count: 26) + Array("net/data.pkl".utf8),
          to: "net.pt")
      },
      check: { _, result in
        let text = result.stdout + result.stderr
        return text.contains("this looks like a PyTorch file") ? nil : text
      })
  }

  static let foreignModels =
    emptyWeights + pyTorch + [
      HostileCase(
        "YAML as names", "detect \(order)net.cfg \(order)w.weights \(order)a.jpg --names m.yaml",
        status: 65, stderr: ["this looks like a YAML file"],
        prepare: { try $0.write("nc: 80\nnames: [a, b]\n", to: "m.yaml") }),
      HostileCase(
        "an empty folder, compared",
        "compare \(order)net.cfg \(order)w.weights e --precision bf16", status: 65,
        stderr: ["there are no pictures in this folder"], absent: ["--recursive"],
        prepare: { try $0.write("", to: "e/nothing.txt") }),
      HostileCase(
        "a record of kernels", "bench --kernels --compare b.json", status: 65,
        stderr: ["make it with 'penumbra bench --kernels --json'"],
        prepare: { try $0.write("{}", to: "b.json") }),
      HostileCase(
        "notes in the place of a record", "zoo check z --record notes.txt --update", status: 65,
        stderr: ["move the file away"],
        prepare: {
          try $0.write(try cfg(""), to: "z/net.cfg")
          try $0.write("notes\n", to: "notes.txt")
        },
        check: { folder, _ in folder.text("notes.txt") == "notes\n" ? nil : "the notes are gone" }),
    ]
}
