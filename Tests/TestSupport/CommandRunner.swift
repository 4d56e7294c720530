import Foundation

/// What a run of the built `penumbra` left behind.
public struct CommandResult: Hashable, Sendable {
  public let stdout: String
  public let stderr: String
  /// The exit status; minus the signal's number when a signal ended it.
  public let exitCode: Int32

  public init(stdout: String, stderr: String, exitCode: Int32) {
    self.stdout = stdout
    self.stderr = stderr
    self.exitCode = exitCode
  }
}

/// Why a command could not be run at all.
public struct CommandRunnerError: Error, CustomStringConvertible {
  public let description: String

  public init(description: String) { self.description = description }
}

/// Runs the built `penumbra` and waits for it.
///
/// ```swift
/// let result = try penumbra("lint", "net.cfg", in: folder.path)
/// #expect(result.exitCode == 0)
/// ```
///
/// - Parameter stdin: what the command can read; nothing by default.
/// - Parameter folder: the current folder of the command; this process's by default.
/// - Parameter seconds: after this long the command is killed and an error thrown.
public func penumbra(
  _ arguments: String..., stdin: String = "", in folder: String? = nil, seconds: Double = 120
) throws -> CommandResult {
  try penumbra(arguments, stdin: stdin, in: folder, seconds: seconds)
}

/// The same for a list of arguments.
public func penumbra(
  _ arguments: [String], stdin: String = "", in folder: String? = nil, seconds: Double = 120
) throws -> CommandResult {
  try run([builtProgram()] + arguments, stdin: stdin, in: folder, seconds: seconds)
}

/// The same for any program, by its path.
public func run(
  _ command: [String], stdin: String = "", in folder: String? = nil, seconds: Double = 120
) throws -> CommandResult {
  try RunningCommand(command, stdin: stdin, in: folder).wait(seconds: seconds)
}

/// A program under way.
public final class RunningCommand {
  private let command: [String]
  private let process: pid_t
  private let files: TemporaryFolder
  /// The most memory that it held at once, known after `wait`.
  public private(set) var peakResidentBytes = 0

  /// - Parameter limit: a shell command to run before it, such as `ulimit -f 8`.
  public init(
    _ command: [String], stdin: String = "", in folder: String? = nil, limit: String? = nil
  ) throws {
    self.command = command
    files = try TemporaryFolder()
    let input = try files.write(stdin, to: "stdin")
    var actions = FileActions()
    actions.open(input, as: 0, O_RDONLY)
    actions.open(files.file("stdout"), as: 1, O_WRONLY | O_CREAT)
    actions.open(files.file("stderr"), as: 2, O_WRONLY | O_CREAT)
    let before = limit.map { $0 + " && " } ?? ""
    let shell =
      folder == nil && limit == nil
      ? [] : ["/bin/sh", "-c", "cd \"$0\" && \(before)exec \"$@\"", folder ?? "."]
    process = try actions.spawn(shell + command)
  }

  /// What it has said on stderr so far.
  public var stderr: String { (try? text(files.file("stderr"))) ?? "" }

  public func send(signal: Int32) { kill(process, signal) }

  /// Waits until it has said something on stderr; an error is thrown where it does not.
  public func waitForWords(_ words: String, seconds: Double = 60) throws {
    let end = Date() + seconds
    while !stderr.contains(words) {
      guard Date() < end else {
        throw CommandRunnerError(description: "nothing of '\(words)' in: \(stderr)")
      }
      usleep(5000)
    }
  }

  /// Waits for its end.
  ///
  /// - Parameter seconds: after this long it is killed and an error thrown.
  public func wait(seconds: Double = 120) throws -> CommandResult {
    let status = try TestSupport.wait(for: process, seconds: seconds, &peakResidentBytes) {
      "\(command.joined(separator: " ")): killed after \(seconds) s"
    }
    return CommandResult(
      stdout: try text(files.file("stdout")), stderr: stderr,
      exitCode: status & 0x7F == 0 ? status >> 8 & 0xFF : -(status & 0x7F))
  }
}

