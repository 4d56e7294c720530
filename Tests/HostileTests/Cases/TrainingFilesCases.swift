import Foundation
import TestSupport

/// Training: its signals, states and weights.
extension HostileCase {
  private static let cells = "@reports/train-reorg/ds/cells.data"

  static let trainingFiles: [HostileCase] =
    ranges + [
      HostileCase(
        "statistics that are not settled at a validation",
        "train @reports/validation-overflow/deep80.cfg \(cells) --iterations 1 --output o",
        status: 0, stderr: ["not finite in validation, so that every metric is 0"],
        check: { folder, _ in
          let files = ["deep80_last.weights", "deep80_last.state", "deep80_final.weights"]
          return files.first { !FileManager.default.fileExists(atPath: folder.file("o/" + $0)) }
            .map { "\($0) is missing" }
        }),
      HostileCase(
        "a state with a negative iteration", "train @hostile/t.cfg \(cells) --output o --resume",
        status: 65, stderr: ["t_last.state: error: the file is damaged: 'iteration' is -1"],
        prepare: {
          try FileManager.default.createDirectory(
            atPath: $0.file("o"), withIntermediateDirectories: true)
          try FileManager.default.copyItem(
            atPath: HostileCase.folder + "/hostile/neg.state", toPath: $0.file("o/t_last.state"))
        }),
      HostileCase(
        "training with stderr closed",
        "train @hostile/t.cfg \(cells) --output o --iterations 2 --batch 2", status: 0,
        limit: "exec 2>&-", check: { folder, _ in finished(folder) }),
      HostileCase(
        "training with a full stderr",
        "train @hostile/t.cfg \(cells) --output o --iterations 2 --batch 2", status: 0,
        limit: "exec 2>/dev/full", check: { folder, _ in finished(folder) }),
      HostileCase(
        "training whose stderr nobody reads any more",
        "train @hostile/t.cfg \(cells) --output o --iterations 2 --batch 2", status: 0,
        limit: "mkfifo p && { head -c 1 p >/dev/null & } && exec 2>p",
        check: { folder, _ in finished(folder) }),
      HostileCase(
        "weights of 80 classes for a cfg of 3", "train @hostile/t.cfg \(cells) --from w.weights",
        status: 65,
        stderr: [
          "the file fits with classes=80", "weights", "--upto 1 --out w.conv.1",
          "then train from w.conv.1",
        ],
        prepare: { try $0.weightsOf80Classes() }),
      HostileCase(
        "the advice for weights of 80 classes",
        "weights @hostile/t.cfg w.weights --upto 1 --out w.conv.1", status: 0,
        stderr: ["1 layer"], prepare: { try $0.weightsOf80Classes() }),
      HostileCase(
        "weights of another header", "weights @hostile/t.cfg w.weights", status: 65,
        stderr: ["the numbers fit after a header of 16 bytes, but version 0.2 has one of 20"],
        prepare: {
          try $0.seededWeights(HostileCase.folder + "/hostile/t.cfg")
          var bytes = try Data(contentsOf: URL(fileURLWithPath: $0.file("w.weights")))
          bytes.removeSubrange(16..<20)
          try $0.write(Array(bytes), to: "w.weights")
        }),
    ]

  /// What is accepted is said of values on both sides of it.
  private static let ranges: [HostileCase] =
    ["1e300", "inf", "0", "nan"].map { minutes in
      HostileCase(
        "--minutes \(minutes)", "train @hostile/t.cfg \(cells) --minutes \(minutes)", status: 64,
        stderr: ["expected more than 0, at most 10000000"])
    }
    + ["0", "257", "100000"].flatMap { threads in
      [
        "detect @hostile/t.cfg w.weights a.jpg", "train @hostile/t.cfg \(cells)",
        "evaluate @hostile/t.cfg w.weights \(cells)", "bench @hostile/t.cfg",
      ].map { line in
        HostileCase(
          "--threads \(threads): \(line)", line + " --threads \(threads)", status: 64,
          stderr: ["1 to 256"])
      }
    }

  private static func finished(_ folder: TemporaryFolder) -> String? {
    FileManager.default.fileExists(atPath: folder.file("o/t_final.weights"))
      ? nil : "there are no final weights"
  }
}
