import Foundation
import PenumbraCfg
import PenumbraImaging
import PenumbraSupport

/// What a file is by its first bytes: enough to see that two arguments were swapped.
enum FileKind {
  case picture, weights, cfg, data, text

  /// Nil for what is unknown, unreadable, or no regular file and so can be read only once.
  init?(of path: String) {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard attributes?[.type] as? FileAttributeType == .typeRegular,
      let start = try? FileHandle(forReadingAtPath: path)?.read(upToCount: 1024)
    else { return nil }
    let bytes = Array(start)
    if Self.startsLikeWeights(bytes) {
      self = .weights
    } else if ImageFormat(signatureOf: bytes) != nil {
      self = .picture
    } else if !bytes.isEmpty, !bytes.contains(0) {
      self = Self.kind(ofText: bytes)
    } else {
      return nil
    }
  }

  /// Version 0.1 to 2.9 in 32-bit numbers.
  private static func startsLikeWeights(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 16 else { return false }
    let small = [bytes[0] <= 2, bytes[4] <= 9, bytes[8] <= 99].allSatisfy { $0 }
    let zeros = [1..<4, 5..<8, 9..<12].allSatisfy { bytes[$0].allSatisfy { $0 == 0 } }
    return small && zeros
  }

  private static func kind(ofText bytes: [UInt8]) -> FileKind {
    let lines = textLines(bytes).map { $0.filter { !$0.isWhitespace } }
    let first = lines.first { !$0.isEmpty && !$0.hasPrefix("#") && !$0.hasPrefix(";") } ?? ""
    if first.hasPrefix("[") { return .cfg }
    let key = first.prefix { $0 != "=" }
    return ["classes", "train", "valid", "names", "labels", "backup"].contains(key)
      && first.contains("=") ? .data : .text
  }

  var name: String {
    switch self {
    case .picture: "a picture"
    case .weights: "a weights file"
    case .cfg: "a cfg file"
    case .data: "a .data file"
    case .text: "a text file"
    }
  }

  // MARK: Arguments in the wrong order

  /// - Throws: `FileError` when there is no such cfg, `InputError` when the files are plainly
  ///   something else.
  static func check(cfg: String, weights: String?, order: String) throws {
    switch isFolder(cfg) {
    case nil: throw FileError(cfg, .notFound)
    case true?: throw FileError(cfg, .isFolder)
    default: break
    }
    if let kind = FileKind(of: cfg), [.picture, .weights].contains(kind) {
      throw misplaced(cfg, kind, expected: .cfg, order)
    }
    if FileKind(of: cfg) == .data {
      if order.contains("DATA") { throw misplaced(cfg, .data, expected: .cfg, order) }
      throw InputError(
        "\(cfg): this looks like a .data file, a cfg file was expected",
        help: "give it with --data, or use 'penumbra detector test DATA CFG WEIGHTS IMAGE'")
    }
    if let weights, let kind = FileKind(of: weights), kind != .weights {
      throw misplaced(weights, kind, expected: .weights, order)
    }
  }

  private static func misplaced(
    _ path: String, _ kind: FileKind, expected: FileKind, _ order: String
  ) -> InputError {
    InputError(
      "\(path.shownPath): this looks like \(kind.name), \(expected.name) was expected",
      help: "the order is \(order)")
  }
}
