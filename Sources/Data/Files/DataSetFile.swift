import PenumbraCfg
import PenumbraSupport

/// A part of a data set.
public enum DataSetPart: String, Hashable, Sendable, Codable, CaseIterable {
  case train, valid
}

/// A `.data` file: `key = value` lines that say where a data set's files are.
///
/// `#` and `;` start a comment at the start of a line; of two equal keys the first counts; whitespace
/// around keys and values does not count. Keys in capital letters count where there is no other.
///
/// A value is taken as it is written where that leads to a file, then without quotes, without a comment
/// after it (` # ...`), with slashes for backslashes, and without spaces, which Darknet deletes. Where
/// relative paths start is `NamedPath`'s rule.
///
/// - Source: Darknet `option_list.c` (`read_data_cfg`), `detector.c`.
public struct DataSetFile: Sendable {
  public struct Entry: Hashable, Sendable {
    public let value: String
    public let line: Int
  }

  public let path: String
  /// By key.
  public let entries: [String: Entry]
  /// Lines that have a colon for the equals sign, which nobody reads; by key.
  let colons: [String: Entry]

  /// - Throws: `DataError`: unreadable, or nothing in it is a `key = value` line.
  public init(_ path: String) throws(DataError) {
    let text = try TextLines(path, as: .data, limit: 1 << 22)
    try text.check()
    let entries = Self.entries(text.lines)
    colons = Self.colons(text.lines).filter { entries[$0.key] == nil }
    if entries.isEmpty, let (key, line) = colons.min(by: { $0.value.line < $1.value.line }) {
      throw DataError(.colon(key: key, line: line.line, value: line.value), file: path)
    }
    guard !entries.isEmpty else {
      throw DataError(
        .badFormat(detail: "this is no .data file: no line is 'key = value'"), file: path)
    }
    self.path = path
    self.entries = entries
  }

  /// What `.data` files say, the keys that Darknet knows in small letters.
  static let knownKeys: Set = [
    "classes", "train", "valid", "names", "labels", "backup", "difficult", "top", "saveweights",
    "savelast", "eval", "results", "map", "tree",
  ]

  private static func entries(_ lines: [String]) -> [String: Entry] {
    var entries: [String: Entry] = [:]
    var inCapitals: [String: Entry] = [:]
    for (index, line) in lines.enumerated() {
      guard let (key, value) = parts(line) else { continue }
      let entry = Entry(value: value, line: index + 1)
      let small = key.lowercased()
      if small != key, knownKeys.contains(small) {
        if inCapitals[small] == nil { inCapitals[small] = entry }
      } else if entries[key] == nil {
        entries[key] = entry
      }
    }
    return entries.merging(inCapitals) { written, _ in written }
  }

  private static func colons(_ lines: [String]) -> [String: Entry] {
    var colons: [String: Entry] = [:]
    for (index, line) in lines.enumerated() where parts(line) == nil {
      guard let (key, value) = parts(line, separator: ":"), knownKeys.contains(key.lowercased())
      else { continue }
      if colons[key.lowercased()] == nil {
        colons[key.lowercased()] = Entry(value: value, line: index + 1)
      }
    }
    return colons
  }

  /// Key and value of a line; nil for what is none and for comments.
  private static func parts(
    _ line: String, separator: Unicode.Scalar = "="
  ) -> (key: String, value: String)? {
    let line = line.trimmedBlanks
    guard let equals = line.utf8.firstIndex(of: UInt8(ascii: separator)),
      let first = line.utf8.first,
      first != UInt8(ascii: "#"), first != UInt8(ascii: ";")
    else { return nil }
    return (
      line[..<equals].trimmedBlanks, line[line.utf8.index(after: equals)...].trimmedBlanks
    )
  }

  // MARK: Values

  /// The value of a key without quotes and comment; nil where it is missing or empty.
  public subscript(_ key: String) -> String? {
    guard let entry = entries[key] else { return nil }
    let value = Self.cleaned(entry.value)
    return value.isEmpty ? nil : value
  }

  /// `classes`; nil where the file does not say.
  public var classes: Int? {
    get throws(DataError) { try count("classes", upTo: 1_000_000) }
  }

  /// The positive number of a key; nil where the file does not say.
  public func count(_ key: String, upTo most: Int = 1_000_000_000) throws(DataError) -> Int? {
    guard let entry = entries[key] else { return nil }
    guard let count = Int(Self.cleaned(entry.value)), (1...most).contains(count) else {
      throw DataError(.badNumber(key: key, line: entry.line, value: entry.value), file: path)
    }
    return count
  }

