import Foundation
import TestSupport

/// A run of a command without a fault: what every other run of it is held against.
struct FaultReference {
  let command: FaultCommand
  let before: FaultSnapshot
  let after: FaultSnapshot
  let result: CommandResult
  /// How many calls of each kind there were.
  let counts: [String: Int]

  /// The files that the command made or changed.
  var outputs: [String] {
    after.files.filter { before.files[$0.key] != $0.value }.map(\.key).sorted()
  }

  init(_ command: FaultCommand) throws {
    self.command = command
    let folder = try FaultFolder.make(for: command)
    before = try FaultSnapshot(folder)
    let log = try TemporaryFolder()
    result = try RunningCommand(
      [builtProgram()] + command.arguments, in: folder.path,
      limit: FaultShim.shared.get().environment(nil, log: log.file("log"))
    ).wait(seconds: 120)
    guard result.exitCode == 0 else {
      throw CommandRunnerError(description: "\(command): \(result.stderr)")
    }
    after = try FaultSnapshot(folder)
    let lines = (log.text("log") ?? "").split(separator: "\n").map { $0.split(separator: " ") }
    counts = lines.reduce(into: [:]) { counts, words in
      if words.count == 2 { counts[String(words[0])] = Int(words[1]) }
    }
  }

  /// Runs the command with a fault.
  ///
  /// - Returns: what is wrong with how it ended, in words; nothing where all is right.
  func problems(with fault: Fault) throws -> [String] {
    let folder = try before.restored()
    let log = try TemporaryFolder()
    let result: CommandResult
    do {
      result = try RunningCommand(
        [builtProgram()] + command.arguments, in: folder.path,
        limit: FaultShim.shared.get().environment(fault, log: log.file("log"))
      ).wait(seconds: 60)
    } catch {
      return ["it hangs"]
    }
    let left = try FaultSnapshot(folder)
    let line = (log.text("log") ?? "").split(separator: "\n").first { $0.hasPrefix("fault") }
    guard let hit = line else { return endedWithoutFault(result, left) }
    if leavesOutInput(fault, result, hit: String(hit)) { return leftovers(left) }
    let problems =
      fault.action == .kill
      ? try problemsAfterKill(in: folder)
      : partial(left) + ending(result, left, hit: String(hit))
    return problems.map { "\($0) (\(hit))" }
  }

  /// What is wrong with the files that a killed run left, or with the run that comes after it.
  func problemsAfterKill(in folder: TemporaryFolder) throws -> [String] {
    partial(try FaultSnapshot(folder)) + (try next(in: folder))
  }

  /// Threads may take turns, so that a run has fewer calls than the first one had.
  private func endedWithoutFault(_ result: CommandResult, _ left: FaultSnapshot) -> [String] {
    result.exitCode == 0 ? [] : ["status \(result.exitCode) without a fault: \(result.stderr)"]
  }

  // MARK: What a run may leave

  /// Files that are neither what they were nor what they should become.
  private func partial(_ left: FaultSnapshot) -> [String] {
    let (names, outputs) = (Set(before.files.keys).union(after.files.keys), Set(outputs))
    return names.sorted().compactMap { name in
      let found = left.files[name]
      if found == before.files[name] { return nil }
      guard outputs.contains(name) else { return "\(name) is changed" }
      guard let found else { return "\(name) is gone" }
      return isNew(name, found) ? nil : "\(name) is partial: \(found.count) bytes"
    }
  }

  private func isNew(_ name: String, _ found: [UInt8]) -> Bool {
    guard let expected = after.files[name] else { return false }
    return switch command.loose[name] {
    case nil: found == expected
    case .ends: found.prefix(8) == expected.prefix(8) && found.suffix(8) == expected.suffix(8)
    case .state: Self.isWholeState(found)
    case .size: found.count == expected.count
    // A line that was cut is dropped when the run is resumed.
    case .lines: true
    }
  }

  /// Whether a state holds as many numbers as its description says; format: `StateFile`.
  private static func isWholeState(_ bytes: [UInt8]) -> Bool {
    guard bytes.count > 24 else { return false }
    let length = bytes[8..<16].reversed().reduce(0) { $0 << 8 | Int($1) }
    struct Description: Decodable {
      struct Part: Decodable { let floats: Int }
      let parts: [Part]
    }
    guard length < bytes.count - 24,
      let description = try? JSONDecoder().decode(
        Description.self, from: Data(bytes[24..<24 + length]))
    else { return false }
    return bytes.count == 24 + length + 4 * description.parts.reduce(0) { $0 + $1.floats }
  }

  /// Whether a picture or its labels could not be read, which commands name and leave out.
  private func leavesOutInput(_ fault: Fault, _ result: CommandResult, hit: String) -> Bool {
    guard case .error = fault.action, !result.stderr.isEmpty, result.exitCode >= 0 else {
      return false
    }
    return hit.hasSuffix(".ppm") || hit.hasSuffix("/a.txt") || hit.hasSuffix("/b.txt")
  }

  private func ending(_ result: CommandResult, _ left: FaultSnapshot, hit: String) -> [String] {
    if result.exitCode < 0 { return ["signal \(-result.exitCode): \(result.stderr.suffix(300))"] }
    var problems = leftovers(left)
    guard result.exitCode == 0 else {
      if ![65, 66, 70, 73].contains(result.exitCode) {
        problems.append("status \(result.exitCode): \(result.stderr.prefix(300))")
      }
      if result.stderr.isEmpty, !hit.hasSuffix("/stderr") { problems.append("no message") }
      if result.stderr.contains("Cocoa") { problems.append("Foundation's text: \(result.stderr)") }
      return problems
    }
    for name in outputs where !command.optional.contains(name) {
      if !isNew(name, left.files[name] ?? []) { problems.append("status 0 without \(name)") }
    }
    if command.hasSameOutput, result.stdout != self.result.stdout {
      problems.append("status 0 with other output: \(result.stdout.prefix(200))")
    }
    return problems
  }

  private func leftovers(_ left: FaultSnapshot) -> [String] {
    let known = Set(before.files.keys).union(after.files.keys)
    return left.files.keys.filter { !known.contains($0) }.sorted().map { "\($0) is left over" }
  }

  /// After a kill, the next run does what this one should have done and clears what it left.
  private func next(in folder: TemporaryFolder) throws -> [String] {
    let result = try penumbra(command.arguments + command.again, in: folder.path)
    let left = try FaultSnapshot(folder)
    guard result.exitCode == 0 else {
      return ["the next run ends with \(result.exitCode): \(result.stderr.prefix(300))"]
    }
    return leftovers(left)
      + outputs.filter { !isNew($0, left.files[$0] ?? []) }.map {
        "the next run lacks \($0)"
      }
  }
}

/// The files of a folder with their bytes.
struct FaultSnapshot {
  let files: [String: [UInt8]]

  init(_ folder: TemporaryFolder) throws {
    files = try folder.files.reduce(into: [:]) { files, name in
      files[name] = try folder.bytes(name)
    }
  }

  /// A folder that holds the same.
  func restored() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (name, bytes) in files { try folder.write(bytes, to: name) }
    return folder
  }
}
