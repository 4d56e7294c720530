import Foundation
import TestSupport
import Testing

/// Every command that writes, with one call of the system that fails or at which it is killed: the old
/// file or the new one, a message, never a signal, never a hang.
///
/// A few calls of each kind here; all of them with `make faults`, which sets `PENUMBRA_FAULTS=all`.
@Suite(.enabled(if: isLinux))
struct FaultTests {
  private static let isFull = ProcessInfo.processInfo.environment["PENUMBRA_FAULTS"] == "all"

  @Test(arguments: FaultCommand.all)
  func `leaves the old or the new file whatever fails`(command: FaultCommand) throws {
    let reference = try FaultReference(command)
    let faults = Fault.all(counts: reference.counts, samples: Self.isFull ? nil : 1)
    var problems: [String] = []
    for fault in faults {
      problems += try reference.problems(with: fault).map { "\(fault): \($0)" }
    }
    print("faults: \(command): \(faults.count) runs, \(problems.count) problems")
    #expect(faults.count > 5)
    #expect(!reference.outputs.isEmpty || command.name.hasPrefix("bench"))
    #expect(problems.isEmpty, "\(command):\n\(problems.prefix(40).joined(separator: "\n"))")
  }
}
