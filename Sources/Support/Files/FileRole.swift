/// What a file is read as.
package enum FileRole: Hashable, Sendable {
  case cfg, weights, names, data, list, labels, tree, map

  /// As a message names it.
  package var name: String {
    switch self {
    case .cfg: "a cfg file"
    case .weights: "a weights file"
    case .names: "a list of class names"
    case .data: "a .data file"
    case .list: "a list of pictures"
    case .labels: "a label file"
    case .tree: "a class tree"
    case .map: "a class map"
    }
  }

  /// Whether lines of the file are paths.
  package var holdsPaths: Bool { self == .list || self == .data }

  /// Kinds that cannot have been meant. Most text can be any of several kinds, and is then read.
  package func isWrong(_ kind: FileKind) -> Bool {
    switch kind {
    case .weights: self != .weights
    case .cfg: self != .cfg
    case .data: self != .data
    case .labels: [.cfg, .weights, .data, .list].contains(self)
    case .list: [.cfg, .weights, .data, .labels].contains(self)
    case .text, .binary: self == .weights ? kind == .text : kind == .binary
    case .picture, .page, .json, .yaml, .model, .xml, .archive, .document, .lfsPointer,
      .unmarkedUTF16:
      true
    }
  }

  /// Whether no cfg or `.data` file can be meant by a text: nothing in it is `key=value`, nor, in a
  /// `.data` file, a key that it may have with a colon after it.
  private func isWrong(text bytes: some Collection<UInt8>) -> Bool {
    guard self == .cfg || self == .data else { return false }
    func hasColon(_ line: String) -> Bool {
      self == .data && FileKind.dataKeys.contains { line.lowercased().hasPrefix($0 + ":") }
    }
    let lines = textLines(Array(bytes)).map { $0.filter { !$0.isWhitespace } }
      .filter { !$0.isEmpty && !$0.hasPrefix("#") && !$0.hasPrefix(";") }
    return !lines.isEmpty
      && !lines.contains { $0.contains("=") || $0.hasPrefix("[") || hasColon($0) }
  }

  /// What is wrong with a file of another kind; nil for one that can be read in this role.
  package func mismatch(_ bytes: some Collection<UInt8>) -> KindMismatch? {
    guard let kind = FileKind(bytes) else { return nil }
    if isWrong(kind) || (kind == .text && isWrong(text: bytes)) {
      return KindMismatch(found: kind, expected: self)
    }
    // A cfg's lines say where a stray zero is; any other text with one is none.
    let holdsZero = self != .cfg && self != .weights && utf8Text(Array(bytes)).contains(0)
    return holdsZero ? KindMismatch(found: .binary, expected: self) : nil
  }
}

/// A file of one kind where another was expected.
public struct KindMismatch: Error, Hashable, Sendable {
  package let found: FileKind
  package let expected: FileRole

  package init(found: FileKind, expected: FileRole) {
    self.found = found
    self.expected = expected
  }

  /// What is wrong, in one line without the path.
  public var problem: String { "this looks like \(found.name), \(expected.name) was expected" }

  /// What to do about it.
  public var remedy: String { found.remedy ?? "check the order and the names of the files" }
}

/// The lines of a text file, by the rule of `textLines`.
///
/// - Throws: `FileError` for a file of another kind, such as a picture.
package func textLines(
  _ bytes: [UInt8], of path: String, as role: FileRole
) throws(FileError) -> [String] {
  if let mismatch = role.mismatch(bytes) { throw FileError(path, .otherKind(mismatch)) }
  return textLines(bytes, arePaths: role.holdsPaths)
}
