import Foundation
import Penumbra
import PenumbraData
import PenumbraEngine
import PenumbraImaging
import PenumbraSupport

/// A network run over the pictures of a data set, which are read ahead on another thread.
struct EvaluationRun {
  let network: Network
  let preprocessing: Preprocessing
  let paths: [String]
  /// What becomes of pictures that cannot be read.
  let policy: FaultPolicy
  var limits = DecodingLimits()

  struct Seen<Found> {
    struct Picture {
      /// Its place in the data set.
      let index: Int
      let path: String
      let width: Int
      let height: Int
      let found: Found
    }

    var pictures: [Picture] = []
    var unreadable: [ImageError] = []
    var speed: EvaluationSpeed
  }

  /// - Parameter read: takes what was found in image `index` of the batch from the session.
  /// - Throws: what `read` throws, `ImageError` where the policy is to stop, `InputError` where no
  ///   picture could be read.
  func run<Found>(
    read: (_ session: borrowing Session, _ index: Int, _ fit: ImageFit) throws -> Found
  ) throws -> Seen<Found> {
    var session = try network.makeSession()
    let batch = network.plan.options.batch
    let (reader, list) = (
      PictureReader(graph: network.graph, preprocessing: preprocessing, limits: limits),
      PathCursor(paths)
    )
    var seen = Seen<Found>(
      speed: EvaluationSpeed(batch: batch, threads: network.plan.options.threads))
    var (progress, forward) = (Progress(total: paths.count), Duration.zero)
    let start = ContinuousClock.now
    let prefetcher = Prefetcher(depth: batch + 1) {
      list.next().map { ($0.index, reader.read(.found($0.path))) }
    }
    defer { prefetcher.stop() }
    var waiting: [(index: Int, path: String, content: Picture.Content)] = []
    while true {
      let next = prefetcher.next()
      if let (index, picture) = next {
        switch picture.content {
        case .success(let content): waiting.append((index, picture.path, content))
        case .failure(let error):
          progress.clear()
          if policy == .stop { throw error }
          standardError("\(error)")
          seen.unreadable.append(error)
        }
      }
      if waiting.count == batch || next == nil, !waiting.isEmpty {
        for (place, picture) in waiting.enumerated() {
          session.load(picture.content.fitted, at: place)
        }
        forward += ContinuousClock().measure { session.run(images: waiting.count) }
        try network.plan.checkFilesUnchanged()
        for (place, picture) in waiting.enumerated() {
          let content = picture.content
          seen.pictures.append(
            Seen.Picture(
              index: picture.index, path: picture.path, width: content.width,
              height: content.height, found: try read(session, place, content.fitted.fit)))
        }
        waiting = []
        progress.show(done: seen.pictures.count + seen.unreadable.count)
      }
      if next == nil { break }
    }
    progress.clear()
    seen.speed.count(
      seen.pictures.count, forward: forward, all: ContinuousClock.now - start)
    guard !seen.pictures.isEmpty else {
      throw InputError(
        "none of \(counted(paths.count, "picture")) could be read",
        help: "check the paths of the list, and what is said above",
        status: seen.unreadable.allSatisfy { $0.reason == .notFound } ? .notFound : .badData)
    }
    return seen
  }

  /// The `image_id` of each picture: the number its name starts with, where that tells all apart; else
  /// its place in the list, from 1.
  static func imageNumbers(_ paths: [String]) -> [Int] {
    let numbers = paths.map(COCOResults.imageID)
    let areNumbered = paths.allSatisfy { $0.fileName.first.map { "0"..."9" ~= $0 } ?? false }
    let tellApart = areNumbered && Set(numbers).count == numbers.count
    return tellApart ? numbers : (0..<paths.count).map { $0 + 1 }
  }
}

/// Walks a list once. Used by one thread at a time, handed over at its start: hence `Sendable`.
private final class PathCursor: @unchecked Sendable {
  private let paths: [String]
  private var place = 0

  init(_ paths: [String]) { self.paths = paths }

  func next() -> (index: Int, path: String)? {
    guard place < paths.count else { return nil }
    defer { place += 1 }
    return (place, paths[place])
  }
}

/// How fast a network went over the pictures.
struct EvaluationSpeed: Encodable {
  let batch: Int
  let threads: Int
  /// By the time of the forward passes alone.
  private(set) var forwardImagesPerSecond = 0.0
  /// By the time from the first picture to the last box.
  private(set) var imagesPerSecond = 0.0

  init(batch: Int, threads: Int) {
    self.batch = batch
    self.threads = threads
  }

  mutating func count(_ images: Int, forward: Duration, all: Duration) {
    forwardImagesPerSecond = Double(images) / max(forward / .seconds(1), 1e-9)
    imagesPerSecond = Double(images) / max(all / .seconds(1), 1e-9)
  }

  enum CodingKeys: String, CodingKey {
    case batch, threads
    case forwardImagesPerSecond = "forward_images_per_second"
    case imagesPerSecond = "images_per_second"
  }
}
