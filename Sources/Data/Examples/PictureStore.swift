import PenumbraCompute
public import PenumbraImaging
import PenumbraSupport
import Synchronization

/// Decoded pictures of a data set, kept as bytes as long as memory lasts. Threads that load at the same
/// time share a `DecodingBudget` besides.
///
/// What came first stays: in an order that is shuffled anew in every epoch nothing is gained by
/// giving up one picture for another.
public final class PictureStore: Sendable {
  public let paths: [String]
  public let options: DecodingOptions
  public let memoryBytes: Int
  private let decoding = DecodingBudget()
  private let state: Mutex<State>

  private struct State: Sendable {
    var pictures: [Int: Picture] = [:]
    var bytes = 0
    var unreadable: Set<Int> = []
    var faults: [DataFault] = []
    /// Faults that were taken.
    var taken = 0
  }

  /// - Parameters:
  ///   - channels: 3 or 1, those of the network's input.
  ///   - memoryBytes: the most that pictures may take, together.
  public init(
    paths: [String], channels: Int = 3, orientation: OrientationMode = .apply,
    limits: DecodingLimits = DecodingLimits(), memoryBytes: Int = 1 << 30
  ) {
    self.paths = paths
    options = DecodingOptions(
      channels: channels, orientation: orientation, limits: limits, source: .found)
    self.memoryBytes = memoryBytes
    state = Mutex(State())
  }

  /// Bytes of the pictures kept at the moment.
  public var heldBytes: Int { state.withLock { $0.bytes } }

  /// The pictures that could not be read so far, in the order in which that came to light.
  public var faults: [DataFault] { state.withLock { $0.faults } }

  /// Those that came to light since this was last asked.
  public func takeFaults() -> [DataFault] {
    state.withLock { state in
      defer { state.taken = state.faults.count }
      return Array(state.faults[state.taken...])
    }
  }

  /// A picture; several threads may ask at once.
  func picture(_ index: Int) throws(ImageError) -> Picture {
    if let kept = state.withLock({ $0.pictures[index] }) { return kept }
    let picture = Picture(try decoding.bitmap(paths[index], options))
    let bytes = picture.bitmap.bytes.count
    state.withLock { state in
      guard state.pictures[index] == nil, state.bytes + bytes <= memoryBytes else { return }
      state.pictures[index] = picture
      state.bytes += bytes
    }
    return picture
  }

  /// The picture at a place, or where it cannot be read and the policy is to skip, the next one
  /// that can be.
  ///
  /// - Throws: `DataError`: the fault, or that no picture can be read.
  func usable(from index: Int, policy: FaultPolicy) throws(DataError) -> (index: Int, Picture) {
    for step in paths.indices {
      let place = (index + step) % paths.count
      if state.withLock({ $0.unreadable.contains(place) }) { continue }
      do throws(ImageError) {
        return (place, try picture(place))
      } catch {
        let fault = DataFault(
          .unreadableImage, file: paths[place], error.problem, effect: .imageLeftOut)
        if policy == .stop { throw DataError(.fault(fault), file: paths[place]) }
        state.withLock { state in
          // Two threads may come upon it at once.
          if state.unreadable.insert(place).inserted { state.faults.append(fault) }
        }
      }
    }
    throw DataError(
      .noImages(UnusableImages("", listed: paths.count, faults: DataFaults(faults))),
      file: paths.first ?? "data set")
  }
}

/// The order in which examples take the pictures of a data set: shuffled anew in every epoch.
struct ExampleOrder: Sendable {
  let count: Int
  let seed: UInt64

  /// The picture of an example, by the example's number from 0.
  func index(_ number: Int) -> Int {
    let epoch = number / count
    return Permutation(count: count, seed: SplitMix(seed: ~seed).bits(epoch))[number % count]
  }
}
