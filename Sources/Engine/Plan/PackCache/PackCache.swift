import PenumbraCompute
import PenumbraSupport
import Synchronization

/// Where packed weights are kept from one start to the next.
public enum PackCacheLocation: Hashable, Sendable {
  /// Next to the weights file: `NAME.weights.packed`.
  case besideWeights
  case folder(String)

  package func path(for weights: String) -> String {
    switch self {
    case .besideWeights: weights + ".packed"
    case .folder(let folder): folder + "/" + (weights.split(separator: "/").last ?? "") + ".packed"
    }
  }
}

/// What came of a plan's packed weights.
public enum PackCacheOutcome: Hashable, Sendable {
  /// They were packed anew, as nobody asked for a file, or the numbers come from none.
  case unused
  /// They are the file's.
  case mapped(path: String)
  /// They were packed anew and written.
  case written(path: String, because: Reason)
  /// They were packed anew; writing them failed.
  case unwritable(path: String, String)

  public enum Reason: String, Hashable, Sendable {
    case isMissing = "there was none"
    case isUnreadable = "the file there could not be read"
    case isOther = "the file there belongs to other weights, another network, machine or version"
    case isDamaged = "the file there was damaged"
    /// It stays: somebody else's file is not replaced.
    case isForeign = "the file there holds no packed weights"
  }
}

/// A file of packed weights while a plan is made: kernels take their floats from it in the order in
/// which they pack them, or pack them and leave them here to be written.
///
/// A file is taken only when its key and the checksum of all its bytes are right.
final class PackCache: Sendable {
  /// The one of the plan being made on this thread.
  @TaskLocal static var current: PackCache?

  private let path: String
  private let key: UInt64
  let file: PackedFile?
  private let reason: PackCacheOutcome.Reason
  private let state = Mutex(State())

  private struct State {
    var taken = 0
    var packed: [PackedFloats] = []
  }

  /// - Returns: nil where the options ask for none, or the weights come from no file.
  convenience init?(_ program: Program, _ options: PlanOptions, _ weights: Weights) {
    guard let location = options.packCache, let checksum = weights.fileChecksum else { return nil }
    self.init(
      path: location.path(for: weights.origin),
      key: PackedFile.key(program, options.precision, weights: checksum))
  }

  init(path: String, key: UInt64) {
    (self.path, self.key) = (path, key)
    do throws(PackedFile.Rejection) {
      file = try PackedFile(path, key: key)
      reason = .isDamaged
    } catch {
      file = nil
      reason = error.reason
    }
  }

  /// The file's next floats, if there are as many as wanted.
  func next(count: Int) -> (UnsafePointer<Float>, any Sendable)? {
    guard let file else { return nil }
    return state.withLock { state in
      guard state.packed.isEmpty, let floats = file.floats(state.taken, count: count) else {
        return nil
      }
      state.taken += 1
      return (floats, file)
    }
  }

  func add(_ floats: PackedFloats) { state.withLock { $0.packed.append(floats) } }

  /// Writes what was packed, unless all came from the file.
  func finish() -> PackCacheOutcome {
    let (packed, taken) = state.withLock { ($0.packed, $0.taken) }
    if let file, packed.isEmpty, taken == file.count { return .mapped(path: path) }
    guard reason != .isForeign else { return .unwritable(path: path, reason.rawValue) }
    // A file that fits in part has another order than its key says: not ours, but not for long.
    guard taken == 0 else { return .unwritable(path: path, "its parts are not as its key says") }
    do throws(WriteError) {
      try PackedFile.write(packed, key: key, to: path)
      return .written(path: path, because: reason)
    } catch {
      return .unwritable(path: path, error.problem)
    }
  }
}
