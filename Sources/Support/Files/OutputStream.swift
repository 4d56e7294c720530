import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Whether somebody has asked the process to end.
package enum StopRequest {
  private static let isMadeFlag = Atomic(false)

  package static var isMade: Bool { isMadeFlag.load(ordering: .relaxed) }

  /// May be called by a signal handler, once `isMade` was asked.
  package static func make() { isMadeFlag.store(true, ordering: .relaxed) }
}

/// Opens a device or a pipe to write to. A pipe that nobody reads yet is waited for, until the process
/// is asked to end: a call of the system would go on waiting then.
///
/// - Returns: the descriptor, -1 with `errno` set on failure.
package func openStream(
  _ path: String, shouldStop: () -> Bool = { StopRequest.isMade }
) -> Int32 {
  while true {
    let descriptor = openFile(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
    if descriptor >= 0 {
      let flags = fcntl(descriptor, F_GETFL)
      _ = fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK)
      return descriptor
    }
    guard errno == ENXIO || errno == EINTR, FileStatus(path)?.kind == .pipe else { return -1 }
    guard !shouldStop() else {
      errno = EPIPE
      return -1
    }
    usleep(10_000)
  }
}
