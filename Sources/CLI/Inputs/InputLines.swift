import PenumbraSupport
import Synchronization

#if canImport(Darwin)
  import Darwin
#else
  import Glibc
#endif

/// Paths on stdin, one a line.
///
/// A line that can be no path, of more bytes than any system takes or with a zero byte, is given as
/// it is and is the last one: input such as `/dev/zero` is no list.
enum InputLines {
  /// No system takes a longer path.
  private static let longest = 4096
  private static let isOver = Mutex(false)

  /// The next line that says something, without its end; nil at the end.
  static func next() -> String? {
    FilesRead.note(STDIN_FILENO, "standard input")
    while !isOver.withLock({ $0 }), var line = readLine() {
      if line.last == 0x0D { line.removeLast() }
      guard !line.isEmpty else { continue }
      if line.count > longest || line.contains(0) {
        isOver.withLock { $0 = true }
        standardError("note: standard input: this line is no path; no more is read")
      }
      return String(systemBytes: line)
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

  /// The bytes of the next line, cut where it is too long; nil at the end.
  private static func readLine() -> [UInt8]? {
    var line: [UInt8] = []
    while true {
      let byte = getchar()
      guard byte != EOF else { return line.isEmpty ? nil : line }
      guard byte != 0x0A else { return line }
      line.append(UInt8(truncatingIfNeeded: byte))
      if line.count > longest + 1 { return line }
    }
  }
}
