import PenumbraCfg
import PenumbraSupport

/// The lines of a small text file as they stand, without their ends (LF or CRLF) and without a byte
/// order mark. An empty line is a line; nothing after the last end is none.
struct TextLines {
  let path: String
  let lines: [String]
  /// Whether the file holds zero bytes, as no text does.
  let isBinary: Bool

  init(_ path: String, limit: Int = 1 << 28) throws(DataError) {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try readFile(path, limit: limit) } catch {
      throw DataError(.unreadable(error), file: path)
    }
    self.init(bytes, path: path)
  }

  init(_ bytes: [UInt8], path: String) {
    self.path = path
    isBinary = bytes.contains(0)
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    var lines = text.split(separator: 10, omittingEmptySubsequences: false).map { line in
      String(systemBytes: line.last == 13 ? line.dropLast() : line)
    }
    if lines.last == "" { lines.removeLast() }
    self.lines = lines
  }
}

extension StringProtocol {
  /// Without blanks and tabs at both ends.
  var trimmedBlanks: String {
    let start = drop { $0 == " " || $0 == "\t" }
    return String(start.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
  }
}

extension [String] {
  /// The class names of a `.names` file: a name a line, empty ones at the end left out.
  ///
  /// - Throws: `DataError`: unreadable, binary, or without a name.
  public init(namesFile path: String) throws(DataError) {
    let text = try TextLines(path, limit: 1 << 24)
    guard !text.isBinary else {
      throw DataError(.badFormat(detail: "this is no text, class names were expected"), file: path)
    }
    self = text.lines.map(\.trimmedBlanks)
    while last == "" { removeLast() }
    if isEmpty { throw DataError(.noClasses, file: path) }
  }
}
