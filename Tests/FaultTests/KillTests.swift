import Foundation
import TestSupport
import Testing

/// `kill -9` at moments that a seed chooses over the length of a run: what is there is whole.
///
/// `FaultTests` kills at every call of the system; here a process also ends while it computes.
struct KillTests {
  private static let count =
    ProcessInfo.processInfo.environment["PENUMBRA_FAULTS"] == "all" ? 60 : 6

  @Test(arguments: ["detect --out", "train"])
  func `a run killed at any moment leaves whole files or none`(name: String) throws {
    let command = try #require(FaultCommand.all.first { $0.name == name })
    let start = Date()
    let reference = try FaultReference(command)
    let microseconds = UInt64(max(1000, -start.timeIntervalSinceNow * 1e6 / 2))
    var generator = SeededGenerator(seed: 12)
    var (killed, problems): (Int, [String]) = (0, [])
    for _ in 0..<Self.count {
      let folder = try reference.before.restored()
      let running = try RunningCommand(
        [builtProgram()] + command.arguments, in: folder.path)
      usleep(UInt32(generator.next() % microseconds))
      running.send(signal: SIGKILL)
      if try running.wait().exitCode == -SIGKILL { killed += 1 }
      problems += try reference.problemsAfterKill(in: folder)
    }
    print("kills: \(command): \(killed) of \(Self.count) runs killed, \(problems.count) problems")
    #expect(problems.isEmpty, "\(problems.joined(separator: "\n"))")
  }
}
