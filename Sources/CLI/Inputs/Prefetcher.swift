import Foundation
import PenumbraSupport

/// Values made on a thread of their own, a few before they are asked for; where the system has no
/// thread to give, when they are asked for.
///
/// `@unchecked Sendable`: all that changes is touched under `condition` alone.
final class Prefetcher<Element: Sendable>: @unchecked Sendable {
  private let make: @Sendable () -> Element?
  private var hasThread = true
  private let condition = NSCondition()
  private var ready: [Element] = []
  private var isDone = false
  private var isStopped = false

  /// - Parameters:
  ///   - depth: how many values may wait.
  ///   - make: gives the next value, nil at the end; called on one thread only.
  init(depth: Int, make: @escaping @Sendable () -> Element?) {
    self.make = make
    hasThread = startThread { [self] in
      while let element = make(), put(element, depth: depth) {}
      finish()
    }
  }

  /// The next value, nil after the last.
  func next() -> Element? {
    guard hasThread else { return make() }
    condition.lock()
    defer { condition.unlock() }
    while ready.isEmpty, !isDone { condition.wait() }
    guard !ready.isEmpty else { return nil }
    condition.broadcast()
    return ready.removeFirst()
  }

  /// Ends the thread after the value it is making.
  func stop() {
    condition.lock()
    defer { condition.unlock() }
    isStopped = true
    condition.broadcast()
  }

  private func put(_ element: Element, depth: Int) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    while ready.count >= depth, !isStopped { condition.wait() }
    ready.append(element)
    condition.broadcast()
    return !isStopped
  }

  private func finish() {
    condition.lock()
    defer { condition.unlock() }
    isDone = true
    condition.broadcast()
  }
}
