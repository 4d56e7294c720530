import Foundation
import TestSupport

/// A run of the built command on input that a careless or hostile person gives it, and how it must end.
///
/// ```swift
/// HostileCase("a cfg that is a picture", "lint a.jpg", status: 65, stderr: ["looks like a picture"])
/// ```
///
/// In an argument, `@reports/` and `@hostile/` stand for the folders of `Tests/Cases`.
struct HostileCase: Sendable, CustomStringConvertible {
  let name: String
  let arguments: [String]
  /// The exit status. A signal is never right.
  let status: Int32
  /// Texts that stderr, or stdout, must contain.
  var stderr: [String] = []
  var stdout: [String] = []
  /// Texts that neither may contain.
  var absent: [String] = []
  var stdin = ""
  /// A shell command to run before it, such as `ulimit -f 8`.
  var limit: String?
  /// The most memory that the process may hold.
  var maxResidentMiB: Int?
  /// Makes the files that the case needs in the folder in which the command runs.
  var prepare: @Sendable (TemporaryFolder) throws -> Void = { _ in }
  /// Checks what the command left in that folder; an answer says what is wrong.
  var check: @Sendable (TemporaryFolder, CommandResult) throws -> String? = { _, _ in nil }

  var description: String { name }

  /// - Parameter line: the arguments, split at spaces.
  init(
    _ name: String, _ line: String, status: Int32, stderr: [String] = [], stdout: [String] = [],
    absent: [String] = [], stdin: String = "", limit: String? = nil, maxResidentMiB: Int? = nil,
    prepare: @escaping @Sendable (TemporaryFolder) throws -> Void = { _ in },
    check: @escaping @Sendable (TemporaryFolder, CommandResult) throws -> String? = { _, _ in nil }
  ) {
    self.init(
      name, line.split(separator: " ").map(String.init), status: status, stderr: stderr,
      stdout: stdout, absent: absent, stdin: stdin, limit: limit, maxResidentMiB: maxResidentMiB,
      prepare: prepare, check: check)
  }

  init(
    _ name: String, _ arguments: [String], status: Int32, stderr: [String] = [],
    stdout: [String] = [], absent: [String] = [], stdin: String = "", limit: String? = nil,
    maxResidentMiB: Int? = nil,
    prepare: @escaping @Sendable (TemporaryFolder) throws -> Void = { _ in },
    check: @escaping @Sendable (TemporaryFolder, CommandResult) throws -> String? = { _, _ in nil }
  ) {
    self.name = name
    self.arguments = arguments
    self.status = status
    self.stderr = stderr
    self.stdout = stdout
    self.absent = absent
    self.stdin = stdin
    self.limit = limit
    self.maxResidentMiB = maxResidentMiB
    self.prepare = prepare
    self.check = check
  }
}

extension HostileCase {
  static let all: [HostileCase] =
    graph + cfgText + detection + images + dataSets + outputs + arguments + resources + links
    + outsideLinks + hostileBoxes + measuredNothing + kinds + reportNames + validation

  /// `Tests/Cases`: inputs on which the product once failed.
  static let folder = Shared.package.appendingPathComponent("Tests/Cases").path
}
