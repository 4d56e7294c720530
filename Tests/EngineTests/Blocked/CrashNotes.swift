import Foundation

/// What to say if the process is stopped by a forbidden page: the case that was being tried. Cases of
/// other tests that ran at the same time are named as well.
struct CrashNote {
  private let slot: Int?

  init(_ text: String) {
    slot = CrashNotes.shared.add(text + "\n")
  }

  func remove() { if let slot { CrashNotes.shared.remove(slot) } }
}

/// Texts that a signal handler can print: in memory that stays where it is.
private final class CrashNotes: Sendable {
  static let shared = CrashNotes()
  static let count = 64

  /// Written under the lock; read by the handler, when nothing else matters any more.
  nonisolated(unsafe) let texts: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  private let lock = NSLock()

  private init() {
    texts = .allocate(capacity: Self.count)
    texts.initialize(repeating: nil, count: Self.count)
    // On Linux guard pages cause SIGSEGV; SIGBUS belongs to mapped files that were truncated.
    #if canImport(Darwin)
      let numbers = [SIGSEGV, SIGBUS]
    #else
      let numbers = [SIGSEGV]
    #endif
    for number in numbers {
      signal(number) { number in
        for slot in 0..<CrashNotes.count {
          guard let text = CrashNotes.shared.texts[slot] else { continue }
          _ = write(2, text, strlen(text))
        }
        signal(number, SIG_DFL)
      }
    }
  }

  func add(_ text: String) -> Int? {
    lock.withLock {
      guard let slot = (0..<Self.count).first(where: { texts[$0] == nil }) else { return nil }
      texts[slot] = strdup(text)
      return slot
    }
  }

  func remove(_ slot: Int) {
    lock.withLock {
      free(texts[slot])
      texts[slot] = nil
    }
  }
}
