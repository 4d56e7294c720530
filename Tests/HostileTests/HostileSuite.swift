import Foundation
import TestSupport
import Testing

/// Every case through the built command: `make hostile`.
struct HostileSuite {
  @Test(arguments: HostileCase.all)
  func `ends as it must`(case: HostileCase) throws {
    let folder = try TemporaryFolder()
    try `case`.prepare(folder)
    let arguments = `case`.arguments.map {
      $0.hasPrefix("@reports/") || $0.hasPrefix("@hostile/")
        ? HostileCase.folder + "/" + $0.dropFirst() : $0
    }
    let command = try RunningCommand(
      [builtProgram()] + arguments, stdin: `case`.stdin, in: folder.path, limit: `case`.limit)
    // No test may depend on time; this ends one that hangs.
    let result = try command.wait(seconds: 600)

    #expect(result.exitCode == `case`.status, "\(result.stderr)")
    for text in `case`.stderr { #expect(result.stderr.contains(text), "\(result.stderr)") }
    for text in `case`.stdout { #expect(result.stdout.contains(text), "\(result.stdout)") }
    for text in `case`.absent {
      #expect(!(result.stderr + result.stdout).contains(text), "\(result.stderr)")
    }
    if let limit = `case`.maxResidentMiB {
      #expect(command.peakResidentBytes >> 20 <= limit)
    }
    if let fault = try `case`.check(folder, result) { Issue.record("\(fault)") }
  }
}
