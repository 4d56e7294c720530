import Foundation
import TestSupport

/// One call that fails, or at which the process ends.
struct Fault: Sendable, CustomStringConvertible {
  enum Action: Hashable, Sendable {
    case error(Int32)
    case short
    case kill
  }

  let call: String
  let number: Int
  let action: Action

  var description: String { "\(call):\(number):\(word)" }

  private var word: String {
    switch action {
    case .error(let code): "\(code)"
    case .short: "short"
    case .kill: "kill"
    }
  }

  /// What each kind of call can say.
  static let actions: [(call: String, actions: [Action])] = [
    ("open", [.error(EACCES), .error(EMFILE), .kill]),
    ("read", [.error(EIO), .short, .kill]),
    ("write", [.error(ENOSPC), .short, .error(EIO), .kill]),
    ("fsync", [.error(EIO), .kill]),
    ("rename", [.error(EACCES), .kill]),
    ("unlink", [.error(EACCES), .kill]),
    ("mkdir", [.error(EACCES), .kill]),
    ("mmap", [.error(ENOMEM), .kill]),
    ("thread", [.error(EAGAIN), .kill]),
    ("memory", [.error(ENOMEM), .kill]),
  ]

  /// Every fault of a run with so many calls of each kind, or a few of each kind, spread evenly.
  static func all(counts: [String: Int], samples: Int?) -> [Fault] {
    actions.flatMap { call, actions in
      actions.flatMap { action in
        places(counts[call] ?? 0, samples).map { Fault(call: call, number: $0, action: action) }
      }
    }
  }

  private static func places(_ count: Int, _ samples: Int?) -> [Int] {
    guard let samples, count > samples else { return count > 0 ? Array(1...count) : [] }
    if samples == 1 { return [count] }
    return (0..<samples).map { 1 + $0 * (count - 1) / (samples - 1) }
  }
}

/// The library that is loaded into the command before any other.
struct FaultShim: Sendable {
  static let shared = Result { try FaultShim() }

  private let folder: TemporaryFolder
  private var library: String { folder.file("faults.so") }

  private init() throws {
    folder = try TemporaryFolder()
    let source = Shared.package.appendingPathComponent("Tests/FaultTests/Shim/faults.c").path
    let compiler = ["/usr/bin/cc", "/usr/bin/clang", "/usr/bin/gcc"].first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
    guard let compiler else { throw CommandRunnerError(description: "there is no C compiler") }
    let built = try run(
      [compiler, "-O1", "-shared", "-fPIC", source, "-o", library, "-ldl"])
    guard built.exitCode == 0 else { throw CommandRunnerError(description: built.stderr) }
  }

  /// The shell command that loads it into what is run next.
  func environment(_ fault: Fault?, log: String) -> String {
    "export LD_PRELOAD='\(library)' PENUMBRA_FAULT_LOG='\(log)' PENUMBRA_FAULT='\(fault.map { "\($0)" } ?? "")'"
  }
}
