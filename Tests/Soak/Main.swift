import Foundation
import Penumbra

/// `penumbra-soak`: uses the library as a long-lived program does, and says what it holds.
///
/// It prints how much memory (KiB), how many descriptors and how many mappings there are after the
/// first tenth and at the end, so that `SoakTests` can tell growth from what a start costs.
@main
enum Soak {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count == 6, let count = Int(arguments[5]), count >= 10 else {
      print("usage: penumbra-soak cycles|sessions CFG WEIGHTS PICTURE COUNT")
      exit(64)
    }
    let files = Files(cfg: arguments[2], weights: arguments[3], picture: arguments[4])
    // The first reading costs memory of its own.
    _ = Holdings.now
    switch arguments[1] {
    case "cycles": try cycles(files, count)
    case "sessions": try await sessions(files, count)
    default: exit(64)
    }
  }

  private struct Files: Sendable {
    let cfg: String
    let weights: String
    let picture: String

    func network() throws -> Network {
      var options = Network.Options()
      options.plan.threads = 1
      return try Network(cfg: cfg, weights: weights, options: options)
    }
  }

  /// Opens a network, detects once and lets go of everything, again and again.
  private static func cycles(_ files: Files, _ count: Int) throws {
    let expected = try detections(files)
    for index in 1...count {
      guard try detections(files) == expected else { fatalError("other boxes in cycle \(index)") }
      if index == count / 10 { Holdings.now.print("first") }
    }
    Holdings.now.print("last")
  }

  private static func detections(_ files: Files) throws -> [Detection] {
    var session = try files.network().makeSession()
    return try session.detect(Image(contentsOf: files.picture), threshold: 0.1)
  }

  /// Eight sessions of one network at once, each detecting again and again.
  private static func sessions(_ files: Files, _ count: Int) async throws {
    let (network, expected) = (try files.network(), try detections(files))
    for part in 0..<10 {
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<8 {
          group.addTask {
            var session = try network.makeSession()
            let image = try Image(contentsOf: files.picture)
            for _ in 0..<count / 10 {
              guard try session.detect(image, threshold: 0.1) == expected else {
                fatalError("other boxes in one of eight sessions")
              }
            }
          }
        }
        try await group.waitForAll()
      }
      if part == 0 { Holdings.now.print("first") }
    }
    Holdings.now.print("last")
  }
}

/// What the process holds of the system's.
private struct Holdings {
  let peakKiB: Int
  let descriptors: Int
  let mappings: Int

  static var now: Holdings {
    let status = FileManager.default.contents(atPath: "/proc/self/status") ?? Data()
    let peak = String(decoding: status, as: UTF8.self).firstMatch(of: #/VmHWM:\s+(\d+)/#)
    let open = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd"))?.count
    let maps = FileManager.default.contents(atPath: "/proc/self/maps")?.count { $0 == 10 }
    return Holdings(
      peakKiB: peak.flatMap { Int($0.1) } ?? 0, descriptors: open ?? 0, mappings: maps ?? 0)
  }

  func print(_ name: String) {
    Swift.print("\(name) \(peakKiB) KiB \(descriptors) descriptors \(mappings) mappings")
  }
}
