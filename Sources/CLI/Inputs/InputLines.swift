import Foundation
import PenumbraSupport

/// Paths on stdin, one a line.
enum InputLines {
  /// The next line that says something, without its end; nil at the end.
  static func next() -> String? {
    FilesRead.note(STDIN_FILENO, "standard input")
    while let line = line() {
      let path = line.last == 0x0D ? line.dropLast() : line
      if !path.isEmpty { return String(systemBytes: path) }
    }
    return nil
  }

  /// All lines that are left.
  ///
  /// - Throws: `FileError` where they are longer than any list.
  static func rest() throws(FileError) -> [String] {
    var (lines, bytes) = ([String](), 0)
    while let line = next() {
      bytes += line.utf8.count + 1
      guard bytes <= limit else { throw FileError("standard input", .tooLarge(limit: limit)) }
      lines.append(line)
    }
    return lines
  }

  private static let limit = 64 << 20

  /// The bytes of the next line; nil at the end. What no path is long enough for is cut.
  private static func line() -> [UInt8]? {
    let limit = 1 << 16
    var line: [UInt8] = []
    while true {
      let byte = getchar()
      guard byte != EOF else { return line.isEmpty ? nil : line }
      guard byte != 0x0A else { return line }
      if line.count < limit { line.append(UInt8(truncatingIfNeeded: byte)) }
    }
  }
}
