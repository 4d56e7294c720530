import Foundation
import PenumbraSupport

extension FileKind {
  /// Nil for what is empty, unreadable, or no regular file and so can be read only once.
  init?(ofFile path: String) {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard attributes?[.type] as? FileAttributeType == .typeRegular,
      let start = try? FileHandle(forReadingAtPath: path)?.read(upToCount: FileKind.length)
    else { return nil }
    self.init(start)
  }
}

extension FileRole {
  /// What is wrong with a file of another kind; nil for one that may be read in this role.
  func mismatch(ofFile path: String) -> KindMismatch? {
    FileKind(ofFile: path).flatMap { kind in
      isWrong(kind) ? KindMismatch(found: kind, expected: self) : nil
    }
  }
}

/// Arguments in the wrong order, which the first bytes of the files show.
enum ArgumentOrder {
  /// - Parameter order: the arguments of the command, as its help names them.
  /// - Throws: `FileError` when there is no such cfg, `InputError` when the files are plainly
  ///   something else.
  static func check(cfg: String, weights: String?, order: String) throws {
    switch isFolder(cfg) {
    case nil: throw FileError(cfg, .notFound)
    case true?: throw FileError(cfg, .isFolder)
    default: break
    }
    if let mismatch = FileRole.cfg.mismatch(ofFile: cfg) {
      guard mismatch.found == .data, !order.contains("DATA") else {
        throw misplaced(cfg, mismatch, order)
      }
      throw InputError(
        "\(cfg.shownPath): \(mismatch.problem)",
        help: "give it with --data, or use 'penumbra detector test DATA CFG WEIGHTS IMAGE'")
    }
    if let weights, let mismatch = FileRole.weights.mismatch(ofFile: weights) {
      throw misplaced(weights, mismatch, order)
    }
  }

  private static func misplaced(
    _ path: String, _ mismatch: KindMismatch, _ order: String
  ) -> InputError {
    InputError(
      "\(path.shownPath): \(mismatch.problem)",
      help: mismatch.found.remedy ?? "the order is \(order)")
  }
}
