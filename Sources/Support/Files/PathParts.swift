// Paths are split at bytes: a slash followed by a combining character is one `Character`, and a slash.

extension String {
  /// What follows the last slash.
  package var fileName: String {
    guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return self }
    return String(self[utf8.index(after: slash)...])
  }

  /// What precedes the last slash; `.` where there is none.
  package var folderName: String {
    guard let slash = utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == startIndex ? "/" : String(self[..<slash])
  }

  /// What follows the last dot of the file's name; empty where nothing does.
  package var fileExtension: String {
    let name = fileName
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot != name.startIndex else {
      return ""
    }
    return String(name[name.utf8.index(after: dot)...])
  }

  /// The path without its extension.
  package var withoutExtension: String {
    let ending = fileExtension.utf8.count
    guard ending > 0 else { return self }
    return String(self[..<utf8.index(endIndex, offsetBy: -ending - 1)])
  }
}