  /// The folder for weights, to be made from the current folder. Nil where the file does not say.
  public var backup: String? {
    guard let entry = entries["backup"], !entry.value.isEmpty else { return nil }
    if PathKind(entry.value) != .nothing { return entry.value }
    return self["backup"].map(NamedPath.slashed)
  }

  private static func cleaned(_ value: String) -> String {
    NamedPath.unquoted(withoutComment(value))
  }

  /// The value without ` # ...` or ` ; ...` after it.
  private static func withoutComment(_ value: String) -> String {
    let scalars = value.unicodeScalars
    for index in scalars.indices.dropFirst()
    where (scalars[index] == "#" || scalars[index] == ";")
      && scalars[scalars.index(before: index)].properties.isWhitespace
    {
      return value[..<index].trimmedBlanks
    }
    return value
  }

  /// What a value that names a file may mean.
  private static func readings(_ value: String) -> [String] {
    let cut = withoutComment(value)
    let dense = cut.unicodeScalars.filter { !$0.properties.isWhitespace }
    return NamedPath.withSlashes([
      value, NamedPath.unquoted(value), cut, NamedPath.unquoted(cut),
      String(String.UnicodeScalarView(dense)),
    ])
  }

  // MARK: Files

  /// The file or folder that a key names.
  ///
  /// - Throws: `DataError` where it is nowhere; nil is for a key that is missing or empty.
  public func file(_ key: String) throws(DataError) -> String? {
    guard let entry = entries[key], !entry.value.isEmpty else { return nil }
    let found = NamedPath.found(entry.value, namedBy: path, readings: Self.readings) {
      PathKind($0) != .nothing
    }
    guard let found else {
      let value = NamedPath.slashed(Self.cleaned(entry.value))
      throw DataError(
        .namedFileMissing(
          key: key, line: entry.line, tried: NamedPath.places(value, namedBy: path),
          near: near(value)), file: path)
    }
    if PathKind(found) == .other {
      throw DataError(.unreadable(FileError(found, .notRegular)), file: found)
    }
    // So that one file has one path, however it is written.
    return found.replacing("/./", with: "/")
  }

  /// A path that leads to a file of the same name below the folder of this file, where `folder/` at its
  /// start is what is wrong.
  private func near(_ value: String) -> String? {
    var rest = value[...]
    while let slash = rest.firstIndex(of: "/") {
      rest = rest[rest.index(after: slash)...]
      let place = Paths.join(Paths.folder(of: path), String(rest))
      if !rest.isEmpty, !rest.hasPrefix("/"), PathKind(place) == .file { return String(rest) }
    }
    return nil
  }

  /// The file that the first of some keys present names.
  ///
  /// - Throws: `DataError` where it is nowhere, or no such key is given.
  public func requiredFile(_ keys: String...) throws(DataError) -> String {
    for key in keys {
      if let file = try file(key) { return file }
    }
    throw missing(keys[0])
  }

  private func missing(_ key: String) -> DataError {
    if let line = colons[key] {
      return DataError(.colon(key: key, line: line.line, value: line.value), file: path)
    }
    guard let found = misspelling(of: key) else { return DataError(.missingKey(key), file: path) }
    return DataError(.misspelledKey(key, found: found.key, line: found.line), file: path)
  }

  /// Whether the file names validation images of its own.
  public var hasValidation: Bool {
    get throws(DataError) { try file("valid") != nil }
  }

  /// The list or folder of a part.
  ///
  /// - Throws: `DataError`, also where there are no validation images: only a caller can know whether
  ///   those of training may be used, as in Darknet.
  public func list(_ part: DataSetPart) throws(DataError) -> String {
    if let list = try file(part.rawValue) { return list }
    if part == .valid, misspelling(of: "valid") == nil, colons["valid"] == nil {
      throw DataError(.noValidation(isFolder: false), file: path)
    }
    throw missing(part.rawValue)
  }

  /// The names of the classes, from `names` or `labels`; numbers where only their count is known.
  ///
  /// - Throws: `DataError` where neither is given, or fewer names than `classes`.
  public func classNames() throws(DataError) -> [String] {
    let count = try classes
    var named = try file("names")
    if named == nil { named = try file("labels") }
    guard let named else {
      guard let count else { throw missing("names") }
      return (0..<count).map(String.init)
    }
    let names = try [String](namesFile: named)
    guard let count, count != names.count else { return names }
    throw DataError(
      .badFormat(
        detail: "\(names.count) names, but \(path):\(entries["classes"]?.line ?? 1) says"
          + " classes = \(count)"), file: named)
  }
}
