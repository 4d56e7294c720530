import Foundation
import PenumbraSupport

/// Makes the examples of the next batches on threads of its own, while the current one is in use.
///
/// Batches come in order, and are the same for any number of threads. A loader starts at any
/// example, so that a run can be resumed.
public final class BatchLoader: Sendable {
  /// Examples of a batch.
  public let batch: Int
  private let core: LoaderCore

  /// - Parameters:
  ///   - first: the number of the first example.
  ///   - threads: that work ahead; without any, `next` makes the examples itself.
  ///   - ahead: batches that may wait, ready, besides the one being asked for.
  ///   - size: the input's size for a batch, by the number of its first example. Threads call it.
  public init(
    _ source: any ExampleSource, first: Int = 0, batch: Int, threads: Int = 1, ahead: Int = 2,
    size: @escaping @Sendable (_ firstNumber: Int) -> (width: Int, height: Int)
  ) {
    precondition(batch > 0 && first >= 0 && threads >= 0 && ahead >= 0, "counts are not negative")
    self.batch = batch
    core = LoaderCore(source, first: first, batch: batch, window: batch * (ahead + 1), size)
    for _ in 0..<threads where !core.startThread() { break }
  }

  /// At one size.
  public convenience init(
    _ source: any ExampleSource, first: Int = 0, batch: Int, threads: Int = 1, ahead: Int = 2,
    width: Int, height: Int
  ) {
    self.init(source, first: first, batch: batch, threads: threads, ahead: ahead) { _ in
      (width, height)
    }
  }

  deinit { core.stop() }

  /// The number of the next batch's first example.
  public var nextNumber: Int { core.nextNumber }

  /// The next batch.
  ///
  /// - Throws: what the source threw for the first of its examples that failed; the batch stays the
  ///   next one, and asking again throws the same.
  public func next() throws -> [Example] { try core.next() }
}

/// What the threads of a loader share. All of it is behind the condition's lock: hence `Sendable`.
private final class LoaderCore: @unchecked Sendable {
  private let source: any ExampleSource
  private let batch: Int
  /// How many examples may be made beyond those taken.
  private let window: Int
  private let size: @Sendable (Int) -> (width: Int, height: Int)
  private let first: Int
  private let condition = NSCondition()
  private var ready: [Int: Result<Example, any Error>] = [:]
  /// The next example that nobody has begun.
  private var unclaimed: Int
  /// The next example to be taken.
  private var taken: Int
  private var isStopped = false
  private var threads = 0

  init(
    _ source: any ExampleSource, first: Int, batch: Int, window: Int,
    _ size: @escaping @Sendable (Int) -> (width: Int, height: Int)
  ) {
    self.source = source
    self.batch = batch
    self.window = window
    self.size = size
    self.first = first
    unclaimed = first
    taken = first
  }

  var nextNumber: Int {
    condition.lock()
    defer { condition.unlock() }
    return taken
  }

  /// - Returns: false where the system has no thread to give. Without any, `next` makes the examples.
  func startThread() -> Bool {
    let isStarted = PenumbraSupport.startThread { [self] in work() }
    if isStarted { threads += 1 }
    return isStarted
  }

  func stop() {
    condition.lock()
    isStopped = true
    condition.broadcast()
    condition.unlock()
  }

  private func work() {
    while let number = claim() {
      let result = make(number)
      condition.lock()
      ready[number] = result
      condition.broadcast()
      condition.unlock()
    }
  }

  /// The next example to make, when there is room for it; nil when nobody wants more.
  private func claim() -> Int? {
    condition.lock()
    defer { condition.unlock() }
    while !isStopped, unclaimed >= taken + window { condition.wait() }
    guard !isStopped else { return nil }
    defer { unclaimed += 1 }
    return unclaimed
  }

  private func make(_ number: Int) -> Result<Example, any Error> {
    let (width, height) = size(number - (number - first) % batch)
    return Result { try source.example(number, width: width, height: height) }
  }

  func next() throws -> [Example] {
    condition.lock()
    defer { condition.unlock() }
    let numbers = taken..<taken + batch
    if threads == 0 {
      for number in numbers where ready[number] == nil { ready[number] = make(number) }
    }
    while !numbers.allSatisfy({ ready[$0] != nil }) { condition.wait() }
    let examples = try numbers.compactMap { try ready[$0]?.get() }
    for number in numbers { ready[number] = nil }
    taken += batch
    condition.broadcast()
    return examples
  }
}
