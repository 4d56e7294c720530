import Foundation
import PenumbraFuzzing
import TestSupport
import Testing

/// What fuzzing started from and every input that it found, read again by each target in a process of
/// its own, whose last line names the input that ended it.
struct FuzzReplayTests {
  @Test(arguments: FuzzTarget.all.map(\.name))
  func `reads its seeds and every input that was found`(target: String) throws {
    let corpus = Shared.package.appendingPathComponent("Fuzz/Corpus/\(target)").path
    let result = try run(
      [builtProgram("penumbra-fuzz"), "replay", target, corpus], seconds: 600)
    let last = result.stderr.split(separator: "\n").suffix(3).joined(separator: "\n")
    #expect(result.exitCode == 0, "\(last)")
    #expect(result.stderr.contains("\(target): seed 0"))
  }

  @Test func `every folder of the corpus belongs to a target`() throws {
    let folders = try FileManager.default.contentsOfDirectory(
      atPath: Shared.package.appendingPathComponent("Fuzz/Corpus").path)
    let names = Set(FuzzTarget.all.map(\.name))
    #expect(folders.filter { !$0.hasPrefix(".") && !names.contains($0) } == [])
  }
}
