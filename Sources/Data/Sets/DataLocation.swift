import PenumbraCfg
import PenumbraSupport

/// What a path given by a user stands for.
///
/// - a `.data` file;
/// - a folder with exactly one `.data` file in it: that file;
/// - a folder with `train` and perhaps `val` (or `valid`, `test`) that hold a folder for each
///   class, and perhaps one `.names` file with their order; folders called `images` and `labels`
///   are a detector's, which have to be named in a `.data` file where there are several parts;
/// - any other folder: the pictures in it;
/// - any other file: a list of images.
public enum DataLocation: Sendable {
  case data(DataSetFile)
  case list(String)
  case classFolders(train: String, valid: String?, namesFile: String?)
  case images(String)

  public init(_ path: String) throws(DataError) {
    switch PathKind(path) {
    case .file where Self.isDataFile(path): self = .data(try DataSetFile(path))
    case .file where Paths.isPicture(path) || Self.isOther(path):
      throw DataError(.notADataSet(found: "a .\(Paths.ending(of: path)) file"), file: path)
    // A pipe can be read only once, as a list.
    case .file, .other: self = .list(path)
    case .nothing: throw DataError(.unreadable(FileError(path, .notFound)), file: path)
    case .folder: self = try Self.folder(path)
    }
  }

  private static func isOther(_ path: String) -> Bool {
    ["cfg", "weights", "json", "xml", "names", "yaml", "yml", "csv", "zip", "tar", "gz"]
      .contains(Paths.ending(of: path))
  }

  /// By its name, or by its first line where the name says nothing.
  private static func isDataFile(_ path: String) -> Bool {
    let ending = Paths.ending(of: path)
    if ending == "data" { return true }
    guard ["txt", ""].contains(ending), let start = FileStart.bytes(of: path) else { return false }
    return FileKind(start) == .data
  }

  private static func folder(_ path: String) throws(DataError) -> DataLocation {
    let contents = Paths.contents(of: path)
    let data = contents.filter { $0.hasSuffix(".data") }
    let boundary = FolderBoundary(path)
    if data.count == 1 {
      let file = Paths.join(path, data[0])
      try boundary.check(file)
      return .data(try DataSetFile(file))
    }
    func classes(_ name: String) throws(DataError) -> String? {
      let folder = Paths.join(path, name)
      let hasClasses =
        contents.contains(name)
        && Paths.contents(of: folder).contains { name in
          !["images", "labels"].contains(name) && PathKind(Paths.join(folder, name)) == .folder
        }
      if hasClasses { try boundary.check(folder) }
      return hasClasses ? folder : nil
    }
    guard let train = try classes("train") else {
      let parts = ["train", "valid", "val", "test"].filter {
        Paths.contents(of: Paths.join(path, $0)).contains("images")
      }
      guard parts.count < 2 else {
        throw DataError(
          .badFormat(
            detail: "the pictures of \(parts.joined(separator: " and ")) would be one set; name"
              + " them in a .data file, 'train = \(parts[0])/images' and so on"), file: path)
      }
      return .images(path)
    }
    let names = contents.filter { $0.hasSuffix(".names") }
    var valid: String?
    for name in ["val", "valid", "test"] where valid == nil { valid = try classes(name) }
    return .classFolders(
      train: train, valid: valid,
      namesFile: names.count == 1 ? Paths.join(path, names[0]) : nil)
  }
}

extension DetectionDataSet {
  /// A part of whatever the path stands for; a list or a folder of images is every part.
  ///
  /// - Parameter classNames: of a list or folder, which name none themselves; nil takes those of a file
  ///   that a labelling program left with them.
  /// - Throws: `DataError`, also for folders of classes, which have no boxes.
  public init(
    path: String, part: DataSetPart, classNames: [String]? = nil, policy: FaultPolicy = .skip
  ) throws(DataError) {
    switch try DataLocation(path) {
    case .data(let file): try self.init(file, part: part, policy: policy)
    case .list(let list), .images(let list):
      var names = classNames
      if names == nil { names = try NamesFiles.names(for: list) }
      try self.init(list: list, classNames: names, policy: policy)
    case .classFolders:
      throw DataError(
        .badFormat(detail: "folders of classes have no boxes, a detector needs some"), file: path)
    }
  }
}

extension ClassificationDataSet {
  /// A part of whatever the path stands for; a list is every part.
  ///
  /// - Parameter classNames: of a list, which names none itself.
  /// - Throws: `DataError`.
  public init(
    path: String, part: DataSetPart, classNames: [String]? = nil, policy: FaultPolicy = .skip
  ) throws(DataError) {
    switch try DataLocation(path) {
    case .data(let file): try self.init(file, part: part, policy: policy)
    case .classFolders(let train, let valid, let namesFile):
      if part == .valid, valid == nil {
        throw DataError(.noValidation(isFolder: true), file: path)
      }
      // Validation without names of its own must not number its classes differently.
      var names = classNames
      if names == nil, let namesFile {
        names = try [String](namesFile: namesFile, foundIn: path)
      }
      if names == nil { names = try Self(folder: train).classNames }
      try self.init(
        folder: part == .train ? train : valid ?? train, classNames: names, policy: policy)
    case .images(let folder):
      try self.init(folder: folder, classNames: classNames, policy: policy)
    case .list(let list):
      guard let classNames else {
        throw DataError(
          .badFormat(detail: "a list of images names no classes; give a .data file"), file: path)
      }
      try self.init(list: list, classNames: classNames, policy: policy)
    }
  }
}
