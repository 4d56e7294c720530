import PenumbraSupport

/// Where a path is that a file names: one rule for the values of a `.data` file and the lines of a list.
///
/// Tried are, in this order: the current folder, as in Darknet; the folder of the file that names the
/// path; the folder above that, where a `cfg/coco.data` means it. At each place the text is taken as it
/// is written, then without what people write around paths: whitespace at the ends and quotes, with
/// slashes for the backslashes of Windows.
enum NamedPath {
  static let rule =
    "paths start at the current folder, else at the folder of the file that names them, else at the"
    + " one above"

  /// The places of a path, in the order in which they are tried.
  static func places(_ path: String, namedBy file: String) -> [String] {
    guard !path.hasPrefix("/") else { return [path] }
    let folder = Paths.folder(of: file)
    return unique([path, Paths.join(folder, path), Paths.join(Paths.folderAbove(folder), path)])
  }

  /// The first place at which a text leads to what is wanted; nil where it leads nowhere.
  static func found(
    _ text: String, namedBy file: String, readings: (String) -> [String] = readings,
    where isWanted: (String) -> Bool
  ) -> String? {
    // Nearly all paths are found as they are written.
    if isWanted(text) { return text }
    for reading in readings(text) {
      if let found = places(reading, namedBy: file).first(where: isWanted) { return found }
    }
    return nil
  }

  /// What a text may mean.
  static func readings(_ text: String) -> [String] {
    let trimmed = text.trimmedBlanks
    return withSlashes([text, trimmed, unquoted(trimmed)])
  }

  /// The texts, then each with slashes for its backslashes.
  static func withSlashes(_ texts: [String]) -> [String] {
    unique(texts + texts.map { slashed($0) }).filter { !$0.isEmpty }
  }

  static func slashed(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "\\")) else { return text }
    let slashes = text.utf8.map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 }
    return String(decoding: slashes, as: UTF8.self)
  }

  /// The text without a pair of quotes around it.
  static func unquoted(_ text: String) -> String {
    let bytes = text.utf8
    guard bytes.count >= 2, let first = bytes.first, first == bytes.last,
      first == UInt8(ascii: "\"") || first == UInt8(ascii: "'")
    else { return text }
    return String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self)
  }

  private static func unique(_ texts: [String]) -> [String] {
    texts.reduce(into: []) { found, text in
      if !found.contains(text) { found.append(text) }
    }
  }
}
