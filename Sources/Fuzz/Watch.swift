import Foundation

/// Knows which case is running, to name it when it crashes or does not end.
final class Watch: Sendable {
  private let lock = NSLock()
  nonisolated(unsafe) private var started = Date()
  nonisolated(unsafe) private var name: String?

  /// What the signal handler prints, ready before anything can go wrong.
  nonisolated(unsafe) private static let message = UnsafeMutablePointer<CChar>.allocate(
    capacity: 512)

  init(limitSeconds: Int) {
    Self.message.initialize(repeating: 0, count: 512)
    // A sanitizer has handlers of its own, and says more than this one.
    if ProcessInfo.processInfo.environment["ASAN_OPTIONS"] == nil {
      for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT] {
        signal(number) { number in
          write(2, Watch.message, strlen(Watch.message))
          signal(number, SIG_DFL)
          raise(number)
        }
      }
    }
    let thread = Thread { [self] in
      while true {
        Thread.sleep(forTimeInterval: 1)
        let late = lock.withLock {
          started.timeIntervalSinceNow < -Double(limitSeconds) ? name : nil
        }
        guard let late else { continue }
        FileHandle.standardError.write(Data("hang after \(limitSeconds) s in \(late)\n".utf8))
        _exit(1)
      }
    }
    thread.start()
  }

  func begin(_ name: String) {
    lock.withLock {
      self.name = name
      started = Date()
    }
    "crash in \(name)\n".withCString { _ = strncpy(Self.message, $0, 511) }
  }

  func end() { lock.withLock { name = nil } }
}
