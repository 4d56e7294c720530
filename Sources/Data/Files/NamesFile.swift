import PenumbraSupport

/// Files with the names of classes.
extension [String] {
  /// The class names of a `.names` file: a name a line, empty ones at the end left out.
  ///
  /// - Throws: `DataError`: unreadable, binary, a `.data` file, or without a name.
  public init(namesFile path: String) throws(DataError) {
    try self.init(namesFile: path, from: .named)
  }

  /// The class names of a file that nobody named.
  ///
  /// - Parameter folder: the one that is searched, which the file must not lead out of.
  package init(namesFile path: String, foundIn folder: String) throws(DataError) {
    try FolderBoundary(folder).check(path)
    try self.init(namesFile: path, from: .found)
  }

  private init(namesFile path: String, from source: FileSource) throws(DataError) {
    let text = try TextLines(path, as: .names, from: source, limit: 1 << 24)
    if text.mismatch?.found == .data {
      throw DataError(.dataFileAsNames(names: try? DataSetFile(path).file("names")), file: path)
    }
    try text.check()
    self = text.lines.map(\.trimmedBlanks)
    while last == "" { removeLast() }
    if isEmpty { throw DataError(.noClasses, file: path) }
  }
}

extension DataSetFile {
  /// Names that are empty, or given twice, so that people cannot tell their classes apart.
  func nameFaults() throws(DataError) -> [DataFault] {
    var named = try file("names")
    if named == nil { named = try file("labels") }
    guard let named else { return [] }
    var first: [String: Int] = [:]
    var faults: [DataFault] = []
    for (index, name) in try [String](namesFile: named).enumerated() {
      if name.isEmpty {
        faults.append(
          DataFault(
            .emptyClass, file: named, line: index + 1, "class \(index) has no name", effect: .kept))
      } else if let earlier = first[name] {
        faults.append(
          DataFault(
            .duplicateClass, file: named, line: index + 1,
            "classes \(earlier) and \(index) are both called '\(name.foreignToken)'", effect: .kept)
        )
      } else {
        first[name] = index
      }
    }
    return faults
  }
}

extension [String] {
  /// The text of a `.names` file: a line for each class. A class without a name gets its number.
  ///
  /// - Parameter file: for the error.
  /// - Throws: `DataError` where a name would be read as several, so that classes after it would get
  ///   other numbers.
  func namesText(_ file: String) throws(DataError) -> String {
    for name in self
    where name.utf8.contains(where: { [0, 10, 13].contains($0) }) {
      throw DataError(.unwritableName(name, format: "a file with a name a line"), file: file)
    }
    return enumerated().map { ($1.trimmedBlanks.isEmpty ? "\($0)" : $1) + "\n" }.joined()
  }

  /// - Throws: `DataError` where a class has no name, or that of another, for formats that tell classes by
  ///   their names.
  func requireDifferentNames(_ file: String) throws(DataError) {
    var first: [String: Int] = [:]
    for (index, name) in enumerated() {
      guard !name.isEmpty else {
        throw DataError(.badFormat(detail: "class \(index) has no name"), file: file)
      }
      if let earlier = first.updateValue(index, forKey: name) {
        throw DataError(
          .badFormat(
            detail:
              "classes \(earlier) and \(index) are both called '\(name.foreignToken)', and would"
              + " become one class"), file: file)
      }
    }
  }
}

/// Where other programs put the names of the classes of a folder of images.
public enum NamesFiles {
  /// What labelling programs call the file: LabelImg and Label Studio, Roboflow.
  public static let usualNames = ["classes.txt", "_darknet.labels", "obj.names"]

  /// The names in the first such file for a list or a folder of images: in the folder, in the folder
  /// `labels` in it or next to it, and in the folder above; nil where there is none.
  ///
  /// - Throws: `DataError`, also for a link that leads out of these folders.
  static func names(for path: String) throws(DataError) -> [String]? {
    let folder = PathKind(path) == .folder ? path : Paths.folder(of: path)
    let above = Paths.folderAbove(folder)
    let places = [
      (folder, of: folder), (Paths.join(folder, "labels"), of: folder),
      (Paths.join(above, "labels"), of: above), (above, of: above),
    ]
    for (place, searched) in places {
      for name in usualNames {
        let file = Paths.join(place, name)
        guard PathKind(file) == .file, file != path else { continue }
        return try [String](namesFile: file, foundIn: searched)
      }
    }
    return nil
  }
}
