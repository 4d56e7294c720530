import Foundation
import PenumbraCompute
import Synchronization
import Testing

struct ThreadPoolTests {
  @Test(arguments: [0, 1, 2, 3, 7, 100, 1000, 4099], [1, 2, 3, 8])
  func `calls each index exactly once`(count: Int, threads: Int) {
    var calls = [Int](repeating: 0, count: count)
    calls.withUnsafeMutableBufferPointer { calls in
      let calls = calls
      ThreadPool.shared.parallelFor(count, threads: threads) { calls[$0] += 1 }
    }
    #expect(calls == [Int](repeating: 1, count: count))
  }

  @Test(arguments: [2, 3, 8])
  func `gives participants of one time distinct slots below the number of threads`(threads: Int) {
    let pool = ThreadPool(helpers: 7)
    let isTaken = AtomicFlags(count: threads)
    let clashes = Atomic(0)
    for _ in 0..<200 {
      pool.parallelFor(64, threads: threads) { _, slot in
        if slot >= threads || isTaken.set(slot) { clashes.add(1, ordering: .relaxed) }
        busy()
        isTaken.clear(slot)
      }
    }
    #expect(clashes.load(ordering: .relaxed) == 0)
  }

  @Test func `needs no locks around what belongs to a slot`() {
    let threads = 4
    var sums = [Int](repeating: 0, count: threads * 16)
    sums.withUnsafeMutableBufferPointer { sums in
      let sums = sums
      for _ in 0..<500 {
        ThreadPool.shared.parallelFor(20, threads: threads) { sums[$1 * 16] += $0 }
      }
    }
    #expect(sums.reduce(0, +) == 500 * 190)
  }

  @Test func `runs a nested loop on its own thread`() {
    let calls = Atomic(0)
    let foreign = Atomic(0)
    ThreadPool.shared.parallelFor(8, threads: 4) { _ in
      let thread = pthread_self()
      ThreadPool.shared.parallelFor(10, threads: 4) { _, slot in
        calls.add(1, ordering: .relaxed)
        if pthread_equal(thread, pthread_self()) == 0 || slot != 0 {
          foreign.add(1, ordering: .relaxed)
        }
      }
    }
    #expect(calls.load(ordering: .relaxed) == 80)
    #expect(foreign.load(ordering: .relaxed) == 0)
  }

  @Test(arguments: [1, 4, 70])  // the table of regions has 64 slots
  func `serves several callers at once`(callers: Int) {
    let pool = ThreadPool(helpers: 3)
    let total = Atomic(0)
    onThreads(callers) {
      for round in 0..<200 {
        var sum = [Int](repeating: 0, count: 24)
        sum.withUnsafeMutableBufferPointer { sum in
          let sum = sum
          pool.parallelFor(24, threads: 3) { sum[$0] = $0 * round }
        }
        total.add(sum.reduce(0, +), ordering: .relaxed)
      }
    }
    #expect(total.load(ordering: .relaxed) == callers * 276 * 19_900)
  }

  @Test func `finishes though every helper is held up by another caller`() async {
    let pool = ThreadPool(helpers: 1)
    let isHeld = Atomic(false)
    let isReleased = Atomic(false)
    let holder = Thread {
      pool.parallelFor(2, threads: 2) { _ in
        isHeld.store(true, ordering: .releasing)
        while !isReleased.load(ordering: .acquiring) { usleep(100) }
      }
    }
    holder.start()
    while !isHeld.load(ordering: .acquiring) { usleep(100) }
    usleep(5000)  // the helper holds the other index by now
    let calls = Atomic(0)
    pool.parallelFor(50, threads: 2) { _ in calls.add(1, ordering: .relaxed) }
    isReleased.store(true, ordering: .releasing)
    #expect(calls.load(ordering: .relaxed) == 50)
  }

  @Test func `wakes helpers that have gone to sleep`() {
    let pool = ThreadPool(helpers: 2)
    for _ in 0..<20 {
      let calls = Atomic(0)
      pool.parallelFor(6, threads: 3) { _ in
        busy()
        calls.add(1, ordering: .relaxed)
      }
      #expect(calls.load(ordering: .relaxed) == 6)
      usleep(3000)
    }
  }

  @Test func `survives many tiny loops`() {
    let calls = Atomic(0)
    for _ in 0..<20_000 {
      ThreadPool.shared.parallelFor(2, threads: 2) { _ in calls.add(1, ordering: .relaxed) }
    }
    #expect(calls.load(ordering: .relaxed) == 40_000)
  }

  @Test func `starts helpers when a loop first wants them, and once`() {
    let pool = ThreadPool(helpers: 3)
    #expect(pool.startedHelpers == 0)
    pool.parallelFor(10, threads: 1) { _ in }
    #expect(pool.startedHelpers == 0)
    pool.parallelFor(10, threads: 2) { _ in }
    #expect(pool.startedHelpers == 1)
    for _ in 0..<100 { pool.parallelFor(10, threads: 50) { _ in } }
    #expect(pool.startedHelpers == 3)
  }

  @Test(arguments: [-1, 0, 100_000])
  func `accepts any number of helpers`(helpers: Int) {
    let calls = Atomic(0)
    let pool = ThreadPool(helpers: helpers)
    pool.parallelFor(5, threads: 2) { _ in calls.add(1, ordering: .relaxed) }
    #expect(calls.load(ordering: .relaxed) == 5)
  }

  /// Creation and the end of a pool race with its helpers going to sleep.
  @Test func `ends with its last owner`() {
    for i in 0..<100 {
      let pool = ThreadPool(helpers: 2)
      pool.parallelFor(3, threads: 3) { _ in }
      if i % 10 == 0 { usleep(1500) }
    }
  }
}

// MARK: Setup

/// A moment of work, so that participants overlap.
private func busy() {
  var z = 1.0
  for i in 1..<200 { z += 1 / z + Double(i) }
  precondition(z > 0)
}

/// Runs `body` on `count` threads of its own and waits for all of them.
func onThreads(_ count: Int, _ body: @escaping @Sendable () -> Void) {
  let group = DispatchGroup()
  for _ in 0..<count {
    group.enter()
    Thread {
      body()
      group.leave()
    }.start()
  }
  group.wait()
}

/// Flags that say whether they were set before.
private final class AtomicFlags: Sendable {
  private let words: [Box]
  private final class Box: Sendable { let isSet = Atomic(false) }

  init(count: Int) { words = (0..<count).map { _ in Box() } }
  func set(_ i: Int) -> Bool { words[i].isSet.exchange(true, ordering: .acquiringAndReleasing) }
  func clear(_ i: Int) { words[i].isSet.store(false, ordering: .releasing) }
}
