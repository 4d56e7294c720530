extension StringProtocol {
  /// A token of a file that the reader of a message may not know: visible and at most 20 characters.
  ///
  /// A file that a cfg or a list names may be any file of the machine. Messages about it show no more
  /// of it than this, and nothing where the file is not of the kind expected.
  package var foreignToken: String {
    let limit = 20
    let start = unicodeScalars.prefix(limit)
    let text = String(String.UnicodeScalarView(start)).printable
    return start.endIndex == unicodeScalars.endIndex ? text : text + "\u{2026}"
  }
}
