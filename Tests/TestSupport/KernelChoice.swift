import Foundation
import PenumbraEngine

/// The instruction set is chosen for the whole process: tests that change it and tests that compare
/// bits take turns.
package enum KernelChoice {
  /// The instruction sets that this machine has, by name, the lowest first.
  package static let sets: [String] = {
    lock.lockForWriting()
    defer { lock.unlock() }
    var found: [String] = []
    for name in Runtime.instructionSets {
      Runtime.limitInstructionSet(to: name)
      if !found.contains(Runtime.instructionSet) { found.append(Runtime.instructionSet) }
    }
    return found
  }()

  /// Runs `body` with the kernels of one instruction set.
  package static func limited<Result>(to name: String, _ body: () throws -> Result) rethrows
    -> Result
  {
    let best = sets.last ?? name
    lock.lockForWriting()
    defer { lock.unlock() }
    Runtime.limitInstructionSet(to: name)
    defer { Runtime.limitInstructionSet(to: best) }
    return try body()
  }

  /// Runs `body` while nobody changes the instruction set.
  package static func held<Result>(_ body: () throws -> Result) rethrows -> Result {
    lock.lockForReading()
    defer { lock.unlock() }
    return try body()
  }

  private static let lock = ReadWriteLock()
}

/// Many readers or one writer.
private final class ReadWriteLock: Sendable {
  /// Used through the system's own locking calls alone.
  nonisolated(unsafe) private let lock: UnsafeMutablePointer<pthread_rwlock_t>

  init() {
    lock = .allocate(capacity: 1)
    pthread_rwlock_init(lock, nil)
  }

  deinit {
    pthread_rwlock_destroy(lock)
    lock.deallocate()
  }

  func lockForReading() { pthread_rwlock_rdlock(lock) }
  func lockForWriting() { pthread_rwlock_wrlock(lock) }
  func unlock() { pthread_rwlock_unlock(lock) }
}
