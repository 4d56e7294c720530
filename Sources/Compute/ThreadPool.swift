/// Threads that help their callers through parallel loops.
///
/// Any number of callers share the helpers; a call from inside a loop is a plain loop. Helpers start
/// when a loop first has use for them, spin for a moment after each loop, then sleep.
package final class ThreadPool: Sendable {
  /// The pool of this process, with as many helpers as the loops ask for.
  package static let shared = ThreadPool(helpers: Int(THREAD_POOL_LIMIT))
  /// The number of processors this process may use.
  package static let processors = Int(thread_pool_processors())

  /// Thread-safe by itself: all its state is atomic or behind its lock. Nil where there was no memory
  /// for it: loops are plain ones then.
  private nonisolated(unsafe) let pool: OpaquePointer?

  /// - Parameter helpers: the most threads to start, callers not counted; capped at 256.
  package init(helpers: Int) {
    let helpers = min(max(helpers, 0), Int(THREAD_POOL_LIMIT))
    pool = thread_pool_create(Int32(helpers))
  }

  deinit { if let pool { thread_pool_destroy(pool) } }

  /// How many helpers have been started so far.
  package var startedHelpers: Int { pool.map { Int(thread_pool_started($0)) } ?? 0 }

  /// Calls `body` once for each index below `count`, in no order, and returns when all calls have.
  ///
  /// Costs about 0.2 µs, one small allocation for the closure among it: worth it from 10 µs of work.
  ///
  /// - Parameter threads: how many threads take part at most, the caller included.
  /// - Parameter body: runs on several threads at once, so it may write only what belongs to its
  ///   index. It is not `@Sendable`, because what it captures is mostly pointers.
  package func parallelFor(_ count: Int, threads: Int, _ body: (_ index: Int) -> Void) {
    parallelFor(count, threads: threads) { index, _ in body(index) }
  }

  /// The same; `slot` tells the participants apart: those running at one time have different slots,
  /// all below `threads`, so each can own one block of scratch memory.
  package func parallelFor(
    _ count: Int, threads: Int, _ body: (_ index: Int, _ slot: Int) -> Void
  ) {
    guard count > 0 else { return }
    guard let pool else {
      for index in 0..<count { body(index, 0) }
      return
    }
    let threads = Int32(clamping: max(threads, 1))
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: LoopBody(call: body)) { body in
        thread_pool_run(
          pool, count, threads,
          { context, index, slot in
            context!.assumingMemoryBound(to: LoopBody.self).pointee.call(index, slot)
          }, UnsafeMutableRawPointer(mutating: body))
      }
    }
  }
}

/// A closure in a struct: behind a pointer to the closure itself there would be a thunk for generics.
private struct LoopBody {
  let call: (Int, Int) -> Void
}

/// `ThreadPool.shared.parallelFor`.
package func parallelFor(_ count: Int, threads: Int, _ body: (_ index: Int) -> Void) {
  ThreadPool.shared.parallelFor(count, threads: threads, body)
}

/// `ThreadPool.shared.parallelFor` with the slot of each participant.
package func parallelFor(
  _ count: Int, threads: Int, _ body: (_ index: Int, _ slot: Int) -> Void
) {
  ThreadPool.shared.parallelFor(count, threads: threads, body)
}
