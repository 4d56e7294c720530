import Foundation
import PenumbraCfg
import PenumbraSupport

/// What the classes of a network are called; where nobody says, by their numbers.
struct ClassNames: Sendable {
  private let names: [String]
  /// The number of classes the network tells apart.
  let count: Int
  /// The file that they are from.
  let file: String?

  /// The name of a class.
  subscript(_ index: Int) -> String { names.indices.contains(index) ? names[index] : "\(index)" }

  /// The name as it is shown to people.
  func shown(_ index: Int) -> String { self[index].printable }

  /// - Parameters:
  ///   - file: a file with a name a line, which must have one for every class.
  ///   - besides: files in whose folders a `.names` file is looked for when `file` is nil.
  /// - Throws: `FileError` for the file, `InputError` when it has too few names.
  init(file: String?, besides: [String] = [], classes: Int) throws {
    count = classes
    if let file {
      self.file = file
      names = try Self.read(file)
      guard names.count >= classes else { throw Self.tooFew(file, names.count, classes) }
      if names[classes...].contains(where: { !$0.isEmpty }) {
        standardError(
          "\(file.shownPath): warning: \(names.count) names, the network has \(classes) classes")
      }
    } else {
      (names, self.file) = Self.found(besides: besides, classes: classes)
    }
  }

  private static func read(_ file: String) throws(FileError) -> [String] {
    try textLines(try readFile(file, limit: 16 << 20), of: file, as: .names)
  }

  private static func tooFew(_ file: String, _ found: Int, _ classes: Int) -> InputError {
    InputError(
      "\(file.shownPath): \(found) names, the network has \(classes) classes",
      help: "give the names file that belongs to these weights, a line for every class")
  }

  // MARK: Beside the network

  /// The names of the only `.names` file beside the network's, none where that is unclear.
  private static func found(
    besides files: [String], classes: Int
  ) -> (names: [String], file: String?) {
    let folders = files.map(\.folderName).reduce(into: [String]()) { folders, folder in
      if !folders.contains(folder) { folders.append(folder) }
    }
    let candidates = folders.flatMap { folder in
      (folderEntries(folder) ?? [])
        .filter { $0.hasSuffix(".names") && !$0.hasPrefix(".") }.sorted()
        .map { folder == "." ? $0 : folder + "/" + $0 }
    }
    guard let only = candidates.first else { return ([], nil) }
    guard candidates.count == 1 else {
      standardError(
        "note: \(candidates.joined(separator: ", ")): choose one with --names; classes are shown by"
          + " number")
      return ([], nil)
    }
    guard let names = try? read(only), names.count >= classes else {
      standardError("note: \(only) does not name \(classes) classes; they are shown by number")
      return ([], nil)
    }
    standardError("note: class names from \(only)")
    return (names, only)
  }
}

/// A `.data` file: `key = value` lines that say where a data set's files are.
///
/// Source: Darknet `option_list.c` (`read_data_cfg`): blanks are deleted, even inside of values; `#`
/// and `;` start a comment at the start of a line.
struct DataFile {
  let path: String
  private let values: [String: String]

  init(_ path: String) throws {
    self.path = path
    var values: [String: String] = [:]
    for line in try textLines(try readFile(path, limit: 1 << 20), of: path, as: .data) {
      let line = line.filter { !$0.isWhitespace && $0 != "\0" }
      guard let equals = line.firstIndex(of: "="), !"#;".contains(line.first ?? "#") else {
        continue
      }
      let key = String(line[..<equals])
      if values[key] == nil { values[key] = String(line[line.index(after: equals)...]) }
    }
    self.values = values
  }

  subscript(_ key: String) -> String? { values[key] }

  /// The file that the first of the keys present names.
  ///
  /// As in Darknet its path starts at the current folder; where nothing is there, at the folder of
  /// the `.data` file or the one above, which is where `cfg/coco.data` means it.
  func file(_ keys: String...) throws -> String {
    guard let value = keys.lazy.compactMap({ values[$0] }).first, !value.isEmpty else {
      throw InputError(
        "\(path.shownPath): there is no '\(keys[0])'", help: "add a line '\(keys[0]) = FILE'")
    }
    let folder = path.folderName
    return [value, folder + "/" + value, folder + "/../" + value]
      .first { isFolder($0) != nil } ?? value
  }
}
