import Foundation
import PenumbraEngine

/// `train.jsonl`: everything a run reported, one JSON object a line.
///
/// Lines are appended whole; a kill can cut off the last one at most, which is dropped when the run
/// is resumed.
public final class TrainingLog {
  private let path: String
  private let descriptor: Int32
  private let encoder: JSONEncoder

  /// Opens the log of a new run, or of one that goes on after an iteration: what the file says about
  /// later ones is forgotten, since they will come again.
  ///
  /// - Parameter earlier: called with each event that stays.
  public init(
    _ path: String, resumedAfter iteration: Int? = nil, earlier: (TrainingEvent) -> Void = { _ in }
  ) throws {
    self.path = path
    encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    if let iteration { try Self.keep(upTo: iteration, of: path, earlier) }
    let truncate = iteration == nil ? O_TRUNC : 0
    descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | truncate, 0o666)
    guard descriptor >= 0 else { throw Self.failure(path) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  public func append(_ event: TrainingEvent) throws {
    let line = try encoder.encode(event) + [UInt8(ascii: "\n")]
    try line.withUnsafeBytes { bytes in
      var rest = bytes
      while !rest.isEmpty {
        let count = write(descriptor, rest.baseAddress, rest.count)
        if count < 0 {
          guard errno == EINTR else { throw Self.failure(path) }
          continue
        }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
    }
  }

  /// The events of a file, lines that are none left out.
  public static func events(_ path: String) throws -> [TrainingEvent] {
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    return data.split(separator: UInt8(ascii: "\n")).compactMap { event(Data($0)) }
  }

  private static func event(_ line: Data) -> TrainingEvent? {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try? decoder.decode(TrainingEvent.self, from: line)
  }

  private static func keep(
    upTo iteration: Int, of path: String, _ earlier: (TrainingEvent) -> Void
  ) throws {
    guard let data = FileManager.default.contents(atPath: path) else { return }
    let file = try AtomicFile(path)
    for line in data.split(separator: UInt8(ascii: "\n")) {
      guard let event = event(Data(line)), event.iteration <= iteration else { continue }
      if case .end = event { continue }
      earlier(event)
      try (Data(line) + [UInt8(ascii: "\n")]).withUnsafeBytes { try file.write($0) }
    }
    try file.commit()
  }

  private static func failure(_ path: String) -> WeightsError {
    switch errno {
    case ENOSPC, EDQUOT, EFBIG: WeightsError(path, .unwritable(.noSpace))
    case EACCES, EPERM, EROFS: WeightsError(path, .unwritable(.notPermitted))
    case ENOENT, ENOTDIR: WeightsError(path, .unwritable(.noFolder))
    default: WeightsError(path, .unwritable(.other(String(cString: strerror(errno)))))
    }
  }
}
