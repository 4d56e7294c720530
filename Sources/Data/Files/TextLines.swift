import PenumbraSupport

/// The lines of a small text file, split by the rule of `textLines`.
struct TextLines {
  let path: String
  let lines: [String]
  /// What is wrong with a file of another kind, whose lines nobody should read.
  let mismatch: KindMismatch?

  /// - Parameter role: what the file is read as.
  init(
    _ path: String, as role: FileRole, from source: FileSource = .named, limit: Int = 1 << 28
  ) throws(DataError) {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try readFile(path, limit: limit, from: source) } catch {
      throw DataError(.unreadable(error), file: path)
    }
    self.init(bytes, as: role, path: path)
  }

  init(_ bytes: [UInt8], as role: FileRole, path: String) {
    self.path = path
    mismatch = role.mismatch(bytes)
    lines = mismatch == nil ? textLines(bytes, arePaths: role.holdsPaths) : []
  }

  /// What a message shows of a line: the path of a picture; of other text, which a list may not be
  /// meant to hold, nothing.
  static func shown(_ line: String) -> String {
    Paths.isPicture(line.trimmedBlanks) ? "'\(line.quotable)'" : "the picture of this line"
  }

  /// - Throws: `DataError` for a file of another kind.
  func check() throws(DataError) {
    guard let mismatch else { return }
    throw DataError(.unreadable(FileError(path, .otherKind(mismatch))), file: path)
  }
}

extension StringProtocol {
  /// Without whitespace at both ends, no-break spaces included.
  var trimmedBlanks: String {
    let scalars = unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.isBlank }),
      let last = scalars.lastIndex(where: { !$0.isBlank })
    else { return "" }
    return String(self[first..<scalars.index(after: last)])
  }
}

extension Unicode.Scalar {
  fileprivate var isBlank: Bool {
    switch value {
    case 0...0x20, 0x7F...0xA0, 0xFEFF: true
    case ..<0x1680: false
    default: properties.isWhitespace
    }
  }
}
