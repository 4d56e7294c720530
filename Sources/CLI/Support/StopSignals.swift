import Foundation
import PenumbraSupport
import Synchronization

/// Ctrl-C, a terminal that is closed, and `kill` while a run is under way: the first signal asks it to
/// end, the second ends it.
enum StopSignals {
  /// The number of the first signal; 0 before it.
  private static let first = Atomic<Int32>(0)

  /// Begins to listen.
  static func watch() {
    // Before a handler asks for it, which must not be the one to make it.
    _ = (first.load(ordering: .relaxed), StopRequest.isMade)
    for number in [SIGINT, SIGTERM, SIGHUP] where !isIgnored(number) {
      signal(number) { StopSignals.note($0) }
    }
  }

  /// Whether whoever started the process wants it to outlive the signal, as `nohup` does.
  private static func isIgnored(_ number: Int32) -> Bool {
    guard number == SIGHUP else { return false }
    let before = signal(number, SIG_IGN)
    _ = signal(number, before)
    return unsafe unsafeBitCast(before, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  private static func note(_ number: Int32) {
    let result = first.compareExchange(expected: 0, desired: number, ordering: .relaxed)
    if !result.exchanged { _exit(128 + number) }
    StopRequest.make()
  }

  /// The signal that came, nil so far.
  static var received: Int32? {
    let number = first.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }
}
