import Foundation
import PenumbraEngine
import PenumbraSupport

/// `train.jsonl`: everything a run reported, one JSON object a line.
///
/// Lines are appended whole; a kill can cut off the last one at most, which is dropped when the run
/// is resumed.
public final class TrainingLog {
  private let path: String
  private let descriptor: Int32
  private let encoder: JSONEncoder
  /// What could not be written yet; it comes before anything else.
  private var pending: [UInt8] = []

  /// Opens the log of a new run, or of one that goes on after an iteration: what the file says about
  /// later ones is forgotten, since they will come again.
  ///
  /// - Parameters:
  ///   - cfg: the run's. The log of another network's run, which a folder can have had in between, is
  ///     renamed to `train.jsonl.old` (or `.old2` and so on), and a new one begun.
  ///   - earlier: called with each event that stays.
  public init(
    _ path: String, cfg: String, resumedAfter iteration: Int? = nil,
    earlier: (TrainingEvent) -> Void = { _ in }
  ) throws {
    self.path = path
    encoder = JSON.encoder()
    let isKept = try iteration.map { try Self.keep(upTo: $0, of: path, cfg: cfg, earlier) } ?? false
    // Of another run the log is kept beside.
    if iteration != nil, !isKept { Self.keepBeside(path) }
    let truncate = isKept ? 0 : O_TRUNC
    descriptor = openFile(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | truncate)
    guard descriptor >= 0 else { throw WriteError(path) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Writes an event, and before it those that could not be written when they came.
  ///
  /// - Throws: `WriteError` where the file takes no more; no part of a line stays in it, and the lines
  ///   are tried again with the next event.
  public func append(_ event: TrainingEvent) throws {
    pending += try encoder.encode(event) + [UInt8(ascii: "\n")]
    let end = lseek(descriptor, 0, SEEK_END)
    let code = pending.withUnsafeBytes { writeWhole($0, to: descriptor) }
    guard code == 0 else {
      if end >= 0 { ftruncate(descriptor, end) }
      throw WriteError(path, errno: code)
    }
    pending.removeAll(keepingCapacity: true)
  }

  /// Whether a file is the log of a run, or empty.
  public static func isLog(_ path: String) -> Bool {
    guard FileStatus(path)?.kind == .regular, let file = FileHandle(forReadingAtPath: path),
      let start = try? file.read(upToCount: 1 << 20)
    else { return false }
    return start.split(separator: UInt8(ascii: "\n")).first.map { event(Data($0)) != nil } ?? true
  }

  /// The events of a file, lines that are none left out.
  public static func events(_ path: String) throws -> [TrainingEvent] {
    let data = try readFile(path, limit: 1 << 40, from: .found)
    return data.split(separator: UInt8(ascii: "\n")).compactMap { event(Data($0)) }
  }

  private static func event(_ line: Data) -> TrainingEvent? {
    try? JSON.decoder().decode(TrainingEvent.self, from: line)
  }

  /// Rewrites the file without what comes after an iteration; false where it is not this run's.
  private static func keep(
    upTo iteration: Int, of path: String, cfg: String, _ earlier: (TrainingEvent) -> Void
  ) throws -> Bool {
    guard let data = FileManager.default.contents(atPath: path) else { return false }
    let lines = data.split(separator: UInt8(ascii: "\n"))
    guard case .start(let start) = lines.first.flatMap({ event(Data($0)) }),
      fileName(start.cfg) == fileName(cfg)
    else { return false }
    let file = try AtomicFile(path)
    for line in lines {
      guard let event = event(Data(line)), event.iteration <= iteration else { continue }
      if case .end = event { continue }
      earlier(event)
      try (Data(line) + [UInt8(ascii: "\n")]).withUnsafeBytes { try file.write($0) }
    }
    try file.commit()
    return true
  }

  /// Renames the log of another run to a name that is free.
  private static func keepBeside(_ path: String) {
    var (name, number) = (path + ".old", 1)
    while isThere(name) {
      number += 1
      name = path + ".old\(number)"
    }
    _ = renameFile(path, to: name)
  }

  private static func fileName(_ path: String) -> Substring? { path.split(separator: "/").last }
}
