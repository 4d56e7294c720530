import PenumbraSupport

/// A cfg file as written: sections with their keys, each with its place. Knows no layer.
///
/// Grammar: Darknet `parser.c` (`read_cfg`) and `option_list.c`: line based; every blank is deleted,
/// even inside names; `#` and `;` start a comment only at the start of a line; a line that starts
/// with `[` opens a section. Of two equal keys in a section the first wins.
public struct CfgFile: Sendable {
  /// The name used in diagnostics, usually the path.
  public let name: String
  /// The lines as they stand in the file, without their ends.
  public let lines: [String]
  /// The sections in file order; the first should be `[net]`.
  public let sections: [Section]
  /// What the lexer found wrong.
  public let diagnostics: [Diagnostic]
  /// The files that its keys may name.
  public var companions = CompanionAccess.nearby

  /// `[name]` and the options below it.
  public struct Section: Sendable {
    /// The text between the brackets, blanks removed.
    public let name: String
    public let location: SourceLocation
    public let sourceLine: String
    /// The options in file order, later duplicates included.
    public let entries: [Entry]
    /// Where the first entry of each key stands.
    private let firstOfKey: [String: Int]

    init(name: String, location: SourceLocation, sourceLine: String, entries: [Entry]) {
      self.name = name
      self.location = location
      self.sourceLine = sourceLine
      self.entries = entries
      firstOfKey = Dictionary(
        entries.enumerated().map { ($0.element.key, $0.offset) }, uniquingKeysWith: { a, _ in a })
    }

    /// The section of a file that is not a cfg: a short name alone.
    var withoutText: Section {
      Section(name: name.foreignToken, location: location, sourceLine: "", entries: [])
    }

    /// The entry that counts: the first of its key.
    public func entry(_ key: String) -> Entry? { firstOfKey[key].map { entries[$0] } }

    /// The keys in file order, each once, with the entry that counts.
    public var firstEntries: [Entry] {
      entries.indices.filter { firstOfKey[entries[$0].key] == $0 }.map { entries[$0] }
    }
  }

  /// One `key=value` line.
  public struct Entry: Sendable {
    public let key: String
    /// The text after the first `=`, blanks removed; empty for a line without `=` or value.
    public let value: String
    public let keyLocation: SourceLocation
    public let valueLocation: SourceLocation
    public let sourceLine: String
    /// The column of each scalar of `value`, for carets inside lists.
    package let valueColumns: [Int]

    /// The place of a part of the value, by offsets in its scalars.
    package func location(ofValue range: Range<Int>) -> SourceLocation {
      guard range.lowerBound < valueColumns.count, !range.isEmpty else { return valueLocation }
      let first = valueColumns[range.lowerBound]
      let last = valueColumns[min(range.upperBound, valueColumns.count) - 1]
      return SourceLocation(
        file: valueLocation.file, line: valueLocation.line, column: first,
        length: last - first + 1)
    }
  }

  /// Reads text that is already in memory. Never fails: what is wrong is in `diagnostics`.
  public init(text: String, name: String) {
    var lexer = Lexer(text: text, name: name)
    lexer.run()
    self.init(
      name: name, lines: lexer.lines, sections: lexer.sections, diagnostics: lexer.diagnostics)
  }

  private init(name: String, lines: [String], sections: [Section], diagnostics: [Diagnostic]) {
    self.name = name
    self.lines = lines
    self.sections = sections
    self.diagnostics = diagnostics
  }

  /// Reads the bytes of a file: UTF-8, or UTF-16 and UTF-32 with a byte order mark. What is not valid
  /// is replaced, so that comments may hold anything. Of a file of another kind that kind alone is
  /// reported.
  public init(bytes: [UInt8], name: String) {
    guard let mismatch = FileRole.cfg.mismatch(bytes) else {
      self.init(text: String(decoding: utf8Text(bytes), as: UTF8.self), name: name)
      return
    }
    let start = SourceLocation(file: name, line: 1, column: 1)
    self.init(
      name: name, lines: [], sections: [],
      diagnostics: [Diagnostic(.notACfg(mismatch), at: start, sourceLine: "")])
  }
}

extension CfgFile: CustomStringConvertible {
  /// The text as it was read, with LF line ends.
  public var description: String { lines.joined(separator: "\n") + "\n" }
}
