import Foundation
import TestSupport
import Testing

struct CommandRunnerTests {
  @Test func `gives back stdout, stderr and the exit code`() throws {
    let version = try penumbra("--version")
    #expect(version == CommandResult(stdout: "0.1.0\n", stderr: "", exitCode: 0))
    let wrong = try penumbra("no-such-command")
    #expect(wrong.exitCode == 64)
    #expect(wrong.stderr.contains("no-such-command"))
  }

  @Test func `runs in the folder asked for`() throws {
    let folder = try TemporaryFolder()
    let result = try penumbra("compare", "a", "b", in: folder.path)
    #expect(result.stderr.hasPrefix("a/trace.json: error: "))
    #expect(result.exitCode == 66)
  }
}
