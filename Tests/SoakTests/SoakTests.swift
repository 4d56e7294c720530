import Foundation
import TestSupport
import Testing

/// Long runs hold no more than short ones: memory, descriptors and mappings, never time.
///
/// Small here; `make soak` runs 100,000 pictures, 10,000 cycles and eight sessions
/// (`PENUMBRA_SOAK=all`).
@Suite(.serialized, .enabled(if: isLinux))
struct SoakTests {
  private static let isFull = ProcessInfo.processInfo.environment["PENUMBRA_SOAK"] == "all"
  private static let growthKiB = 1024

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(Self.cfg, to: "net.cfg")
    let pixels = (0..<32 * 32 * 3).map { UInt8(($0 * 7) % 251) }
    try folder.write(Array("P6\n32 32\n255\n".utf8) + pixels, to: "a.ppm")
    let made = try penumbra(
      "weights", "net.cfg", "--seed", "1", "--out", "net.weights", in: folder.path)
    #expect(made.exitCode == 0, "\(made.stderr)")
  }

  @Test func `many pictures take no more memory than the first thousand`() throws {
    let count = Self.isFull ? 100_000 : 2000
    let (few, many) = (try peakBytes(pictures: 1000), try peakBytes(pictures: count))
    print("soak: \(count) pictures: \(many >> 10) KiB at most, \(few >> 10) KiB for 1,000")
    #expect(many >> 10 <= few >> 10 + Self.growthKiB)
  }

  /// Paths come from stdin, one by one: a list would be held.
  private func peakBytes(pictures count: Int) throws -> Int {
    let command = try RunningCommand(
      [
        builtProgram(), "detect", "net.cfg", "net.weights", "-", "--format", "jsonl", "--thresh",
        "0.1", "--threads", "1",
      ], stdin: String(repeating: "a.ppm\n", count: count), in: folder.path)
    let result = try command.wait(seconds: 3600)
    #expect(result.exitCode == 0, "\(result.stderr)")
    #expect(result.stdout.utf8.count { $0 == 10 } == count)
    return command.peakResidentBytes
  }

  @Test(arguments: [("cycles", 10_000, 300), ("sessions", 20_000, 2000)])
  func `the library holds no more after long use`(what: String, all: Int, few: Int) throws {
    let count = Self.isFull ? all : few
    let result = try run(
      [builtProgram("penumbra-soak"), what, "net.cfg", "net.weights", "a.ppm", "\(count)"],
      in: folder.path, seconds: 3600)
    #expect(result.exitCode == 0, "\(result.stderr)")
    let lines = result.stdout.split(separator: "\n").map { line in
      line.split(separator: " ").compactMap { Int($0) }
    }
    print("soak: \(count) \(what): \(result.stdout.replacing("\n", with: "; "))")
    guard lines.count == 2, lines.allSatisfy({ $0.count == 3 }) else {
      Issue.record("\(result.stdout)")
      return
    }
    #expect(lines[1][0] <= lines[0][0] + Self.growthKiB, "memory, KiB")
    #expect(lines[1][1] <= lines[0][1], "descriptors")
    // The allocator may map another region.
    #expect(lines[1][2] <= lines[0][2] + 8, "mappings")
  }

  private static let cfg = """
    [net]
    width=32
    height=32
    channels=3
    [convolutional]
    filters=16
    size=3
    stride=4
    pad=1
    activation=leaky
    [convolutional]
    filters=14
    size=1
    activation=linear
    [yolo]
    mask=0,1
    anchors=10,10, 20,14
    classes=2
    num=2

    """
}
