import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// What this process has read that no result may take the place of, or be added to, where the command
/// could not know it before: files that other files name, and whatever standard output leads to.
///
/// Nothing is noted before `watchOutput`: a library does not decide what its program writes.
package enum FilesRead {
  private struct State {
    var isWatching = false
    var output: FileIdentity?
    /// The first file that was read and is the output.
    var readOutput: String?
    /// What files are that were read for another file.
    var roles: [FileIdentity: String] = [:]
  }

  private static let state = Mutex(State())

  /// Begins to note what is read.
  ///
  /// - Parameter descriptor: where results are printed.
  package static func watchOutput(_ descriptor: Int32) {
    let status = FileStatus(descriptor: descriptor)
    state.withLock {
      $0.isWatching = true
      $0.output = status?.kind == .regular ? status?.identity : nil
    }
  }

  /// The path of a file that was read and that standard output leads to, nil where there is none.
  package static var readOutput: String? { state.withLock { $0.readOutput } }

  /// Notes that a descriptor is read.
  package static func note(_ descriptor: Int32, _ path: String) {
    guard let output = state.withLock({ $0.output }),
      FileStatus(descriptor: descriptor)?.identity == output
    else { return }
    state.withLock { $0.readOutput = $0.readOutput ?? path }
  }

  /// Notes that a file was read because another file names it.
  ///
  /// - Parameter role: what it is to the run, such as `a class tree of the cfg`.
  package static func note(named path: String, as role: String) {
    guard state.withLock({ $0.isWatching }), let status = FileStatus(path) else { return }
    state.withLock { $0.roles[status.identity] = role }
  }

  /// What a file was read as because another file names it.
  static func role(of identity: FileIdentity) -> String? {
    state.withLock { $0.roles[identity] }
  }
}