/// The program that was built together with the running tests.
public func builtProgram(_ name: String = "penumbra") throws -> String {
  let beside = [CommandLine.arguments[0]] + Bundle.allBundles.map(\.bundlePath)
  let folders =
    beside.map { URL(fileURLWithPath: $0).deletingLastPathComponent().path }
    + [packageRoot + "/.build/release", packageRoot + "/.build/debug"]
  let programs = folders.map { $0 + "/" + name }
  guard let program = programs.first(where: FileManager.default.isExecutableFile) else {
    throw CommandRunnerError(description: "no built \(name) at any of \(programs)")
  }
  return program
}

/// Whether there is a `/proc` to look into and an `LD_PRELOAD`.
#if os(Linux)
  public let isLinux = true
#else
  public let isLinux = false
#endif

/// The folder of `Package.swift`.
public let packageRoot = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

/// The folder `shared` beside the package, or the one `PENUMBRA_SHARED` names; nil, with a printed
/// message, when there is none.
public let sharedFolder: String? = {
  let named = ProcessInfo.processInfo.environment["PENUMBRA_SHARED"]
  let path = named ?? packageRoot + "/../shared"
  if FileManager.default.fileExists(atPath: path + "/golden") { return path }
  print("skipping the tests that need \(path)/golden: there is no such folder")
  return nil
}()

/// A folder that goes away with its owner.
public final class TemporaryFolder: Sendable {
  public let path: String

  public init() throws {
    path = NSTemporaryDirectory() + "/penumbra-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in it.
  public func file(_ name: String) -> String { path + "/" + name }

  /// Writes a file, with the folders above it.
  @discardableResult
  public func write(_ text: String, to name: String) throws -> String {
    try write(Array(text.utf8), to: name)
  }

  /// Writes a file, with the folders above it.
  @discardableResult
  public func write(_ bytes: [UInt8], to name: String) throws -> String {
    let url = URL(fileURLWithPath: file(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path
  }

  /// The text of a file, nil when there is none.
  public func text(_ name: String) -> String? { try? TestSupport.text(file(name)) }

  /// The bytes of a file.
  public func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: file(name))))
  }

  /// The paths of the files below it, sorted.
  public var files: [String] {
    (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []).filter {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: file($0), isDirectory: &isFolder)
        && !isFolder.boolValue
    }.sorted()
  }
}

private func text(_ path: String) throws -> String {
  String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
}

/// What a new process does before it runs: Foundation's `Process` waits on a run loop, which tests
/// that run side by side must not.
private struct FileActions: ~Copyable {
  #if canImport(Darwin)
    private var actions: posix_spawn_file_actions_t?
  #else
    private var actions = posix_spawn_file_actions_t()
  #endif

  init() { posix_spawn_file_actions_init(&actions) }

  deinit {
    var actions = actions
    posix_spawn_file_actions_destroy(&actions)
  }

  mutating func open(_ path: String, as descriptor: Int32, _ flags: Int32) {
    posix_spawn_file_actions_addopen(&actions, descriptor, path, flags, 0o600)
  }

  mutating func spawn(_ command: [String]) throws -> pid_t {
    var process = pid_t()
    let arguments = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    // Threads that run tests block signals, which a command would inherit.
    #if canImport(Darwin)
      var attributes: posix_spawnattr_t?
    #else
      var attributes = posix_spawnattr_t()
    #endif
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    let code = posix_spawn(&process, command[0], &actions, &attributes, arguments, environ)
    guard code == 0 else {
      throw CommandRunnerError(description: "\(command[0]): \(String(cString: strerror(code)))")
    }
    return process
  }
}

private func wait(
  for process: pid_t, seconds: Double, _ peakBytes: inout Int, message: () -> String
) throws -> Int32 {
  let end = Date() + seconds
  var status: Int32 = 0
  while waitpid(process, &status, WNOHANG) == 0 {
    peakBytes = max(peakBytes, peakResident(process))
    if Date() > end {
      kill(process, SIGKILL)
      waitpid(process, &status, 0)
      throw CommandRunnerError(description: message())
    }
    usleep(1000)
  }
  return status
}

/// The most memory that a running process has held so far; 0 where the system does not tell.
///
/// What `wait4` says includes the memory of the process that started it.
private func peakResident(_ process: pid_t) -> Int {
  guard let status = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
    let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
  else { return 0 }
  return (Int(line.split(separator: " ").dropLast().last ?? "") ?? 0) << 10
}
