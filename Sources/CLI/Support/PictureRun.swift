import ArgumentParser
import Foundation
import Penumbra
import PenumbraEngine
import PenumbraImaging
import PenumbraSupport

/// What a network found in one picture.
struct PictureResult<Found> {
  let path: String
  let preprocessing: Preprocessing
  let outcome: Result<Seen, ImageError>

  struct Seen {
    let width: Int
    let height: Int
    /// Of the forward pass alone, without reading and fitting the picture.
    let milliseconds: Double
    let found: Found
    let bitmap: Bitmap?
  }
}

/// A network run over pictures, as many at a time as the plan's batch has.
struct PictureRun {
  let network: Network
  let preprocessing: Preprocessing
  /// Gives the next picture, nil after the last.
  let nextPicture: () -> Picture?
  /// How many pictures there will be, where that is known.
  var total: Int?
  /// What to type for a list of pictures, given its path.
  var listAdvice: @Sendable (String) -> String = { list in
    "for a list of pictures write \(("@" + list).shellQuoted)"
  }

  /// Runs the network over all pictures and gives what it found to every sink, in order.
  ///
  /// - Parameter read: takes what was found in image `index` of the batch from the session.
  /// - Throws: what `read` and the sinks throw; at the end an `ExitCode` when a picture failed.
  func run<Found>(
    into sinks: inout [any ResultSink<Found>],
    read: (_ session: borrowing Session, _ index: Int, _ fit: ImageFit) throws -> Found
  ) throws {
    var session = try network.makeSession()
    var (progress, tally) = (Progress(total: total), Tally(listAdvice: listAdvice))
    while true {
      let pictures = nextBatch()
      guard !pictures.isEmpty else { break }
      let fitted = pictures.compactMap { try? $0.content.get().fitted }
      for (index, fitted) in fitted.enumerated() { session.load(fitted, at: index) }
      let time =
        fitted.isEmpty ? .zero : ContinuousClock().measure { session.run(images: fitted.count) }
      progress.clear()
      try network.plan.checkFilesUnchanged()
      var index = 0
      for picture in pictures {
        let outcome = try picture.content.mapIfPresent { content in
          defer { index += 1 }
          return PictureResult<Found>.Seen(
            width: content.width, height: content.height,
            milliseconds: time / .milliseconds(1) / Double(fitted.count),
            found: try read(session, index, content.fitted.fit), bitmap: content.bitmap)
        }
        tally.add(outcome)
        let result = PictureResult(
          path: picture.path, preprocessing: preprocessing, outcome: outcome)
        for sink in sinks.indices { try sinks[sink].add(result) }
      }
      progress.show(done: tally.pictures)
    }
    progress.clear()
    for sink in sinks.indices { try sinks[sink].finish() }
    try tally.check()
  }

  private func nextBatch() -> [Picture] {
    var pictures: [Picture] = []
    while pictures.count < network.plan.options.batch, let picture = nextPicture() {
      pictures.append(picture)
    }
    return pictures
  }
}

extension Result {
  /// `map` for a transformation that can fail on its own account.
  fileprivate func mapIfPresent<New>(
    _ transform: (Success) throws -> New
  ) throws -> Result<New, Failure> {
    switch self {
    case .success(let value): .success(try transform(value))
    case .failure(let error): .failure(error)
    }
  }
}

/// How many pictures failed, and how.
private struct Tally {
  let listAdvice: @Sendable (String) -> String
  private(set) var pictures = 0
  private var failures: [ImageError.Reason: Int] = [:]

  init(listAdvice: @escaping @Sendable (String) -> String) { self.listAdvice = listAdvice }

  mutating func add<Success>(_ outcome: Result<Success, ImageError>) {
    pictures += 1
    if case .failure(let error) = outcome {
      failures[error.reason, default: 0] += 1
      standardError(explained(error))
    }
  }

  /// - Throws: `ExitCode` 65 when a picture failed, 66 when all that failed were missing;
  ///   `InputError` when there was none.
  func check() throws {
    guard pictures > 0 else {
      throw InputError(
        "no picture was named: stdin held no path",
        help: "write the path of a picture a line to stdin, or name pictures as arguments")
    }
    guard !failures.isEmpty else { return }
    let status: Failure.Status = failures.keys.allSatisfy { $0 == .notFound } ? .notFound : .badData
    if pictures > 1 {
      standardError("\(failures.values.reduce(0, +)) of \(pictures) pictures failed")
    }
    throw ExitCode(status.rawValue)
  }

  /// A file that belongs elsewhere on the command line is said to.
  private func explained(_ error: ImageError) -> String {
    if let address = Address(error.path) {
      return "\(error.path.shownPath): error: \(address.problem)\nhelp: \(address.remedy)"
    }
    guard error.reason == .unknownFormat, let kind = FileKind(ofFile: error.path), kind != .picture
    else { return "\(error)" }
    let isList = kind == .text || kind == .list
    let help = isList ? listAdvice(error.path) : "check the order of the arguments"
    return
      "\(error.path.shownPath): error: this looks like \(kind.name), expected a picture\nhelp: \(help)"
  }
}
