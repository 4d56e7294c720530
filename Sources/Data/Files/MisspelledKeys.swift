import PenumbraCfg
import PenumbraSupport

extension DataSetFile {
  /// What other programs call the keys, without `_` and `-`.
  private static let aliases: [String: Set<String>] = [
    "train": ["training", "trainlist", "trainset"],
    "valid": ["val", "validation", "validate", "validlist", "vallist", "validset", "valset"],
    "names": ["name", "classnames", "namesfile", "namelist"],
    "classes": ["class", "nc", "numclasses", "nclasses", "numberofclasses"],
    "backup": ["backups", "backupdir", "backupfolder"],
  ]

  /// A key that nobody reads and that looks like one that is missing.
  func misspelling(of key: String) -> (key: String, line: Int)? {
    guard entries[key] == nil else { return nil }
    let unknown = entries.keys.filter { !Self.knownKeys.contains($0) }.sorted()
    let alias = unknown.first {
      Self.aliases[key]?.contains($0.lowercased().filter { $0 != "_" && $0 != "-" }) ?? false
    }
    guard let found = alias ?? nearestName(to: key, in: unknown), let entry = entries[found] else {
      return nil
    }
    return (found, entry.line)
  }

  /// Keys that are likely misspelt, also where the set can be used without them.
  var keyFaults: [DataFault] {
    let colons = colons.map { key, line in
      DataFault(
        .misspelledKey, file: path, line: line.line,
        "'\(key):' is not read; write '\(key) = \(line.value.quotable)'", effect: .kept)
    }
    let misspelled = Self.aliases.keys.sorted().compactMap { key -> DataFault? in
      guard self.colons[key] == nil else { return nil }
      if key == "names", entries["labels"] != nil { return nil }
      return misspelling(of: key).map { found in
        DataFault(
          .misspelledKey, file: path, line: found.line,
          "'\(found.key.foreignToken)' is not read; write '\(key) = ...' if that is meant",
          effect: .kept)
      }
    }
    return (colons + misspelled).sorted { ($0.line ?? 0) < ($1.line ?? 0) }
  }
}
