import PenumbraCfg
import PenumbraSupport

/// A part of a data set.
public enum DataSetPart: String, Hashable, Sendable, Codable, CaseIterable {
  case train, valid
}

/// A `.data` file: `key = value` lines that say where a data set's files are.
///
/// `#` and `;` start a comment at the start of a line; of two equal keys the first counts; blanks
/// around keys and values do not count. Darknet deletes blanks inside of values too, so that no
/// path of it can have any; here they stay.
///
/// Paths start at the current folder, as in Darknet. What is not there is looked for from the
/// folder of the `.data` file, then from the folder above it (where a `cfg/coco.data` means it).
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

  /// - Throws: `DataError`: unreadable, or nothing in it is a `key = value` line.
  public init(_ path: String) throws(DataError) {
    let text = try TextLines(path, as: .data, limit: 1 << 22)
    try text.check()
    var entries: [String: Entry] = [:]
    for (index, line) in text.lines.enumerated() {
      let line = line.trimmedBlanks
      guard let equals = line.firstIndex(of: "="), !"#;".contains(line.first ?? "#") else {
        continue
      }
      let key = line[..<equals].trimmedBlanks
      let value = line[line.index(after: equals)...].trimmedBlanks
      if entries[key] == nil { entries[key] = Entry(value: value, line: index + 1) }
    }
    guard !entries.isEmpty else {
      throw DataError(
        .badFormat(detail: "this is no .data file: no line is 'key = value'"), file: path)
    }
    self.path = path
    self.entries = entries
  }

  /// The value of a key; nil where it is missing or empty.
  public subscript(_ key: String) -> String? {
    entries[key].flatMap { $0.value.isEmpty ? nil : $0.value }
  }

  /// `classes`; nil where the file does not say.
  public var classes: Int? {
    get throws(DataError) { try count("classes", upTo: 1_000_000) }
  }

  /// The positive number of a key; nil where the file does not say.
  public func count(_ key: String, upTo most: Int = 1_000_000_000) throws(DataError) -> Int? {
    guard let entry = entries[key] else { return nil }
    guard let count = Int(entry.value), (1...most).contains(count) else {
      throw DataError(.badNumber(key: key, line: entry.line, value: entry.value), file: path)
    }
    return count
  }

  /// The folder for weights, as written: to be made from the current folder. Nil where the file
  /// does not say.
  public var backup: String? { self["backup"] }

  /// The file or folder that a key names.
  ///
  /// - Throws: `DataError` where it is nowhere; nil is for a key that is missing or empty.
  public func file(_ key: String) throws(DataError) -> String? {
    guard let entry = entries[key], !entry.value.isEmpty else { return nil }
    let tried = candidates(entry.value)
    guard let found = tried.first(where: { PathKind($0) != .nothing }) else {
      throw DataError(.namedFileMissing(key: key, line: entry.line, tried: tried), file: path)
    }
    return found
  }

  /// The list or folder of a part. `valid` without a key is the training list, as in Darknet.
  public func list(_ part: DataSetPart) throws(DataError) -> String {
    if part == .valid, let list = try file("valid") { return list }
    guard let list = try file("train") else { throw DataError(.missingKey("train"), file: path) }
    return list
  }

  /// The names of the classes, from `names` or `labels`; numbers where only their count is known.
  ///
  /// - Throws: `DataError` where neither is given, or fewer names than `classes`.
  public func classNames() throws(DataError) -> [String] {
    let count = try classes
    var named = try file("names")
    if named == nil { named = try file("labels") }
    guard let named else {
      guard let count else { throw DataError(.missingKey("names"), file: path) }
      return (0..<count).map(String.init)
    }
    let names = try [String](namesFile: named)
    guard let count, count != names.count else { return names }
    throw DataError(
      .badFormat(
        detail: "\(names.count) names, but \(path):\(entries["classes"]?.line ?? 1) says"
          + " classes = \(count)"), file: named)
  }

  private func candidates(_ value: String) -> [String] {
    guard !value.hasPrefix("/") else { return [value] }
    let folder = Paths.folder(of: path)
    let beside = Paths.join(folder, value)
    let above = folder == "." ? "../" + value : folder + "/../" + value
    return ([value, beside, above] as [String]).reduce(into: []) { found, path in
      if !found.contains(path) { found.append(path) }
    }
  }
}
